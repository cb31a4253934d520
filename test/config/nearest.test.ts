import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/config/nearest.ts';

describe('config/nearest', () => {
  it.each([
    ['maxMove', 'maxMoves'],
    ['max_moves', 'maxMoves'],
    ['MAXMOVES', 'maxMoves'],
    ['maxMovesShare', 'maxMovedShare'],
    ['mod', 'mode'],
    ['colour', null],
    ['x', null],
    ['', null],
  ])('%s is near to %s', (word, wanted) => {
    expect(nearest(word, ['maxMoves', 'maxMovedShare', 'mode'])).toBe(wanted);
  });
});
