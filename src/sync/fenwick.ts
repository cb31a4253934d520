/** Points in a grid, each with a cost; tells the cheapest point in a corner of the grid. */
export interface CheapestGrid {
  /** Puts a point at (row, column), both from 0. Its cost must be known by now and never change. */
  put(row: number, column: number, point: number): void;
  /** The cheapest point with row' <= row and column' <= column, of equals the smallest; -1 when there is none. */
  cheapest(row: number, column: number): number;
}

/**
 * Fenwick (binary indexed) tree in two dimensions, for minima: O(log rows x log columns) each way, in one typed array.
 * Cells hold points, not costs, so that costs keep the whole precision of a number.
 *
 * `costs[point]` is the cost of a point.
 */
export function createCheapestGrid(rows: number, columns: number, costs: Float64Array): CheapestGrid {
  const width = columns + 1;
  const cells = new Int32Array((rows + 1) * width).fill(-1);
  return {
    put(row, column, point) {
      const cost = costs[point] as number;
      // A cell that is cheap enough already stands for all cells that contain it: those to its right, and those below.
      let end = columns;
      for (let r = row + 1; r <= rows && end > column; r += r & -r) {
        for (let c = column + 1; c <= end; c += c & -c) {
          const at = r * width + c;
          const known = cells[at] as number;
          const best = known < 0 ? Infinity : (costs[known] as number);
          if (cost < best || (cost === best && point < known)) cells[at] = point;
          else end = c - 1;
        }
      }
    },
    cheapest(row, column) {
      let found = -1;
      let least = Infinity;
      for (let r = row + 1; r > 0; r -= r & -r) {
        for (let c = column + 1; c > 0; c -= c & -c) {
          const point = cells[r * width + c] as number;
          if (point < 0) continue;
          const cost = costs[point] as number;
          if (cost > least || (cost === least && point > found)) continue;
          found = point;
          least = cost;
        }
      }
      return found;
    },
  };
}
