import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { itemRef, type ItemRef } from '../../src/item.ts';
import type { Log } from '../../src/log.ts';
import { comeForAnnounced } from '../../src/service/announced.ts';
import type { Touched } from '../../src/store/touched.ts';
import { createInMemoryQueue } from '../support/in-memory-queue.ts';

const { backlogs } = parseConfig(
  `
connections: { acme: { url: https://acme.atlassian.net, auth: { email: a@example.com, apiToken: jira-token } } }
backlogs: { shop: { board: 1 }, web: { board: 2 } }
`,
  'winnow.yaml',
  {},
);

function aTouched(refs: Readonly<Record<string, readonly ItemRef[]>>): Touched {
  return {
    note: () => Promise.resolve(),
    pending: backlog => Promise.resolve({ refs: refs[backlog] ?? [], mark: 1 }),
    forget: () => Promise.resolve(),
  };
}

describe('service/announced', () => {
  const store = { touched: aTouched({ web: [itemRef('jira', 1)] }) };
  const told: string[] = [];
  const say: Log['info'] = (_, message) => void told.push(message);
  const log: Log = { debug: say, info: say, warn: say, error: say };

  test('backlogs with items that nobody has read yet get a round', async () => {
    const queue = createInMemoryQueue();

    await comeForAnnounced({ backlogs, store, queue, log });

    expect(queue.enqueued.map(({ job }) => [job.backlog, job.reason, job.sweep])).toEqual([['web', 'webhook', false]]);
  });

  test('a queue that is away is told, and stops nothing', async () => {
    const queue = createInMemoryQueue();
    queue.breakDown(new Error('away'));

    await comeForAnnounced({ backlogs, store, queue, log });

    expect(told).toEqual([expect.stringContaining('wait for the next schedule')]);
  });
});
