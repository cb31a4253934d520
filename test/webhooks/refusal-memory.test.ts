import { describe, expect, test, vi } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { createRefusalMemory } from '../../src/webhooks/refusal-memory.ts';

describe('webhooks/refusal-memory', () => {
  test('a flood of refused deliveries is told in few words', () => {
    vi.useFakeTimers();
    const told: (readonly [string, number, string])[] = [];
    const refusals = {
      note: (connection: string, { count, problem }: { readonly count: number; readonly problem: string }) =>
        Promise.resolve(void told.push([connection, count, problem])),
    };
    const memory = createRefusalMemory({ refusals, clock: { now: () => new Date(0) }, log: silentLog });

    for (let i = 0; i < 1000; i++) memory.note('acme', 'wrong');
    memory.note('other', 'absent');
    vi.advanceTimersByTime(60_000);
    memory.note('acme', 'late');
    vi.useRealTimers();

    expect(told).toEqual([
      ['acme', 1, 'wrong'],
      ['other', 1, 'absent'],
      ['acme', 999, 'wrong'],
      ['acme', 1, 'late'],
    ]);
  });
});
