import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/log.ts';
import { itemRef } from '../../src/item.ts';
import type { Announcement, Inbox } from '../../src/webhooks/ports.ts';
import { createReceive, type Received } from '../../src/webhooks/receive.ts';
import { createInMemoryInbox } from '../support/in-memory-inbox.ts';
import { createInMemoryQueue } from '../support/in-memory-queue.ts';

const config = parseConfig(
  `
connections: { acme: { url: https://acme.atlassian.net, auth: { email: a@example.com, apiToken: jira-token } } }
backlogs: { shop: { board: 1 } }
`,
  'winnow.yaml',
  {},
);

function aReceive(over: Partial<Inbox>) {
  const clock = { at: new Date('2026-11-25T10:00:00Z') };
  const receive = createReceive({
    backlogs: config.backlogs,
    debounce: config.service.webhooks,
    clock: { now: () => clock.at },
    log: silentLog,
    queue: createInMemoryQueue(),
    inbox: { ...createInMemoryInbox(), ...over },
    echoes: { explains: () => Promise.resolve(false) },
  });
  const [connection] = config.connections;
  let serial = 0;
  const announcement: Omit<Announcement, 'id'> = {
    ...{ at: null, sprints: [], boards: [], change: null, moved: false },
    items: [{ ref: itemRef('jira', 1), project: 'SHOP' }],
  };
  const hear = async (): Promise<Received | undefined> =>
    connection && receive(connection, { ...announcement, id: `d${++serial}` }, Buffer.from(''));
  const later = (seconds: number): void => {
    clock.at = new Date(clock.at.getTime() + seconds * 1000);
  };
  return { hear, later };
}

describe('webhooks/receive', () => {
  test('projects are asked for once a minute, and nobody waits for a second answer', async () => {
    const answers = [Promise.withResolvers<ReadonlyMap<string, ReadonlySet<string>>>()];
    let asked = 0;
    const projects: Inbox['projects'] = () => (answers[asked++] ??= Promise.withResolvers()).promise;
    const { hear, later } = aReceive({ projects });
    answers[0]?.resolve(new Map([['shop', new Set(['OTHER'])]]));

    expect([await hear(), await hear(), asked]).toEqual(['ignored', 'ignored', 1]);
    later(60);
    expect([await hear(), asked]).toEqual(['ignored', 2]);
    answers[1]?.resolve(new Map([['shop', new Set(['SHOP'])]]));
    await expect.poll(hear).toBe('accepted');
    expect(asked).toBe(2);
  });

  test('projects that could not be read are asked for again', async () => {
    let asked = 0;
    const projects: Inbox['projects'] = () =>
      asked++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve(new Map());
    const { hear } = aReceive({ projects });

    await expect(hear()).rejects.toThrow('away');
    expect(await hear()).toBe('accepted');
  });

  test('deliveries of more than a day ago are forgotten, hourly and beside the work', async () => {
    const before: Date[] = [];
    const prune: Inbox['prune'] = at => {
      before.push(at);
      return Promise.reject(new Error('away'));
    };
    const { hear, later } = aReceive({ prune });

    await hear();
    later(3599);
    await hear();
    later(1);
    await hear();

    expect(before).toEqual([new Date('2026-11-24T10:00:00Z'), new Date('2026-11-24T11:00:00Z')]);
  });
});
