import { describe, expect, test } from 'vitest';
import { BadAnswerError } from '../../src/errors.ts';
import { createHandler } from '../../src/jobs/handlers.ts';
import { roundJob } from '../../src/jobs/job.ts';
import { aMove, aReport, withheld } from '../support/store-values.ts';

const job = roundJob({ connection: 'acme', backlog: 'shop', reason: 'person' });
const context = { progress: () => undefined, signal: new AbortController().signal };

describe('jobs/handlers', () => {
  test('a round answers the figures of its report', async () => {
    const outcomes = { applied: 1, failed: 0 };
    const report = aReport('r1', { changes: [aMove(1)], withheld: [withheld(aMove(2)), withheld(aMove(3))], outcomes });
    const handler = createHandler({ run: () => Promise.resolve({ report, error: null }) });
    const figures = { changes: 1, withheld: 2, applied: 1, failed: 0, durationMs: 812.5 };
    expect(await handler(job, context)).toEqual({ round: 'r1', backlog: 'shop', status: 'applied', ...figures });
  });

  test('a round that ended early hands its error to the queue', async () => {
    const error = new BadAnswerError('a sign-in page');
    const handler = createHandler({ run: () => Promise.resolve({ report: aReport('r1'), error }) });
    await expect(handler(job, context)).rejects.toBe(error);
  });
});
