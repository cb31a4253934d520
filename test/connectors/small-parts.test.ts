import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../src/connectors/limiter.ts';
import { networkCode, networkTrouble } from '../../src/connectors/network-trouble.ts';
import { pause } from '../../src/connectors/pause.ts';
import { parseRetryAfter } from '../../src/connectors/retry-after.ts';
import { jittered, longestWaitMs, nextStep, type RequestKind, type Trouble } from '../../src/connectors/retry.ts';
import { vendorText } from '../../src/connectors/vendor-text.ts';
import { countPlainWords } from '../../src/connectors/word-count.ts';
import { StoppedError } from '../../src/errors.ts';

const step = (trouble: Trouble, request: RequestKind, attempt = 1): unknown =>
  nextStep({ trouble, request, attempt, chance: 0 });
const unknown: Trouble = { kind: 'unknown' };

describe('connectors/retry', () => {
  it.each([
    [unknown, 'read', 1, { kind: 'wait', ms: 2_000 }],
    [unknown, 'idempotent', 3, { kind: 'wait', ms: 8_000 }],
    [unknown, 'read', 4, { kind: 'give-up', ms: null }],
    [unknown, 'write', 1, { kind: 'uncertain' }],
    [{ kind: 'not-sent' }, 'write', 1, { kind: 'wait', ms: 2_000 }],
    [{ kind: 'refused', askedMs: null }, 'write', 2, { kind: 'wait', ms: 4_000 }],
    [{ kind: 'refused', askedMs: 0 }, 'read', 1, { kind: 'wait', ms: 2_000 }],
    [{ kind: 'refused', askedMs: 45_000 }, 'read', 1, { kind: 'wait', ms: 45_000 }],
    [{ kind: 'refused', askedMs: longestWaitMs + 1 }, 'read', 1, { kind: 'give-up', ms: longestWaitMs + 1 }],
    [{ kind: 'refused', askedMs: 7_000 }, 'write', 4, { kind: 'give-up', ms: 7_000 }],
  ] as const)('%o on a %s, try %i', (trouble, request, attempt, expected) => {
    expect(step(trouble, request, attempt)).toEqual(expected);
  });

  it('jitter never shortens and never adds a third', () => {
    fc.assert(
      fc.property(fc.nat(300_000), fc.double({ min: 0, max: 1, noNaN: true }), (ms, chance) => {
        expect(jittered(ms, chance)).toBeGreaterThanOrEqual(ms);
        expect(jittered(ms, chance)).toBeLessThanOrEqual(Math.ceil(ms * 1.3));
      }),
    );
  });
});

describe('connectors/retry-after', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  it.each([
    ['30', 30_000],
    ['0', 0],
    ['1.5', 1_500],
    ['Sun, 22 Nov 2026 12:00:10 GMT', 10_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['99999999999999999999', 86_400_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
    ['-5', 0],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%s is %s ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});

describe('connectors/limiter', () => {
  it('runs so many at once, the others in order', async () => {
    const limit = createLimiter(2);
    const started: number[] = [];
    const finish: (() => void)[] = [];
    const tasks = [1, 2, 3, 4].map(n =>
      limit(() => {
        started.push(n);
        return new Promise<void>(resolve => finish.push(resolve));
      }),
    );

    expect(started).toEqual([1, 2]);
    finish[0]?.();
    await tasks[0];
    await Promise.resolve();
    expect(started).toEqual([1, 2, 3]);
    finish[1]?.();
    finish[2]?.();
    await Promise.all(tasks.slice(1, 3));
    finish[3]?.();
    await Promise.all(tasks);
  });

  it('a failure frees its place', async () => {
    const limit = createLimiter(1);

    await expect(limit(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
    await expect(limit(async () => 1)).resolves.toBe(1);
  });
});

describe('connectors/pause', () => {
  it('a raised signal ends the wait', async () => {
    await expect(pause(60_000, AbortSignal.abort())).rejects.toBeInstanceOf(StoppedError);
  });
});

describe('connectors/network-trouble', () => {
  const coded = (code: string): Error => Object.assign(new Error('x'), { code });
  it.each([
    [new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), 'ECONNREFUSED', 'not-sent'],
    [new TypeError('fetch failed', { cause: new AggregateError([coded('ECONNREFUSED')]) }), 'ECONNREFUSED', 'not-sent'],
    [new TypeError('fetch failed', { cause: coded('ECONNRESET') }), 'ECONNRESET', 'unknown'],
    [new Error('terminated'), null, 'unknown'],
    ['text', null, 'unknown'],
  ])('%s', (error, code, kind) => {
    expect([networkCode(error), networkTrouble(error).kind]).toEqual([code, kind]);
  });
});

describe('connectors/vendor-text', () => {
  it.each([
    ['a\u001b[31mb\u0000c', [], 'a [31mb c'],
    ['<p>no <b>way</b></p>', [], 'no way'],
    ['token abcd1234 leaked', ['abcd1234'], 'token [secret] leaked'],
    ['sent Basic dXNlcjpwYXNzd29yZA==', [], 'sent Basic [secret]'],
    ['\u202Eevil', [], 'evil'],
  ])('%j is made fit to show', (raw, secrets, shown) => {
    expect(vendorText(raw, secrets)).toBe(shown);
  });

  it('is never longer than three hundred characters', () => {
    expect(vendorText('x'.repeat(5_000))).toHaveLength(300);
  });
});

describe('connectors/word-count', () => {
  it.each([
    ['', 0],
    ['one  two\nthree', 3],
    ['— … 4 !', 1],
    ['これはテストです。', 4],
  ])('%j', (text, words) => {
    expect(countPlainWords(text)).toBe(words);
  });
});
