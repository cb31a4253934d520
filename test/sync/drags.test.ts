import { describe, expect, it } from 'vitest';
import { itemRef, type ItemRef } from '../../src/item.ts';
import { draggedItems } from '../../src/sync/drags.ts';
import type { RankedByPerson } from '../../src/sync/ports.ts';

const ref = (n: number): ItemRef => itemRef('azure-devops', n);
const ten = Date.UTC(2026, 1, 1, 10);

/** `[item, seconds, who, entered]` */
type Entry = readonly [number, number?, string?, boolean?];

function dragged(before: number[], after: number[], entries: readonly Entry[]): number[] {
  const ranks = new Map(
    entries.map(([n, seconds = 0, who = 'Alice', entered = false]): [ItemRef, RankedByPerson] => [
      ref(n),
      { at: new Date(ten + seconds * 1_000), who, ...(entered ? { entered } : {}) },
    ]),
  );
  const found = draggedItems({
    before: before.map(ref),
    after: after.map(ref),
    rankedBy: item => ranks.get(item) ?? null,
  });
  return [...found.keys()].map(item => Number(item.split(':')[1])).sort((a, b) => a - b);
}

describe('sync/drags', () => {
  it.each<[string, number[], number[], Entry[], number[]]>([
    ['an item put elsewhere by a person', [1, 2, 3, 4], [4, 1, 2, 3], [[4]], [4]],
    ['nothing without a rank entry by a person', [1, 2, 3, 4], [4, 1, 2, 3], [], []],
    ['nothing where the order is as before', [1, 2, 3], [1, 2, 3], [[2]], []],
    ['the one of two swapped neighbours that was ranked', [1, 2, 3], [1, 3, 2], [[3]], [3]],
    ['items that are new are no part of it', [1, 2], [3, 1, 2], [[3]], []],
    ['two drags by two persons', [1, 2, 3, 4, 5], [5, 1, 2, 4, 3], [[5], [4, 0, 'Bob']], [4, 5]],
    // Ranking 4 gave 2 and 3 their first values, at the same moment.
    [
      'not the neighbours that got a place along with it',
      [1, 2, 3, 4],
      [4, 1, 2, 3],
      [
        [4, 0],
        [2, 0, 'Alice', true],
        [3, 1, 'Alice', true],
      ],
      [4],
    ],
    [
      'of two swapped at one moment, the one that had a place',
      [1, 2, 3],
      [1, 3, 2],
      [
        [2, 0, 'Alice', true],
        [3, 1],
      ],
      [3],
    ],
    [
      'of two that had none, the one that rose',
      [1, 2, 3],
      [1, 3, 2],
      [
        [2, 0, 'Alice', true],
        [3, 1, 'Alice', true],
      ],
      [3],
    ],
    ['an unranked item that a person did place', [1, 2, 3, 4], [4, 1, 2, 3], [[4, 0, 'Alice', true]], [4]],
    [
      'neighbours dragged one after the other, minutes apart',
      [1, 2, 3],
      [1, 3, 2],
      [
        [2, 0],
        [3, 300],
      ],
      [2, 3],
    ],
  ])('%s', (_name, before, after, entries, expected) => {
    expect(dragged(before, after, entries)).toEqual(expected);
  });
});
