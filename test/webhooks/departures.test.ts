import { describe, expect, test, vi } from 'vitest';
import { createDepartures } from '../../src/webhooks/departures.ts';

describe('webhooks/departures', () => {
  test('who comes before a departure leaves with it, who comes later with the next', async () => {
    vi.useFakeTimers();
    const departure = createDepartures(10);
    const left: string[] = [];
    const go = (name: string): void => void departure().then(() => left.push(name));

    go('a');
    await vi.advanceTimersByTimeAsync(9);
    go('b');
    expect(left).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(left).toEqual(['a', 'b']);
    go('c');
    await vi.advanceTimersByTimeAsync(9);
    expect(left).toEqual(['a', 'b']);
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();

    expect(left).toEqual(['a', 'b', 'c']);
  });
});
