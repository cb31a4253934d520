import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, itemRef, value, type BacklogItem, type ItemRef } from '../../src/item.ts';
import { aField, alice, anItem } from '../support/items.ts';
import { aWorld, type World } from '../support/round-world.ts';

const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const ref = (n: number): ItemRef => itemRef('jira', n);
const day = 86_400_000;
const start = Date.UTC(2026, 5, 1, 10);

const item = fc.record({
  priority: fc.constantFrom(...scheme),
  effort: fc.option(fc.integer({ min: -1, max: 20 }), { nil: null }),
  votes: fc.nat(30),
  idle: fc.nat(400),
  words: fc.nat(30),
  order: fc.option(fc.nat(9), { nil: null }),
  doing: fc.boolean(),
  label: fc.option(fc.constantFrom('winnow-stale', 'winnow-prune', 'ux', 'winnow-pin', 'frozen'), { nil: null }),
  blocker: fc.option(fc.nat(11), { nil: null }),
});

function build(specs: readonly (typeof item extends fc.Arbitrary<infer T> ? T : never)[]): BacklogItem[] {
  return specs.map((spec, i) => {
    const at = new Date(start - spec.idle * day);
    return anItem({
      id: i + 1,
      order: spec.order === null ? null : spec.order * 100,
      priority: value({ name: spec.priority, scheme }),
      effort: spec.effort === null ? absent : value(spec.effort),
      demand: value(spec.votes),
      words: spec.words,
      createdAt: at,
      changedAt: at,
      progress: spec.doing && spec.votes > 20 ? 'doing' : 'todo',
      labels: spec.label === null ? [] : [spec.label],
      blockedBy: spec.blocker === null ? [] : [ref(spec.blocker + 1)],
    });
  });
}

const backlog = fc.array(item, { minLength: 1, maxLength: 12 }).map(build);

function settled(items: readonly BacklogItem[]): World {
  const world = aWorld(items, new Date(start));
  world.settings = {
    ...world.settings,
    limits: { ...world.settings.limits, quietMinutes: 0, writesPerItemPerDay: 10_000 },
  };
  return world;
}

describe('sync/laws', () => {
  it('a second round with nothing changed writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(backlog, fc.boolean(), async (items, sweep) => {
        const world = settled(items);
        const first = await world.round();
        expect(first.report.problems.filter(p => p.ref === null)).toEqual([]);
        const writes = world.tracker.calls.write;

        const second = await world.round({ sweep });

        expect(second.report.changes).toEqual([]);
        expect(world.tracker.calls.write).toBe(writes);
      }),
      { seed: 21, numRuns: 300 },
    );
  });

  it('after a round, planning finds nothing left to do', async () => {
    await fc.assert(
      fc.asyncProperty(backlog, async items => {
        const world = settled(items);
        await world.round();

        const { study } = await world.round({ purpose: 'plan', sweep: true });

        expect(study?.desired.order).toEqual(study?.desired.current);
      }),
      { seed: 22, numRuns: 200 },
    );
  });

  it('the order in which items arrive changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(backlog, fc.infiniteStream(fc.nat(1_000)), async (items, keys) => {
        const shuffled = items
          .map(i => [keys.next().value as number, i] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, i]) => i);

        const [one, other] = [
          await settled(items).round({ purpose: 'plan' }),
          await settled(shuffled).round({ purpose: 'plan' }),
        ];

        expect(other.report.changes).toEqual(one.report.changes);
      }),
      { seed: 23, numRuns: 150 },
    );
  });

  it('daily rounds over months write little, and nothing back and forth', async () => {
    const world = settled(
      build(
        [...Array(12).keys()].map(i => ({
          priority: scheme[i % 5] ?? 'Medium',
          effort: i % 3 === 0 ? null : i,
          votes: i,
          idle: 20 * i,
          words: 20,
          order: i,
          doing: false,
          label: null,
          blocker: null,
        })),
      ),
    );
    const perItem = new Map<string, string[]>();
    for (let d = 0; d < 200; d++) {
      world.now = new Date(start + d * day);
      const { report } = await world.round({ sweep: d % 7 === 0 });
      expect(report.status).not.toBe('failed');
      for (const change of report.changes)
        perItem.set(change.key, [
          ...(perItem.get(change.key) ?? []),
          `${change.kind} ${change.kind === 'move' ? '' : change.to}`,
        ]);
      if (d === 100) world.tracker.edit(ref(3), { effort: value(5) }, alice, [aField()]);
    }
    // SHOP-3 was edited half-way, so it may go stale a second time.
    for (const [key, changes] of perItem) {
      const labels = changes.filter(c => c.startsWith('label-add'));
      if (key !== 'SHOP-3') expect(new Set(labels).size).toBe(labels.length);
      expect(changes.length).toBeLessThanOrEqual(8);
    }
  });
});
