import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Router } from 'express';

/** The queue board: what waits, runs and failed; changes nothing. `queues`: BullMQ's own objects. */
export function createBoard(path: string, queues: readonly unknown[]): Router {
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(path);
  createBullBoard({
    // The board's types name one backend's queue; ours may be another's.
    queues: queues.map(queue => new BullMQAdapter(queue as never, { readOnlyMode: true, allowRetries: false })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Winnow' } },
  });
  return serverAdapter.getRouter() as Router;
}
