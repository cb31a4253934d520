import { systemClock } from '../../src/clock.ts';
import { itemRef } from '../../src/item.ts';
import { silentLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { anEffect } from './store-values.ts';

/** A process of its own that opens a data folder and journals until it is killed, saying each acknowledged intent. */
const [folder = '', name = ''] = process.argv.slice(2);
const store = await openStore({ dataDir: folder, databaseUrl: null, clock: systemClock, log: silentLog });
store.announce('http://127.0.0.1:8080');
const startedAt = systemClock.now();
const opening = { backlog: 'shop', connection: 'acme', mode: 'apply', startedAt, model: 'm', modelHash: 'h' } as const;
await store.journal.openRound({ id: name, ...opening });
console.log('open');
for (let n = 0; ; n++) {
  await store.journal.intend(name, { id: `w${n}`, effects: [anEffect(itemRef('jira', n))] }, startedAt);
  console.log(`w${n}`);
}
