import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BadAnswerError,
  ConfigError,
  CredentialError,
  InternalError,
  InUseError,
  NotFoundError,
  PermissionError,
  RejectedError,
  ShortReadError,
  StoppedError,
  TrackerBusyError,
} from '../../src/errors.ts';
import { defaultRetry, verdictOn } from '../../src/jobs/retry.ts';

const now = new Date('2026-11-24T12:00:00Z');
const inSeconds = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const first = { attempt: 1, started: 1, now, chance: 1 };
const reset = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('read'), { code: 'ECONNRESET' }),
});

describe('jobs/retry', () => {
  test.each([
    ['a throttled tracker pauses until it asked', new TrackerBusyError('b', { retryAt: inSeconds(90) }), 'pause', 90],
    ['a time in the past pauses for a second', new TrackerBusyError('b', { retryAt: inSeconds(-5) }), 'pause', 1],
    ['a pause of a day is looked at hourly', new TrackerBusyError('b', { retryAt: inSeconds(86_400) }), 'pause', 3600],
    ['a busy tracker without a time backs off', new TrackerBusyError('b'), 'pause', 15],
    ['a held lease waits', new InUseError('b'), 'wait', 15],
    ['a stopped round goes on soon', new StoppedError('b'), 'wait', 1],
    ['a bad answer is tried again', new BadAnswerError('b'), 'retry', 15],
    ['a short read is tried again', new ShortReadError('b'), 'retry', 15],
    ['a broken network is tried again', reset, 'retry', 15],
    ['the unforeseen is tried again', new Error('b'), 'retry', 15],
  ])('%s', (_, error, kind, seconds) => {
    const verdict = verdictOn(error, first);
    expect(verdict.kind).toBe(kind);
    expect('until' in verdict ? verdict.until : 'at' in verdict ? verdict.at : null).toEqual(inSeconds(seconds));
  });

  test.each([
    new ConfigError('x'),
    new CredentialError('x'),
    new NotFoundError('x'),
    new PermissionError('x'),
    new RejectedError('x', { status: 400 }),
    new InternalError('x'),
  ])('what no retry heals is parked: %s', error => {
    expect(verdictOn(error, first)).toEqual({ kind: 'park' });
  });

  test.each([
    ['a healing failure', new BadAnswerError('x'), 4, 'retry'],
    ['a healing failure at its last attempt', new BadAnswerError('x'), 5, 'park'],
    ['a second unforeseen failure', new Error('x'), 2, 'park'],
    ['a lease at any attempt', new InUseError('x'), 99, 'wait'],
  ])('%s', (_, error, attempt, kind) => {
    expect(verdictOn(error, { ...first, attempt, started: attempt }).kind).toBe(kind);
  });

  test('a tracker that stays away is asked ever more rarely, though no attempt is counted', () => {
    const waits = [1, 2, 3, 4, 5, 6, 99].map(started => {
      const verdict = verdictOn(new TrackerBusyError('b'), { ...first, started });
      return verdict.kind === 'pause' ? (verdict.until.getTime() - now.getTime()) / 1000 : null;
    });
    expect(waits).toEqual([15, 30, 60, 120, 240, 300, 300]);
  });

  test('a backoff lies between half and all of its doubling, capped', () => {
    const cases = fc.record({
      attempt: fc.integer({ min: 1, max: 4 }),
      chance: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ attempt, chance }) => {
        const verdict = verdictOn(new BadAnswerError('x'), { attempt, started: attempt, now, chance });
        const waited = verdict.kind === 'retry' ? verdict.at.getTime() - now.getTime() : NaN;
        const full = Math.min(defaultRetry.capMs, defaultRetry.baseMs * 2 ** (attempt - 1));
        expect(waited).toBeGreaterThanOrEqual(full / 2);
        expect(waited).toBeLessThanOrEqual(full);
      }),
    );
  });
});
