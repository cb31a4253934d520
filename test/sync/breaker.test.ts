import { describe, expect, it } from 'vitest';
import { breakerReason } from '../../src/sync/breaker.ts';
import type { RoundReport } from '../../src/sync/ports.ts';
import { aReport } from '../support/store-values.ts';

const start = new Date('2026-11-24T12:00:00Z').getTime();
/** One letter a round, newest first: t trouble, f failed before writing, o well, u an undo that failed, b busy. */
const rounds = (letters: string): readonly RoundReport[] =>
  [...letters].map((letter, i) => {
    const startedAt = new Date(start - i * 60_000);
    if (letter === 't') return aReport(`r${i}`, { startedAt, status: 'partial', trouble: `no ${i}` });
    if (letter === 'f') return aReport(`r${i}`, { startedAt, status: 'failed' });
    if (letter === 'u') return aReport(`r${i}`, { startedAt, status: 'partial', mode: 'undo' });
    return aReport(`r${i}`, { startedAt, status: letter === 'b' ? 'partial' : 'applied' });
  });
const minutesAgo = (minutes: number): Date => new Date(start - minutes * 60_000);

describe('sync/breaker', () => {
  it.each<[string, string, Date | null, boolean]>([
    ['five in a row stop the backlog', 'ttttt', null, true],
    ['four do not', 'tttt', null, false],
    ['a round that wrote well breaks the row', 'ttttot', null, false],
    ['a round without need to write breaks it too', 'ototototot', null, false],
    ['rounds that could not read neither count nor break it', 'tfttffftt', null, true],
    ['a throttled round is none of the five', 'ttttb', null, false],
    ['undo rounds neither count nor break it', 'tutttt', null, true],
    ['what failed before a resume is forgiven', 'tttttttt', minutesAgo(3), false],
    ['five after a resume stop it again', 'tttttttt', minutesAgo(5), true],
  ])('%s', (_title, letters, since, trips) => {
    expect(breakerReason(rounds(letters), since) !== null).toBe(trips);
  });

  it('the reason tells the newest failure', () => {
    expect(breakerReason(rounds('ttttt'), null)).toContain('no 0');
  });
});
