import { describe, expect, test } from 'vitest';
import { laneOf, priorityOf, queueName, roundJob, slotId, type Job } from '../../src/jobs/job.ts';

const shop = { connection: 'acme', backlog: 'shop' } as const;

describe('jobs/job', () => {
  test('people come before webhooks, webhooks before schedules', () => {
    const order = (['schedule', 'follow-up', 'webhook', 'person'] as const).toSorted(
      (a, b) => priorityOf(a) - priorityOf(b),
    );
    expect(order).toEqual(['person', 'webhook', 'follow-up', 'schedule']);
  });

  test('a sweep and a follow-up have lanes of their own', () => {
    const jobs = [
      roundJob({ ...shop, reason: 'webhook' }),
      roundJob({ ...shop, reason: 'person' }),
      roundJob({ ...shop, reason: 'schedule', sweep: true }),
      roundJob({ ...shop, reason: 'follow-up' }),
    ];
    expect(jobs.map(laneOf)).toEqual(['shop', 'shop', 'shop@sweep', 'shop@later']);
  });

  test('names never hold a colon and never collide', () => {
    const odd = roundJob({ connection: 'a:b', backlog: 'shop.sweep', reason: 'schedule' });
    expect(queueName(odd.connection)).not.toContain(':');
    expect(slotId(odd, '2026-11-24T03:00:00.000Z')).not.toContain(':');
    expect(laneOf(roundJob({ ...shop, backlog: 'a:b', reason: 'schedule' }))).not.toContain(':');
    const sweep = roundJob({ ...shop, reason: 'schedule', sweep: true });
    expect(laneOf(roundJob({ ...shop, backlog: 'shop@sweep', reason: 'schedule' }))).not.toBe(laneOf(sweep));
  });

  test('only known kinds and reasons compile', () => {
    // @ts-expect-error no such reason
    const reason = roundJob({ ...shop, reason: 'boredom' });
    // @ts-expect-error no such kind
    const kind: Job = { ...roundJob({ ...shop, reason: 'person' }), kind: 'party' };
    expect([reason, kind]).toHaveLength(2);
  });
});
