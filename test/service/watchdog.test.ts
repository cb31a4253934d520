import { describe, expect, test } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { watch } from '../../src/service/watchdog.ts';

describe('service/watchdog', () => {
  async function watched(answers: readonly boolean[]): Promise<{ readonly asked: number; readonly gone: boolean }> {
    const stop = new AbortController();
    let asked = 0;
    let gone = false;
    await watch({
      everyMs: 1,
      times: 3,
      log: silentLog,
      signal: stop.signal,
      ask() {
        const alive = answers[asked++];
        if (alive === undefined) stop.abort();
        return alive === false ? Promise.reject(new Error('broken')) : Promise.resolve();
      },
      gone: () => (gone = true),
    });
    return { asked, gone };
  }

  test.each([
    [[true, true], false, 'alive'],
    [[false, false, true, false, false], false, 'now and then'],
    [[true, false, false, false], true, 'gone for good'],
  ])('%j is broken %s (%s)', async (answers, gone) => {
    expect(await watched(answers)).toEqual({ asked: gone ? answers.length : answers.length + 1, gone });
  });
});
