import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, value } from '../../src/item.ts';
import { anItem } from '../support/items.ts';
import { picture, pass, scored } from '../support/undo-world.ts';
import { aWorld, type World } from '../support/round-world.ts';

const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];

describe('sync/undo: laws', () => {
  const item = fc.record({
    priority: fc.constantFrom(...scheme),
    idle: fc.nat(400),
    effort: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
    order: fc.option(fc.nat(9), { nil: null }),
    label: fc.option(fc.constantFrom('winnow-stale', 'winnow-prune', 'ux', 'winnow-pin'), { nil: null }),
    score: fc.option(fc.nat(100), { nil: null }),
  });
  const backlog = fc.array(item, { minLength: 1, maxLength: 12 }).map(specs =>
    specs.map((spec, i) =>
      anItem({
        id: i + 1,
        // Distinct values, or none: what shares a value has no place of its own to go back to.
        order: spec.order === null ? null : spec.order * 100 + i,
        priority: value({ name: spec.priority, scheme }),
        effort: spec.effort === null ? absent : value(spec.effort),
        createdAt: new Date(Date.UTC(2026, 5, 1) - spec.idle * 86_400_000),
        changedAt: new Date(Date.UTC(2026, 5, 1) - spec.idle * 86_400_000),
        labels: spec.label === null ? [] : [spec.label],
        scoreField: spec.score === null ? absent : value(spec.score),
      }),
    ),
  );
  const order = (world: World) => world.round({ purpose: 'plan' }).then(r => r.study?.desired.current ?? []);

  it('undo gives back what was before, undo of the undo what was after', async () => {
    await fc.assert(
      fc.asyncProperty(backlog, async items => {
        const world = scored(aWorld(items));
        const orderBefore = await order(world);
        const before = new Map(picture(world).map(p => [p.key, p]));
        const first = await world.round();
        const after = picture(world);
        pass(world, 60);
        if (first.report.changes.length === 0) return;

        const second = await world.undo(first.report.id);
        expect(second.report).toMatchObject({ status: 'applied', problems: [] });
        expect(new Map(picture(world).map(p => [p.key, p]))).toEqual(before);
        expect(await order(world)).toEqual(orderBefore);
        const moves = (r: typeof first) => r.report.changes.filter(c => c.kind === 'move').length;
        expect(moves(second)).toBeLessThanOrEqual(moves(first));

        pass(world, 60);
        await world.undo(second.report.id);
        expect(picture(world)).toEqual(after);
      }),
      { seed: 51, numRuns: 150 },
    );
  });
});
