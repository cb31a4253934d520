import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { InUseError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-crash-'));
const entry = join(import.meta.dirname, '../support/store-child.ts');
const options = { dataDir: folder, databaseUrl: null, clock: systemClock, log: silentLog };

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Kills a journaling process after so many acknowledged intents; answers those it had said by then. */
async function killAfter(child: ChildProcess, intents: number): Promise<string[]> {
  const said: string[] = [];
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === intents) child.kill('SIGKILL');
  }
  return said.filter(line => line !== 'open');
}

function journaling(round: string): ChildProcess {
  return spawn(process.execPath, [entry, folder, round], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('store/open-store', () => {
  test('kill -9 loses no acknowledged intent, and the folder is free', { timeout: 120_000 }, async () => {
    const acknowledged = await killAfter(journaling('first'), 150);

    const store = await openStore(options);
    const open = await store.journal.openIntents('shop');
    await store.close();

    expect(open.map(intent => intent.write)).toEqual(expect.arrayContaining(acknowledged));
    expect(acknowledged.length).toBeGreaterThanOrEqual(149);
  });

  test('a second process is refused while the first runs', { timeout: 120_000 }, async () => {
    const child = journaling('second');
    await once(child.stdout ?? child, 'data');

    await expect(openStore(options)).rejects.toThrow(InUseError);
    await expect(openStore(options)).rejects.toThrow(new RegExp(`process ${child.pid ?? 0} `));

    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await openStore(options);
    expect(await store.journal.closeAbandoned('shop', 'none', systemClock.now())).toBe(2);
    await store.close();
  });
});
