import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRound } from '../../src/cli/run-rounds.ts';
import type { Store } from '../../src/store/open-store.ts';
import { free, held, limits, moved, ranked, settled, standing, unpinned } from '../support/drag-rounds.ts';
import { openTestStore, trackers, type Backlog } from '../support/two-sites.ts';

const open: Backlog[] = [];
let store: Store;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
afterEach(async () => {
  for (const backlog of open.splice(0)) await backlog.close();
});

describe.each(trackers)('people who drag items on an emulated %s', tracker => {
  async function aBacklog(): Promise<{ backlog: Backlog; first: CommandRound }> {
    const made = await settled(tracker, store);
    open.push(made.backlog);
    return made;
  }

  /** The lowest free item is dragged to the top. */
  async function dragged(): Promise<{ backlog: Backlog; key: string }> {
    const { backlog, first } = await aBacklog();
    const key = free(first).at(-1) ?? '';
    backlog.drag(key, ranked(first)[0] ?? '');
    backlog.later(1);
    return { backlog, key };
  }

  it('a drag while the backlog only observes holds when it is applied', async () => {
    const backlog = await unpinned(tracker, store, `mode: observe, ${limits}`);
    open.push(backlog);
    const first = await backlog.round();
    const key = free(first).at(-1) ?? '';
    backlog.drag(key, standing(first)[0] ?? '');
    backlog.later(1);
    const seen = await backlog.round();
    expect(seen.report).toMatchObject({ status: 'observed', calls: { write: 0 } });
    backlog.later(24);

    const applied = await backlog.round({ apply: true });

    expect(held(applied)).toEqual({ [key]: 'drag' });
    expect(moved(applied)).not.toContain(key);
    expect((await backlog.picture())[0]?.key).toBe(key);
  });

  it('of many items that a person ranks at once, those against the model hold, and all stay', async () => {
    const { backlog, first } = await aBacklog();
    const [top = ''] = ranked(first);
    const many = free(first).slice(-12);
    for (const key of many) backlog.drag(key, top);
    const order = backlog.order();
    backlog.later(1);

    const round = await backlog.round();

    expect(Object.keys(held(round)).sort()).toEqual([...many].sort());
    expect(moved(round)).toEqual([]);
    expect(backlog.order()).toEqual(order);
  });

  it('order values that the tracker writes anew pin nothing and move nothing', async () => {
    const { backlog } = await aBacklog();
    backlog.renumber();
    const order = backlog.order();
    backlog.later(1);

    for (const sweep of [false, true]) {
      const round = await backlog.round({ sweep });
      expect(held(round)).toEqual({});
      expect(round.report).toMatchObject({ status: 'nothing-to-do', calls: { write: 0 } });
    }
    expect(backlog.order()).toEqual(order);
  });

  it('an item dragged out of a sprint is no pin', async () => {
    const { backlog, first } = await aBacklog();
    const key = free(first).at(-1) ?? '';
    backlog.toSprint(key);
    backlog.later(1);
    expect(ranked(await backlog.round())).not.toContain(key);
    backlog.dragFromSprint(key, ranked(first)[0] ?? '');
    backlog.later(1);

    const round = await backlog.round();

    expect(standing(round)[0]).toBe(key);
    expect(held(round)).toEqual({});
    expect(moved(round)).toEqual([key]);
  });

  it('a drag that the person undoes pins nothing', async () => {
    const { backlog, first } = await aBacklog();
    const [key = '', below = ''] = free(first).slice(-2);
    const after = backlog.order()[backlog.order().indexOf(key) + 1] ?? '';
    expect(below).not.toBe('');
    backlog.drag(key, ranked(first)[0] ?? '');
    backlog.drag(key, after);
    backlog.later(1);

    const round = await backlog.round();

    expect(held(round)).toEqual({});
    expect(moved(round)).toEqual([]);
  });

  it('a drag back, seen after a round that held it, ends where the person put it', async () => {
    const { backlog, first } = await aBacklog();
    const key = free(first).at(-2) ?? '';
    const after = backlog.order()[backlog.order().indexOf(key) + 1] ?? '';
    const order = backlog.order();
    backlog.drag(key, ranked(first)[0] ?? '');
    backlog.later(1);
    expect(held(await backlog.round())).toEqual({ [key]: 'drag' });
    backlog.drag(key, after);
    backlog.later(1);

    const round = await backlog.round();

    expect(moved(round)).toEqual([]);
    expect(backlog.order()).toEqual(order);
  });

  it('a drag holds to the end of its last calendar day', async () => {
    const { backlog, key } = await dragged();
    expect(held(await backlog.round())).toEqual({ [key]: 'drag' });
    // Dragged at 12:00 on 30 March; fourteen days end with 12 April.
    backlog.later(13 * 24 + 10);
    expect(backlog.world.now.toISOString()).toBe('2026-04-12T23:00:00.000Z');
    expect(held(await backlog.round())).toEqual({ [key]: 'drag' });
    backlog.later(2);

    const released = await backlog.round();

    expect(held(released)).toEqual({});
    expect(moved(released)).toContain(key);
  });

  it('the journal names no person', async () => {
    const { backlog, key } = await dragged();
    const { journal } = backlog.world.store;
    backlog.removeLabel(
      backlog.order().find(one => backlog.labels(one).includes('winnow-stale')) ?? '',
      'winnow-stale',
    );
    backlog.addLabelAsOwner(key, 'winnow-stale');
    backlog.later(1);
    const round = await backlog.round({ sweep: true });
    expect(round.study?.pulled.strangers).toHaveLength(1);

    const rounds = await journal.rounds({ backlog: backlog.name });
    const effects = await Promise.all(rounds.map(({ id }) => journal.effects({ round: id })));
    const audits = [...(await journal.auditOf(rounds.map(({ id }) => id))).values()];
    const kept = JSON.stringify([
      rounds,
      effects,
      audits,
      await backlog.world.store.state.pauses(backlog.name, backlog.world.now),
    ]);

    expect(effects.flat().length).toBeGreaterThan(20);
    expect(kept).toContain('by our account');
    for (const name of backlog.people()) expect(kept).not.toContain(name);
  });

  it('a pin label holds until it goes', async () => {
    const { backlog, first } = await aBacklog();
    const key = free(first).at(-1) ?? '';
    backlog.addLabel(key, 'winnow-pin');
    backlog.later(1);
    expect(held(await backlog.round())).toEqual({ [key]: 'pin' });
    backlog.raise(key);
    backlog.later(60 * 24);
    const pinned = await backlog.round();
    expect(held(pinned)).toEqual({ [key]: 'pin' });
    expect(ranked(pinned).indexOf(key)).toBe(ranked(first).indexOf(key));
    backlog.removeLabel(key, 'winnow-pin');
    backlog.later(1);

    const released = await backlog.round();

    expect(held(released)).toEqual({});
    expect(moved(released)).toContain(key);
    expect(backlog.labels(key)).not.toContain('winnow-pin');
  });

  it.each(['remove', 'moveAway', 'startWork'] as const)('a held item may leave: %s', async act => {
    const { backlog, key } = await dragged();
    const round = await backlog.round();
    expect(held(round)).toEqual({ [key]: 'drag' });
    const others = ranked(round).filter(other => other !== key);
    backlog[act](key);
    backlog.later(1);

    // What is gone shows to a sweep only, at the latest.
    const soon = await backlog.round();
    const swept = await backlog.round({ sweep: true });

    for (const round of [soon, swept]) {
      expect(moved(round)).toEqual([]);
      expect(round.report.outcomes.failed).toBe(0);
    }
    expect(held(swept)).toEqual({});
    expect(ranked(swept)).toEqual(others);
  });

  it('a drag by the owner of the token between two rounds that write holds', async () => {
    const { backlog, first } = await aBacklog();
    const key = free(first).at(-1) ?? '';
    backlog.drag(key, ranked(first)[0] ?? '', 'owner');
    backlog.raise(free(first).at(-2) ?? '');
    backlog.later(1);

    const round = await backlog.round();

    expect(moved(round)).toEqual([free(first).at(-2)]);
    expect(held(round)).toEqual({ [key]: 'drag' });
    expect(held(await backlog.round({ sweep: true }))).toEqual({ [key]: 'drag' });
  });

  it('new items without a place are sorted in, and what a person drags past them holds alone', async () => {
    const { backlog, first } = await aBacklog();
    const created = [1, 2, 3].map(n => backlog.create(`Idea ${n}`));
    const [top = ''] = free(first);
    backlog.dragDown(top);
    backlog.later(1);

    const round = await backlog.round();

    expect(ranked(round)).toEqual(expect.arrayContaining(created));
    expect(held(round)).toEqual({ [top]: 'drag' });
    expect(held(await backlog.round({ sweep: true }))).toEqual({ [top]: 'drag' });
  });
});
