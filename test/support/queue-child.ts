import { systemClock } from '../../src/clock.ts';
import { messageOf } from '../../src/errors.ts';
import { roundJob } from '../../src/jobs/job.ts';
import { createQueue } from '../../src/jobs/queue-engine.ts';
import { silentLog } from '../../src/log.ts';

/** Entry of a child process: does one job on the Redis given as argument, and says "done" or what was wrong. */
const url = process.argv[2] ?? '';
const summary = { changes: 0, withheld: 0, applied: 0, failed: 0, durationMs: 1 };
try {
  const options = { clock: systemClock, log: silentLog, newId: () => 'job-of-a-child', chance: () => 0 };
  const queue = await createQueue({ ...options, backend: { kind: 'redis', url } });
  await queue.work('acme', ({ backlog }) =>
    Promise.resolve({ ...summary, round: 'r1', backlog, status: 'nothing-to-do' as const }),
  );
  await queue.run(roundJob({ connection: 'acme', backlog: 'shop', reason: 'person' }));
  await queue.close();
  console.log('done');
} catch (error) {
  console.log(messageOf(error));
}
