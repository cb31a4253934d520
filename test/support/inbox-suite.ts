import { describe, expect, test } from 'vitest';
import { itemRef } from '../../src/item.ts';
import type { Delivery, DeliveryBatch } from '../../src/store/note-deliveries.ts';
import type { Store } from '../../src/store/open-store.ts';
import { anItem } from './items.ts';
import { aMeta, aState } from './store-values.ts';

const noon = new Date('2026-11-24T12:00:00Z');
const later = (hours: number): Date => new Date(noon.getTime() + hours * 3_600_000);
const ref = (id: number) => itemRef('jira', id);
let serial = 0;
const named = (word: string): string => `${word} ${++serial}`;

type Told = Omit<DeliveryBatch, 'deliveries'> & Delivery;

function aDelivery(over: Partial<Told> = {}): Told {
  const empty = { backlogs: [], refs: [], sprints: [], candidates: [], moved: false };
  return { connection: named('site'), id: named('d'), at: noon, ...empty, ...over };
}

/** What the inbox and the memory of its honesty promise, whatever database holds them. */
export function inboxSuite(open: () => Store): void {
  const touchedOf = async (backlog: string): Promise<readonly string[]> =>
    [...(await open().touched.pending(backlog)).refs].sort();
  /** Notes one delivery; null: it was settled. */
  const note = async ({ connection, backlogs, ...delivery }: Told): Promise<readonly string[] | null> =>
    (await open().inbox.note({ connection, backlogs, deliveries: [delivery] })).get(delivery.id) ?? null;
  const aBacklog = async (items: readonly Parameters<typeof anItem>[0][]): Promise<string> => {
    const backlog = named('inbox backlog');
    const put = items.map((item, i) => ({ ...aState(i), item: anItem(item) }));
    await open().state.save(backlog, { meta: aMeta(), put, drop: [] });
    return backlog;
  };

  describe('inbox', () => {
    test('an item is noted for every backlog that holds it, and no other', async () => {
      const [a, b, c] = [
        await aBacklog([{ id: 1 }, { id: 2 }]),
        await aBacklog([{ id: 1 }]),
        await aBacklog([{ id: 3 }]),
      ];

      const noted = await note(aDelivery({ backlogs: [a, b, c], refs: [ref(1)] }));

      expect(noted).toEqual([a, b].sort());
      expect(await Promise.all([a, b, c].map(touchedOf))).toEqual([['jira:1'], ['jira:1'], []]);
    });

    test('a backlog that is not asked about gets nothing', async () => {
      const [a, b] = [await aBacklog([{ id: 1 }]), await aBacklog([{ id: 1 }])];

      expect(await note(aDelivery({ backlogs: [b], refs: [ref(1)] }))).toEqual([b]);
      expect(await touchedOf(a)).toEqual([]);
    });

    test('an item that was dropped is not held', async () => {
      const backlog = await aBacklog([{ id: 1 }]);
      await open().state.save(backlog, { meta: aMeta(), put: [], drop: [ref(1)] });

      expect(await note(aDelivery({ backlogs: [backlog], refs: [ref(1)] }))).toEqual([]);
    });

    test('an item that nobody holds goes to its candidates; a moved one to them too', async () => {
      const [holder, other] = [await aBacklog([{ id: 1 }]), await aBacklog([])];
      const backlogs = [holder, other];
      const candidates = [1, 2].map(id => ({ ref: ref(id), backlog: other }));

      const stays = await note(aDelivery({ backlogs, refs: [ref(1), ref(2)], candidates }));
      expect([stays, await touchedOf(other)]).toEqual([[holder, other].sort(), ['jira:2']]);

      await note(aDelivery({ backlogs, refs: [ref(1)], candidates, moved: true }));
      expect(await touchedOf(other)).toEqual(['jira:1', 'jira:2']);
    });

    test('the items of a sprint are found by its name', async () => {
      const backlog = await aBacklog([
        { id: 1, sprint: 'S "1"' },
        { id: 2, sprint: 'S2', title: '"sprint":"gone" \u0000' },
        { id: 3 },
      ]);

      await note(aDelivery({ backlogs: [backlog], sprints: ['S "1"', 'gone'] }));

      expect(await touchedOf(backlog)).toEqual(['jira:1']);
    });

    test('the same delivery notes nothing a second time once it is settled', async () => {
      const backlog = await aBacklog([{ id: 1 }]);
      const delivery = aDelivery({ backlogs: [backlog], refs: [ref(1)] });
      await note(delivery);
      await open().inbox.settle(delivery.connection, [delivery.id, 'never heard of']);
      const { mark } = await open().touched.pending(backlog);
      await open().touched.forget(backlog, mark);

      expect(await note(delivery)).toBeNull();
      expect(await touchedOf(backlog)).toEqual([]);
      // Another connection counts on its own.
      expect(await note({ ...delivery, connection: named('site') })).toEqual([backlog]);
    });

    test('deliveries that are noted together keep their own items', async () => {
      const [a, b] = [await aBacklog([{ id: 1, sprint: 'S1' }, { id: 2 }]), await aBacklog([{ id: 2 }])];
      const { connection, backlogs, ...first } = aDelivery({ backlogs: [a, b], refs: [ref(1)] });
      const of = (over: Partial<Delivery>): Delivery => ({ ...first, id: named('d'), refs: [], ...over });
      const second = of({ refs: [ref(2)] });
      const third = of({ refs: [ref(2)], candidates: [1, 2, 3].map(id => ({ ref: ref(id), backlog: a })) });
      const nothing = of({});
      const bySprint = of({ sprints: ['S1'] });
      const settled = of({ refs: [ref(1)] });
      await note({ connection, backlogs: [], ...settled, refs: [] });
      await open().inbox.settle(connection, [settled.id]);

      const deliveries = [third, nothing, settled, second, bySprint, first];
      const noted = await open().inbox.note({ connection, backlogs, deliveries });

      const both = [a, b].sort();
      const expected: readonly (readonly [Delivery, readonly string[]])[] = [
        [first, [a]],
        [second, both],
        [third, both],
        [nothing, []],
        [bySprint, [a]],
      ];
      expect(noted).toEqual(new Map(expected.map(([{ id }, of_]) => [id, of_])));
      expect(await Promise.all([a, b].map(touchedOf))).toEqual([['jira:1', 'jira:2', 'jira:3'], ['jira:2']]);
    });

    test('a delivery that nobody settled is noted anew, its items once', async () => {
      const backlog = await aBacklog([{ id: 1 }]);
      const delivery = aDelivery({ backlogs: [backlog], refs: [ref(1)] });

      const noted = await Promise.all(Array.from({ length: 10 }, () => note(delivery)));

      expect(noted).toEqual(noted.map(() => [backlog]));
      expect(await touchedOf(backlog)).toEqual(['jira:1']);
    });

    test('an item announced while a round reads is kept for the next', async () => {
      const backlog = await aBacklog([{ id: 1 }]);
      await note(aDelivery({ backlogs: [backlog], refs: [ref(1)] }));
      const { mark } = await open().touched.pending(backlog);

      await note(aDelivery({ backlogs: [backlog], refs: [ref(1)] }));
      await open().touched.forget(backlog, mark);

      expect(await touchedOf(backlog)).toEqual(['jira:1']);
    });

    test('old deliveries go, the newest of each connection stays', async () => {
      const connection = named('site');
      const noteAt = (id: string, at: Date) => note(aDelivery({ connection, id, at }));
      expect(await open().inbox.newest(connection)).toBeNull();
      await noteAt('a', noon);
      await noteAt('b', later(1));

      await open().inbox.prune(later(100));

      expect(await open().inbox.newest(connection)).toEqual(later(1));
      expect(await noteAt('a', later(101))).toEqual([]);
    });

    test('projects are those of the keys', async () => {
      const [a, empty] = [
        await aBacklog([
          { id: 1, key: 'SHOP-1' },
          { id: 2, key: 'A-B-12', title: '"key":"NOT-1" \u0000\ud800' },
        ]),
        await aBacklog([]),
      ];

      expect(await open().inbox.projects([a, empty, 'never read'])).toEqual(
        new Map([
          [a, new Set(['A-B', 'SHOP'])],
          [empty, new Set()],
        ]),
      );
    });

    test('an own write explains one delivery, as often as that one asks', async () => {
      const connection = named('site');
      const claim = (delivery: string, ...effects: string[]) =>
        open().inbox.claim(connection, { delivery, effects, at: noon });

      expect(await claim('d1', 'w1', 'w2')).toBe(true);
      expect(await claim('d1', 'w1', 'w2')).toBe(true);
      expect(await claim('d2', 'w2')).toBe(false);
      expect(await open().inbox.echoes(connection, ['w1', 'w2', 'w3'])).toEqual(
        new Map([
          ['w1', 'd1'],
          ['w2', 'd1'],
        ]),
      );
    });
  });

  describe('refusals', () => {
    test('are counted as long as not more than a day lies between two', async () => {
      const connection = named('site');
      const { refusals } = open();
      expect(await refusals.of(connection)).toBeNull();

      await refusals.note(connection, { count: 2, at: noon, problem: 'first' });
      await refusals.note(connection, { count: 3, at: later(24), problem: 'second' });
      const known = { count: 5, since: noon, lastAt: later(24), problem: 'second' };
      expect(await refusals.of(connection)).toEqual(known);

      await refusals.note(connection, { count: 1, at: later(49), problem: 'third' });
      expect(await refusals.of(connection)).toEqual({
        count: 1,
        since: later(49),
        lastAt: later(49),
        problem: 'third',
      });
    });
  });

  describe('hearings', () => {
    test('sums of a connection since an instant, a month at most', async () => {
      const connection = named('site');
      const note = (announced: number, missed: number, at: Date) =>
        open().hearings.note({ round: named('r'), backlog: 'b', connection, at, announced, missed });
      expect(await open().hearings.since(connection, noon)).toEqual({ announced: 0, missed: 0 });
      await note(1, 10, noon);
      await note(2, 20, later(1));

      expect(await open().hearings.since(connection, later(1))).toEqual({ announced: 2, missed: 20 });
      expect(await open().hearings.since(connection, noon)).toEqual({ announced: 3, missed: 30 });

      await note(0, 1, later(24 * 31));
      expect(await open().hearings.since(connection, noon)).toEqual({ announced: 0, missed: 1 });
    });
  });
}
