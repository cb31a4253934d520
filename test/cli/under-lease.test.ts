import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { underLease } from '../../src/cli/under-lease.ts';
import { systemClock } from '../../src/clock.ts';
import { InUseError, StoppedError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import type { Leases } from '../../src/store/leases.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { createInMemoryJournal } from '../support/in-memory-store.ts';

let store: Store;
let serial = 0;
const never = new AbortController().signal;
const once = { log: silentLog, signal: never, patienceMs: 0 };

beforeAll(async () => {
  store = await openStore({ dataDir: null, databaseUrl: null, clock: systemClock, log: silentLog });
});
afterAll(() => store.close());

describe('cli/under-lease', () => {
  test('a second round of a backlog is refused while one goes on, and runs after it', async () => {
    const { leases } = store;
    const backlog = `b${++serial}`;
    const order: string[] = [];
    await underLease(backlog, { ...once, leases }, async () => {
      await expect(underLease(backlog, { ...once, leases }, () => Promise.resolve())).rejects.toThrow(InUseError);
      order.push('first');
    });
    await underLease(backlog, { ...once, leases }, () => Promise.resolve(order.push('second')));

    expect(order).toEqual(['first', 'second']);
    expect(await leases.held()).toEqual([]);
  });

  test('a patient caller waits for the other round', async () => {
    const { leases } = store;
    const backlog = `b${++serial}`;
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const first = underLease(backlog, { ...once, leases }, () => {
      entered.resolve();
      return gate.promise;
    });
    await entered.promise;
    const second = underLease(backlog, { ...once, leases, patienceMs: 20_000 }, () => Promise.resolve('ran'));
    gate.resolve();

    await first;
    expect(await second).toBe('ran');
  });

  test('the lease is given back when the work fails', async () => {
    const backlog = `b${++serial}`;
    const failing = underLease(backlog, { ...once, leases: store.leases }, () => Promise.reject(new Error('broken')));

    await expect(failing).rejects.toThrow('broken');
    expect(await store.leases.held()).toEqual([]);
  });

  test('a renewed lease outlives its first term', async () => {
    const backlog = `b${++serial}`;
    const { leases } = store;
    const renewed = Promise.withResolvers<void>();
    let taken = 0;
    const counting: Leases = {
      ...leases,
      async take(...args) {
        await leases.take(...args);
        if (++taken === 6) renewed.resolve();
      },
    };
    await underLease(backlog, { ...once, leases: counting, forMs: 300 }, async held => {
      await renewed.promise;
      expect(held.signal.aborted).toBe(false);
      await expect(leases.take(backlog, { holder: 'another', forMs: 1000 })).rejects.toThrow(InUseError);
    });
  });

  test('a lease that another took stops the work and permits no further write', async () => {
    const backlog = `b${++serial}`;
    const { leases } = store;
    let stolen = false;
    const robbed: Leases = {
      ...leases,
      take: (...args) => (stolen ? Promise.reject(new InUseError('another has it')) : leases.take(...args)),
    };
    await underLease(backlog, { ...once, leases: robbed, forMs: 90 }, async held => {
      stolen = true;
      const stopped = Promise.withResolvers<void>();
      held.signal.addEventListener('abort', () => stopped.resolve());
      await stopped.promise;
      const journal = held.guarded(createInMemoryJournal());
      await expect
        .poll(() => refusal(() => journal.intend('r', { id: 'w', effects: [] }, new Date(0))))
        .toBe(StoppedError.name);
    });
  });

  test('a write some seconds after the last confirmation asks whether the lease is still ours', async () => {
    const backlog = `b${++serial}`;
    const { leases } = store;
    let taken = 0;
    const robbed: Leases = {
      ...leases,
      take: (...args) => (++taken > 1 ? Promise.reject(new InUseError('another has it')) : leases.take(...args)),
    };
    await underLease(backlog, { ...once, leases: robbed, forMs: 60_000, confirmedForMs: 0 }, async held => {
      const journal = held.guarded(createInMemoryJournal());
      expect(await refusal(() => journal.intend('r', { id: 'w', effects: [] }, new Date(0)))).toBe(StoppedError.name);
      expect(held.signal.aborted).toBe(true);
    });
  });

  test('stopping the caller stops the work', async () => {
    const stop = new AbortController();
    await underLease(`b${++serial}`, { ...once, leases: store.leases, signal: stop.signal }, held => {
      stop.abort();
      expect(held.signal.aborted).toBe(true);
      return Promise.resolve();
    });
  });
});

async function refusal(act: () => Promise<void>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
