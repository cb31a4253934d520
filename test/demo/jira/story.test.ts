import { describe, expect, it } from 'vitest';
import { believableJiraBacklog, newestInstant } from '../../../src/demo/jira/index.ts';
import { NOW } from './a-site.ts';

describe('demo/jira/story', () => {
  const records = believableJiraBacklog({ items: 120, seed: 7, now: NOW });
  const fields = records.map(record => record.fields);

  it('the same options give the same backlog', () => {
    expect(believableJiraBacklog({ items: 120, seed: 7, now: NOW })).toEqual(records);
    expect(believableJiraBacklog({ items: 120, seed: 8, now: NOW })).not.toEqual(records);
  });

  it('nothing happens after now', () => {
    expect(newestInstant(records)?.getTime()).toBeLessThanOrEqual(NOW.getTime());
  });

  it('estimates are mostly there, some missing, one zero', () => {
    const points = fields.map(held => held['customfield_10016']);

    expect(points.filter(value => value === 0).length).toBe(1);
    expect(points.filter(value => value === null).length).toBeGreaterThan(10);
    expect(points.filter(value => typeof value === 'number').length).toBeGreaterThan(60);
  });

  it('titles differ, keys too', () => {
    expect(new Set(fields.map(held => held['summary'])).size).toBe(120);
    expect(new Set(records.map(record => record.key)).size).toBe(120);
  });

  it('pins, due dates, votes, blockers and a sprint are among them', () => {
    const text = JSON.stringify(records);

    expect(text.match(/winnow-pin/g)?.length).toBe(2);
    expect(fields.some(held => typeof held['duedate'] === 'string')).toBe(true);
    expect(fields.some(held => (held['votes'] as { votes: number }).votes >= 10)).toBe(true);
    expect(text).toContain('inwardIssue');
    expect(text).toContain('SHOP Sprint 24');
    expect(text).toContain('Automation for Jira');
  });
});
