/** Prefix minima over a grid, updated point by point. O(log rows x log columns) each way, in one typed array. */
export interface MinGrid {
  /** Lowers the value at (row, column), both from 0. */
  lower(row: number, column: number, value: number): void;
  /** Least value with row' <= row and column' <= column; Infinity when there is none. */
  least(row: number, column: number): number;
}

/** Fenwick (binary indexed) tree in two dimensions, for minima that only ever fall. */
export function createMinGrid(rows: number, columns: number): MinGrid {
  const width = columns + 1;
  const cells = new Float64Array((rows + 1) * width).fill(Infinity);
  return {
    lower(row, column, value) {
      for (let r = row + 1; r <= rows; r += r & -r) {
        for (let c = column + 1; c <= columns; c += c & -c) {
          const at = r * width + c;
          if (value < (cells[at] as number)) cells[at] = value;
        }
      }
    },
    least(row, column) {
      let found = Infinity;
      for (let r = row + 1; r > 0; r -= r & -r) {
        for (let c = column + 1; c > 0; c -= c & -c) {
          const value = cells[r * width + c] as number;
          if (value < found) found = value;
        }
      }
      return found;
    },
  };
}
