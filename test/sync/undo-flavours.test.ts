import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemRef, value, type ItemRef } from '../../src/item.ts';
import { silentLog } from '../../src/log.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import { reconcile } from '../../src/sync/reconcile.ts';
import type { RoundParts } from '../../src/sync/round.ts';
import { undo } from '../../src/sync/undo.ts';
import { createFlavouredTracker } from '../support/flavoured-tracker.ts';
import type { Flavour } from '../support/flavoured-writes.ts';
import { createInMemoryJournal, createInMemoryState } from '../support/in-memory-store.ts';
import { alice, anItem } from '../support/items.ts';
import { someSettings } from '../support/round-world.ts';

const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const hour = 3_600_000;
const begin = Date.UTC(2026, 5, 1, 10);

interface Drag {
  readonly item: number;
  readonly to: number;
}

/** A round, an hour later some drags, another hour later the undo. Tells the orders before and after. */
async function roundAndUndo(flavour: Flavour, levels: readonly number[], drags: readonly Drag[]) {
  const at = new Date(begin - 300 * 24 * hour);
  const items = levels.map((level, i) =>
    anItem({
      id: i + 1,
      ref: itemRef(flavour, i + 1),
      priority: value({ name: scheme[level] ?? 'Medium', scheme }),
      createdAt: at,
      changedAt: at,
    }),
  );
  let now = begin;
  const tracker = createFlavouredTracker(flavour, items, new Date(now));
  const [journal, state] = [createInMemoryJournal(), createInMemoryState()];
  const settings = someSettings({ mode: 'apply' });
  let rounds = 0;
  const parts: RoundParts = {
    connection: tracker.connection,
    backlog: tracker.backlog,
    state,
    journal,
    clock: { now: () => new Date(now++) },
    log: silentLog,
    newRoundId: () => `r${++rounds}`,
    progress: () => undefined,
    signal: new AbortController().signal,
    ignoreActors: [],
  };
  const later = (): void => void (tracker.now = new Date((now += hour)));
  const request = { settings, model: builtinModel, purpose: 'run', apply: true, sweep: false, touched: [] } as const;
  const before = tracker.order();
  const first = await reconcile({ ...request, liftLimits: true, otherWriters: [], savedPlan: null }, parts);
  later();
  const dragged = new Set<ItemRef>();
  for (const { item, to } of drags) {
    const ref = itemRef(flavour, (item % levels.length) + 1);
    if (tracker.drag(ref, to % levels.length, alice) !== null) dragged.add(ref);
  }
  later();
  const target = await journal.journaledRound(first.report.id);
  if (target === null) throw new Error('the round is not in the journal');
  const undone = await undo({ settings, model: builtinModel, target, by: 'alice', purpose: 'run' }, parts);
  const labels = [...tracker.items.values()].flatMap(held => held.item.labels);
  return { before, dragged, first, undone, labels, order: tracker.order() };
}

const story = fc.record({
  levels: fc.array(fc.nat(4), { minLength: 2, maxLength: 14 }),
  drags: fc.array(fc.record({ item: fc.nat(20), to: fc.nat(20) }), { maxLength: 3 }),
});

describe.each<Flavour>(['jira', 'azure-devops'])('sync/undo with places as %s tells them', flavour => {
  it('the order comes back around what people dragged, which nobody moves', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ levels, drags }) => {
        const { before, dragged, undone, order, labels } = await roundAndUndo(flavour, levels, drags);

        expect(undone.error).toBeNull();
        expect(['applied', 'nothing-to-do']).toContain(undone.report.status);
        expect(undone.report.changes.filter(c => c.kind === 'move' && dragged.has(c.ref))).toEqual([]);
        const others = (refs: readonly ItemRef[]): readonly ItemRef[] => refs.filter(ref => !dragged.has(ref));
        expect(others(order)).toEqual(others(before));
        expect(labels).toEqual([]);
      }),
      { seed: 61, numRuns: 150 },
    );
  });

  it('without drags it is the order from before, with no more moves than the round made', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ levels }) => {
        const { before, first, undone, order } = await roundAndUndo(flavour, levels, []);

        const moves = (r: typeof first): number => r.report.changes.filter(c => c.kind === 'move').length;
        expect(order).toEqual(before);
        expect(moves(undone)).toBeLessThanOrEqual(moves(first));
        expect(undone.report.problems).toEqual([]);
      }),
      { seed: 62, numRuns: 100 },
    );
  });
});
