import { describe, expect, it } from 'vitest';
import { breakerReason } from '../../src/sync/breaker.ts';
import type { RoundReport } from '../../src/sync/ports.ts';
import { aReport } from '../support/store-values.ts';

const start = new Date('2026-11-24T12:00:00Z').getTime();
/** One letter a round, newest first: t trouble, f failed before writing, o wrote well, n nothing to write, u an undo, b busy. */
const letters: Readonly<Record<string, Partial<RoundReport>>> = {
  t: { status: 'partial', outcomes: { applied: 1, failed: 1 }, trouble: 'no' },
  f: { status: 'failed', outcomes: { applied: 0, failed: 0 } },
  o: { status: 'applied', outcomes: { applied: 2, failed: 0 } },
  n: { status: 'planned', outcomes: { applied: 0, failed: 0 } },
  u: { status: 'applied', outcomes: { applied: 2, failed: 0 }, mode: 'undo' },
  b: { status: 'partial', outcomes: { applied: 1, failed: 3 } },
};
const rounds = (row: string): readonly RoundReport[] =>
  [...row].map((letter, i) => aReport(`r${i}`, { startedAt: new Date(start - i * 60_000), ...letters[letter] }));
const minutesAgo = (minutes: number): Date => new Date(start - minutes * 60_000);

describe('sync/breaker', () => {
  it.each<[string, string, Date | null, boolean]>([
    ['five in a row stop the backlog', 'ttttt', null, true],
    ['four do not', 'tttt', null, false],
    ['a round that wrote well breaks the row', 'ttttot', null, false],
    ['every other one does not', 'ototototot', null, false],
    ['rounds that could not read neither count nor break it', 'tfttffftt', null, true],
    ['rounds that had nothing to write neither count nor break it', 'tnttnnntt', null, true],
    ['a throttled round is none of the five', 'ttttb', null, false],
    ['nor does it break the row', 'tbttbtt', null, true],
    ['undo rounds neither count nor break it', 'tutttt', null, true],
    ['what failed before a resume is forgiven', 'tttttttt', minutesAgo(3), false],
    ['five after a resume stop it again', 'tttttttt', minutesAgo(5), true],
  ])('%s', (_title, letters, since, trips) => {
    expect(breakerReason(rounds(letters), since) !== null).toBe(trips);
  });

  it('the reason tells the newest failure', () => {
    const [first, ...rest] = rounds('ttttt');

    expect(breakerReason([{ ...(first as RoundReport), trouble: 'SHOP-1: refused' }, ...rest], null)).toContain(
      'SHOP-1',
    );
  });
});
