import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WireIssue } from '../../../src/connectors/jira/schema.ts';
import { runningSprint } from '../../../src/connectors/jira/sprint.ts';
import { toItem, type ItemContext } from '../../../src/connectors/jira/to-item.ts';
import type { BacklogItem } from '../../../src/item.ts';
import { anIssue, rankField } from './support/site.ts';

const field = (number: number): { id: string; name: string } => ({ id: `customfield_${number}`, name: `F${number}` });
const context: ItemContext = {
  fields: {
    rank: { id: rankField, name: 'Rank', number: 10019, jql: 'Rank' },
    sprint: field(10020),
    effort: [field(10016), field(10026), { id: 'timeoriginalestimate', name: 'Original estimate' }],
    score: field(10050),
    inputs: { value: field(10042) },
  },
  priorities: ['High', 'Low'],
  startedStatuses: new Set(['3']),
  siteUrl: 'https://acme.atlassian.net',
  blockerLinkTypes: new Set(['blocks']),
};
const item = (fields: Record<string, unknown>): BacklogItem => toItem(anIssue({ fields }), context);
const status = (id: string, key: string): object => ({ status: { id, name: 'S', statusCategory: { key } } });

describe('connectors/jira/to-item', () => {
  it('a plain issue becomes an item', () => {
    expect(item({})).toMatchObject({
      ref: 'jira:1',
      key: 'SHOP-1',
      url: 'https://acme.atlassian.net/browse/SHOP-1',
      type: 'Story',
      onLevel: true,
      progress: 'todo',
      createdAt: new Date('2026-01-05T08:00:00Z'),
      version: '2026-11-20T10:00:00.000+0100',
      order: '0|i00001:',
      priority: { kind: 'value', value: { name: 'Medium', scheme: ['High', 'Low'] } },
      effort: { kind: 'absent' },
      due: { kind: 'absent' },
      demand: { kind: 'value', value: 3 },
      scoreField: { kind: 'absent' },
      sprint: null,
    });
  });

  it.each([
    [status('1', 'new'), 'todo'],
    [status('1', 'undefined'), 'todo'],
    [status('9', 'indeterminate'), 'doing'],
    [status('9', 'done'), 'done'],
    [status('3', 'new'), 'doing'],
    [status('3', 'done'), 'done'],
    [{ status: null }, 'todo'],
  ])('%o is %s', (fields, progress) => {
    expect(item(fields as Record<string, unknown>).progress).toBe(progress);
  });

  it.each([
    [{ customfield_10016: 0 }, { kind: 'value', value: 0 }],
    [{ customfield_10016: '-1' }, { kind: 'value', value: -1 }],
    [{ customfield_10016: '3.0' }, { kind: 'value', value: 3 }],
    [{ customfield_10016: '3 SP' }, { kind: 'unreadable', raw: '3 SP' }],
    [
      { customfield_10016: null, customfield_10026: 5 },
      { kind: 'value', value: 5 },
    ],
    [{ timeoriginalestimate: 7200 }, { kind: 'value', value: 2 }],
  ])('the estimate %o is read', (fields, effort) => {
    expect(item(fields).effort).toMatchObject(effort);
  });

  it.each([
    [8, { kind: 'value', value: 8 }],
    ['High', { kind: 'value', value: 'High' }],
    [
      { value: 'Large', id: '1' },
      { kind: 'value', value: 'Large' },
    ],
    [{ displayName: 'Ann' }, { kind: 'value', value: 'Ann' }],
    [[{ value: 'One' }], { kind: 'value', value: 'One' }],
    [[], { kind: 'absent' }],
    ['', { kind: 'absent' }],
    [[{ value: 'A' }, { value: 'B' }], { kind: 'unreadable' }],
    [{}, { kind: 'unreadable' }],
  ])('the factor value %o is read', (raw, reading) => {
    expect(item({ customfield_10042: raw }).inputs['value']).toMatchObject(reading);
  });

  it('unreadable is neither absent nor zero', () => {
    const read = item({ duedate: 'soon', votes: { votes: 'x' }, priority: {} });

    expect([read.due.kind, read.demand.kind, read.priority.kind]).toEqual(['unreadable', 'unreadable', 'unreadable']);
  });

  it('without votes and watchers demand is absent', () => {
    expect(item({ votes: undefined, watches: null }).demand).toEqual({ kind: 'absent' });
  });

  it('only a link that reads inward blocks', () => {
    const type = { name: 'Blocks', inward: 'is blocked by', outward: 'blocks' };
    const links = [
      { type, inwardIssue: { id: '7', key: 'SHOP-7' } },
      { type, outwardIssue: { id: '8', key: 'SHOP-8' } },
      { type: { name: 'Relates' }, inwardIssue: { id: '9' } },
      { type, inwardIssue: { id: '7', key: 'SHOP-7' } },
    ];

    expect(item({ issuelinks: links }).blockedBy).toEqual(['jira:7']);
  });

  it('a sub-task is not of the level', () => {
    const read = item({ issuetype: { name: 'Sub-task', subtask: true }, parent: { id: '4', key: 'SHOP-4' } });

    expect([read.onLevel, read.parent]).toEqual([false, 'jira:4']);
  });

  it('our own writes leave its mark, others change it', () => {
    const plain = item({}).memo;

    expect(
      item({ labels: ['x'], customfield_10050: 3, [rankField]: '0|z:', updated: '2026-11-21T00:00:00.000+0000' }).memo,
    ).toEqual(plain);
    expect(item({ summary: 'other' }).memo).not.toEqual(plain);
  });

  it.each([
    [[{ id: 1, name: 'S1', state: 'closed' }], null],
    [
      [
        { id: 1, name: 'S1', state: 'future' },
        { id: 2, name: 'S2', state: 'active' },
      ],
      'S2',
    ],
    [{ id: 1, name: 'S1', state: 'FUTURE' }, 'S1'],
    [
      [
        'com.atlassian.greenhopper.service.sprint.Sprint@1f[id=12,rapidViewId=3,state=ACTIVE,name=Sprint 3, late [x],startDate=2026-01-01,sequence=12]',
      ],
      'Sprint 3, late [x]',
    ],
    [
      [
        'com.atlassian.greenhopper.service.sprint.Sprint@1f[id=12,rapidViewId=3,state=CLOSED,name=Old,startDate=<null>]',
      ],
      null,
    ],
    [['garbage', 7, null], null],
    [null, null],
  ])('the sprint of %o is %s', (raw, name) => {
    expect(runningSprint(raw)).toBe(name);
  });

  const recorded = new URL('../../../../shared/data/jira-devlake-cloud-raw.jsonl', import.meta.url);
  it.skipIf(!existsSync(recorded))('recorded Cloud issues are read', () => {
    const lines = readFileSync(recorded, 'utf8')
      .split('\n')
      .filter(line => line !== '');
    const sites: ItemContext = { ...context, fields: { ...context.fields, effort: [field(10024)] } };

    const items = lines.map(line => toItem(WireIssue.parse(JSON.parse(line)), sites));

    expect(items).toHaveLength(33);
    expect(items.every(read => typeof read.order === 'string' && read.demand.kind === 'value')).toBe(true);
    expect(items.filter(read => read.effort.kind === 'value').map(read => read.effort)).toEqual([
      { kind: 'value', value: expect.any(Number) },
      { kind: 'value', value: expect.any(Number) },
    ]);
  });
});
