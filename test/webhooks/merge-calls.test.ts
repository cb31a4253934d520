import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMergedCalls } from '../../src/webhooks/merge-calls.ts';

describe('webhooks/merge-calls', () => {
  test('whoever asks is answered by a call that began after', async () => {
    const delays = fc.array(fc.record({ ask: fc.nat(3), take: fc.nat(3), fails: fc.boolean() }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(delays, async acts => {
        let time = 0;
        const began: { readonly at: number; readonly good: boolean }[] = [];
        const turns = async (n: number): Promise<void> => {
          for (let i = 0; i < n; i++) await Promise.resolve();
        };
        const call = createMergedCalls<(typeof acts)[number], void>(async (_, [act]) => {
          began.push({ at: ++time, good: !act.fails });
          await turns(act.take);
          if (act.fails) throw new Error('away');
        });
        const asked: Promise<void>[] = [];
        for (const act of acts) {
          await turns(act.ask);
          const at = ++time;
          const answered = call('lane', act).then(
            () => expect(began.some(one => one.good && one.at > at)).toBe(true),
            () => expect(began.some(one => !one.good && one.at > at)).toBe(true),
          );
          asked.push(answered);
        }
        await Promise.all(asked);
        expect(began.length).toBeLessThanOrEqual(acts.length);
      }),
      { numRuns: 200 },
    );
  });

  test('those who come together share a call, and those who come meanwhile the next', async () => {
    const calls: (readonly number[])[] = [];
    const busy = Promise.withResolvers<void>();
    const call = createMergedCalls<number, number>(async (_, asked) => {
      const n = calls.push(asked);
      await busy.promise;
      return n;
    });
    const all = Array.from({ length: 100 }, (_, i) => i);

    const early = all.slice(0, 50).map(i => call('lane', i));
    await expect.poll(() => calls.length).toBe(1);
    const late = all.slice(50).map(i => call('lane', i));
    busy.resolve();
    const answers = await Promise.all([...early, ...late]);

    expect(calls).toEqual([all.slice(0, 50), all.slice(50)]);
    expect(answers).toEqual(all.map(i => (i < 50 ? 1 : 2)));
  });

  test('lanes do not wait for each other', async () => {
    const stuck = Promise.withResolvers<void>();
    const call = createMergedCalls<Promise<void>, void>((_, [until]) => until);
    const first = call('a', stuck.promise);

    await call('b', Promise.resolve());

    stuck.resolve();
    await first;
  });
});
