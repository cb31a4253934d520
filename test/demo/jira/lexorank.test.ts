import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshRanks, isRank, ranksBetween } from '../../../src/demo/jira/lexorank.ts';

describe('demo/jira/lexorank', () => {
  it('ranks between neighbours stand strictly between, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 60 })), { maxLength: 40 }), inserts => {
        let ranks = [...freshRanks(3)];
        for (const [where, count] of inserts) {
          const at = where % (ranks.length + 1);
          const between = ranksBetween(ranks[at - 1] ?? null, ranks[at] ?? null, count);
          ranks = [...ranks.slice(0, at), ...between, ...ranks.slice(at)];
        }
        expect(ranks.every(isRank)).toBe(true);
        expect(ranks).toEqual([...new Set(ranks)].sort());
      }),
    );
  });

  it('insertion at one spot always finds room', () => {
    const [low = '', high = ''] = freshRanks(2);
    let next = high;
    for (let time = 0; time < 500; time += 1) next = ranksBetween(low, next, 1)[0] ?? '';

    expect(low < next && next < high).toBe(true);
  });

  it('a rebalance moves to another bucket', () => {
    expect(freshRanks(2, '1').map(rank => rank.slice(0, 2))).toEqual(['1|', '1|']);
  });
});
