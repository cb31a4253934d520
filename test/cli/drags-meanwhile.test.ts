import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRound } from '../../src/cli/run-rounds.ts';
import type { Store } from '../../src/store/open-store.ts';
import { free, held, moved, ranked, settled, waiting } from '../support/drag-rounds.ts';
import { openTestStore, trackers, type Backlog } from '../support/two-sites.ts';

const open: Backlog[] = [];
let store: Store;
/** Done once, when a round has decided and is about to write. */
let meanwhile: (() => void) | null = null;

beforeAll(async () => {
  const plain = await openTestStore();
  const journal: Store['journal'] = {
    ...plain.journal,
    async recordPlan(round, plan) {
      await plain.journal.recordPlan(round, plan);
      meanwhile?.();
      meanwhile = null;
    },
  };
  store = { ...plain, journal };
});
afterAll(() => store.close());
afterEach(async () => {
  expect(meanwhile).toBeNull();
  for (const backlog of open.splice(0)) await backlog.close();
});

describe.each(trackers)('people who drag items of an emulated %s during a round', tracker => {
  async function aBacklog(): Promise<{ backlog: Backlog; first: CommandRound }> {
    const made = await settled(tracker, store);
    open.push(made.backlog);
    return made;
  }

  // Jira's rank call has no guard: what was read some seconds ago is looked at once more before it is moved.
  const slowly = tracker === 'jira' ? 4 / 3600 : 0;

  it('an item dragged between our reading and our writing of it stays where it was put', async () => {
    const { backlog, first } = await aBacklog();
    const raised = free(first).at(-1) ?? '';
    const anchor = ranked(first)[4] ?? '';
    backlog.raise(raised);
    backlog.later(1);
    meanwhile = () => {
      backlog.drag(raised, anchor);
      backlog.later(slowly);
    };

    const round = await backlog.round();

    expect(waiting(round)).toEqual([[raised, 'quiet']]);
    expect(backlog.order().indexOf(raised)).toBe(backlog.order().indexOf(anchor) - 1);
    backlog.later(1);
    const next = await backlog.round();
    expect(held(next)).toEqual({ [raised]: 'drag' });
    expect(moved(next)).toEqual([]);
  });

  it.runIf(tracker === 'jira')(
    'a drag that we overwrote in the same moment is told by the next round, once',
    async () => {
      const { backlog, first } = await aBacklog();
      const raised = free(first).at(-1) ?? '';
      backlog.raise(raised);
      backlog.later(1);
      meanwhile = () => backlog.drag(raised, ranked(first)[4] ?? '');
      const round = await backlog.round();
      expect(moved(round)).toEqual([raised]);

      const told: boolean[] = [];
      for (const hours of [1, 1, 25]) {
        backlog.later(hours);
        const { report } = await backlog.round();
        told.push(report.problems.some(({ message }) => message.startsWith(`${raised}: somebody ranked it at 2026-`)));
      }

      expect(told).toEqual([true, false, false]);
    },
  );

  it('another item dragged during a round is seen by the next, and holds', async () => {
    const { backlog, first } = await aBacklog();
    const [key = '', raised = ''] = free(first).slice(-2);
    const anchor = ranked(first)[4] ?? '';
    backlog.raise(raised);
    backlog.later(1);
    meanwhile = () => backlog.drag(key, anchor);
    const round = await backlog.round();
    expect(moved(round)).toEqual([raised]);
    backlog.later(1);

    const next = await backlog.round();

    expect(held(next)).toEqual({ [key]: 'drag' });
    expect(moved(next)).toEqual([]);
  });
});
