import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { explainItem } from '../../src/cli/explain-item.ts';
import type { Explanation } from '../../src/cli/explanation.ts';
import type { CommandRound } from '../../src/cli/command-round.ts';
import type { ItemRef } from '../../src/item.ts';
import type { Store } from '../../src/store/open-store.ts';
import { free, held, moved, ranked, settled } from '../support/drag-rounds.ts';
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

describe.each(trackers)('what is told of drags on an emulated %s', tracker => {
  async function aBacklog(): Promise<{ backlog: Backlog; first: CommandRound }> {
    const made = await settled(tracker, store);
    open.push(made.backlog);
    return made;
  }

  const explained = ({ world }: Backlog, round: CommandRound, key: string): Explanation => {
    const found = [...(round.study?.pulled.states ?? [])].find(([, { item }]) => item.key === key);
    return explainItem(round, found?.[0] as ItemRef, world.context.modelOf(round.settings), []);
  };
  const asked = (backlog: Backlog): Promise<CommandRound> => backlog.round({ purpose: 'explain', memory: 'first' });

  it('an item dragged to the top says who put it there and until when', async () => {
    const { backlog, first } = await aBacklog();
    const key = free(first).at(-1) ?? '';
    backlog.drag(key, ranked(first)[0] ?? '');
    backlog.later(1);

    const round = await backlog.round();

    expect(explained(backlog, round, key)).toMatchObject({
      // Calendar days: it ends with the fourteenth, whatever the hour of the drag.
      hold: { kind: 'drag', by: 'Ada Park', until: '2026-04-13T00:00:00.000Z' },
      place: { now: 1, desired: 1 },
      changed: { effects: [{ what: 'place', to: '1' }] },
    });
  });

  it('a drag inside a band needs no hold, and is left alone', async () => {
    const { backlog, first } = await aBacklog();
    const bandOf = (key: string): number | null => explained(backlog, first, key).band;
    const keys = ranked(first);
    const i = keys.findIndex(
      (key, n) => n > 0 && bandOf(key) === bandOf(keys[n - 1] ?? '') && free(first).includes(key),
    );
    backlog.drag(keys[i] ?? '', keys[i - 1] ?? '');
    const order = backlog.order();
    backlog.later(1);

    const round = await backlog.round();

    expect([held(round), moved(round)]).toEqual([{}, []]);
    expect(backlog.order()).toEqual(order);
  });

  it('a drag seen while paused holds when writing goes on, and dragging again renews it', async () => {
    const { backlog, first } = await aBacklog();
    const { state } = backlog.world.store;
    const key = free(first).at(-1) ?? '';
    await state.pause(backlog.name, { reason: 'person', by: 'test', since: backlog.world.now, until: null });
    backlog.drag(key, ranked(first)[0] ?? '');
    backlog.later(1);
    await backlog.round();
    backlog.later(3 * 24);
    await state.resume(backlog.name, { at: backlog.world.now, by: 'test' });

    const resumed = await backlog.round();
    expect([held(resumed), moved(resumed)]).toEqual([{ [key]: 'drag' }, []]);
    expect(explained(backlog, resumed, key).hold?.until).toBe('2026-04-13T00:00:00.000Z');

    backlog.drag(key, ranked(resumed)[3] ?? '');
    backlog.later(1);
    const again = await backlog.round();

    expect(moved(again)).toEqual([]);
    expect(explained(backlog, again, key)).toMatchObject({
      hold: { until: '2026-04-16T00:00:00.000Z' },
      place: { now: 3 },
    });
  });

  it('a question about an item does not use up the news of it', async () => {
    const { backlog, first } = await aBacklog();
    const key = free(first).at(-1) ?? '';
    backlog.drag(key, ranked(first)[0] ?? '');
    backlog.later(1);

    for (const round of [await asked(backlog), await asked(backlog)]) {
      expect(explained(backlog, round, key)).toMatchObject({ hold: { kind: 'drag' } });
      expect(explained(backlog, round, key).changed?.text).toContain('place');
    }
    expect(held(await backlog.round())).toEqual({ [key]: 'drag' });
  });
});
