import { describe, expect, it } from 'vitest';
import { placeBlockers, withoutCircles } from '../../src/sync/blockers.ts';

const ascending = (a: number, b: number): number => a - b;
const place = (list: number[], links: [number, number[]][]): readonly number[] => placeBlockers(list, new Map(links));

describe('sync/blockers', () => {
  it.each<[string, number[], [number, number[]][], number[]]>([
    ['a blocker comes right before what it blocks', [1, 2, 3], [[1, [3]]], [3, 1, 2]],
    ['a blocker that comes first already stays', [3, 1, 2], [[1, [3]]], [3, 1, 2]],
    ['blockers of one item keep the order of the list', [1, 2, 3, 4], [[1, [4, 3]]], [3, 4, 1, 2]],
    [
      'blockers of blockers come first of all',
      [1, 2, 3],
      [
        [1, [2]],
        [2, [3]],
      ],
      [3, 2, 1],
    ],
    [
      'a blocker of two is placed once',
      [1, 2, 3],
      [
        [1, [3]],
        [2, [3]],
      ],
      [3, 1, 2],
    ],
    [
      'an item that is not in the list passes its blockers on',
      [1, 2, 3],
      [
        [1, [9]],
        [9, [3]],
      ],
      [3, 1, 2],
    ],
  ])('%s', (_name, list, edges, expected) => {
    expect(place(list, edges)).toEqual(expected);
  });

  it('of a circle the link that the walk meets last is cut', () => {
    const circle = new Map([
      [1, [2]],
      [2, [3]],
      [3, [1]],
    ]);

    expect(withoutCircles(circle, ascending).ignored).toEqual([[3, 1]]);
    expect(withoutCircles(circle, (a, b) => b - a).ignored).toEqual([[2, 3]]);
    expect(withoutCircles(circle, ascending).kept).toEqual(
      new Map([
        [1, [2]],
        [2, [3]],
      ]),
    );
  });

  it('which link is cut does not depend on how the links are listed', () => {
    const pair: [number, number[]][] = [
      [1, [2]],
      [2, [1]],
    ];

    const [one, other] = [new Map(pair), new Map([...pair].reverse())].map(links => withoutCircles(links, ascending));

    expect(one?.ignored).toEqual([[2, 1]]);
    expect(other?.ignored).toEqual([[2, 1]]);
  });

  it('an item that blocks itself is cut', () => {
    expect(withoutCircles(new Map([[1, [1]]]), ascending)).toEqual({ kept: new Map(), ignored: [[1, 1]] });
  });

  it('a link named twice is one link', () => {
    expect(withoutCircles(new Map([[1, [2, 2]]]), ascending).kept).toEqual(new Map([[1, [2]]]));
  });

  it('a chain as long as a backlog needs no call stack', () => {
    const n = 20_000;
    const list = Array.from({ length: n }, (_, i) => i);
    const chain = new Map(list.slice(1).map(i => [i - 1, [i]]));

    const { kept } = withoutCircles(chain, ascending);

    expect(placeBlockers(list, kept)).toEqual([...list].reverse());
  });
});
