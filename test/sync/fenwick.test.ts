import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCheapestGrid } from '../../src/sync/fenwick.ts';

interface Point {
  readonly row: number;
  readonly column: number;
}

const rows = 9;
const columns = 6;
const points = fc.array(fc.record({ row: fc.nat(rows - 1), column: fc.nat(columns - 1) }), { maxLength: 30 });

/** Looks at every point: the cheapest in the corner, of equals the smallest. */
function lookedUp(known: readonly Point[], costs: Float64Array, corner: Point): number {
  let found = -1;
  known.forEach(({ row, column }, point) => {
    if (row > corner.row || column > corner.column) return;
    if (found < 0 || (costs[point] ?? 0) < (costs[found] ?? 0)) found = point;
  });
  return found;
}

describe('sync/fenwick', () => {
  it('finds the cheapest point of a corner after every put', () => {
    const prices = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 30, maxLength: 30 });
    const arrival = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(points, prices, arrival, (known, price, next) => {
        const costs = Float64Array.from(price);
        const grid = createCheapestGrid(rows, columns, costs);
        const waiting = known.map((_, point) => point);
        const put = new Set<number>();
        while (waiting.length > 0) {
          const [point] = waiting.splice((next.next().value ?? 0) % waiting.length, 1) as [number];
          grid.put(known[point]?.row ?? 0, known[point]?.column ?? 0, point);
          put.add(point);
          const present = known.map((at, i) => (put.has(i) ? at : { row: Infinity, column: Infinity }));
          for (const corner of [known[point] as Point, { row: rows - 1, column: columns - 1 }, { row: 4, column: 2 }]) {
            expect(grid.cheapest(corner.row, corner.column)).toBe(lookedUp(present, costs, corner));
          }
        }
      }),
      { seed: 31 },
    );
  });

  it('an empty corner has no point', () => {
    const grid = createCheapestGrid(2, 2, Float64Array.of(5));
    grid.put(1, 1, 0);

    expect([grid.cheapest(0, 1), grid.cheapest(1, 0), grid.cheapest(-1, 1), grid.cheapest(1, 1)]).toEqual([
      -1, -1, -1, 0,
    ]);
  });
});
