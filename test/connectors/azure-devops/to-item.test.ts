import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toItem, type WorkItem } from '../../../src/connectors/azure-devops/to-item.ts';
import { BadAnswerError } from '../../../src/errors.ts';
import { aPlan, aScope, ref, stackRank, storyPoints } from './support/values.ts';

const now = new Date('2026-03-10T22:30:00Z');
const sprint = {
  path: 'Payments\\Sprint 3',
  name: 'Sprint 3',
  start: '2026-03-01',
  finish: '2026-03-10',
  timeFrame: 'future' as const,
};
const scope = aScope({ iterations: [sprint, { ...sprint, path: 'Payments', name: 'Payments' }] });
const plan = aPlan({
  inputs: {
    value: { ref: 'Custom.Value', name: 'Value', numeric: true, readOnly: false, text: null },
    size: { ref: 'Custom.Size', name: 'Size', numeric: false, readOnly: false, text: 'line' },
  },
});

const fields = {
  'System.TeamProject': 'Payments',
  'System.WorkItemType': 'User Story',
  'System.Title': 'Pay',
  'System.State': 'Active',
  'System.IterationPath': 'Payments',
  'System.CreatedDate': '2026-01-01T10:00:00Z',
  'System.ChangedDate': '2026-02-01T10:00:00.123Z',
};

const read = (over: Record<string, unknown> = {}, zone = 'UTC') => {
  const work: WorkItem = { id: 17, rev: 4, fields: { ...fields, ...over } };
  const context = { scope, plan, url: 'https://dev.azure.com/acme', now, zone };
  return toItem(work, [ref(3)], { rev: 4, sure: true, fields: {} }, context);
};

describe('connectors/azure-devops/to-item', () => {
  it('names, places and dates are those of the tracker', () => {
    expect(read({ 'System.Parent': 5, [stackRank]: 1000034478.5 })).toMatchObject({
      ref: 'azure-devops:17',
      key: '17',
      title: 'Pay',
      url: 'https://dev.azure.com/acme/Payments/_workitems/edit/17',
      parent: 'azure-devops:5',
      progress: 'doing',
      trackerStatus: 'Active',
      version: '4',
      order: 1000034478.5,
      blockedBy: ['azure-devops:3'],
      onLevel: true,
      sprint: null,
    });
  });

  it.each([
    ['a number', 3, { kind: 'value', value: 3 }],
    ['zero', 0, { kind: 'value', value: 0 }],
    ['a number as text', ' 2.5 ', { kind: 'value', value: 2.5 }],
    ['nothing', undefined, { kind: 'absent' }],
    ['an empty text', '', { kind: 'absent' }],
    ['a word', 'XL', { kind: 'unreadable', raw: 'XL', problem: 'not a number' }],
    ['a hexadecimal number', '0x10', { kind: 'unreadable', raw: '0x10', problem: 'not a number' }],
  ])('effort: %s', (_name, raw, expected) => {
    expect(read({ [storyPoints]: raw }).effort).toEqual(expected);
  });

  it.each([
    ['1', 1, 'value'],
    ['unset', 0, 'absent'],
    ['missing', undefined, 'absent'],
    ['beyond the scheme', 5, 'unreadable'],
  ])('priority: %s', (_name, raw, kind) => {
    expect(read({ 'Microsoft.VSTS.Common.Priority': raw }).priority.kind).toBe(kind);
  });

  it('the due date comes before the target date', () => {
    const target = { 'Microsoft.VSTS.Scheduling.TargetDate': '2026-05-01T22:00:00Z' };

    expect(read({ ...target, 'Microsoft.VSTS.Scheduling.DueDate': '2026-04-01T00:00:00Z' }).due).toEqual({
      kind: 'value',
      value: '2026-04-01T00:00:00.000Z',
    });
    expect(read(target).due).toEqual({ kind: 'value', value: '2026-05-01T22:00:00.000Z' });
  });

  it('a factor that names a field reads it by its type', () => {
    const { inputs } = read({ 'Custom.Value': '40', 'Custom.Size': 'XL' });

    expect(inputs).toEqual({ value: { kind: 'value', value: 40 }, size: { kind: 'value', value: 'XL' } });
  });

  it('a sprint is over once its last day has passed in the zone', () => {
    const inSprint = { 'System.IterationPath': 'payments\\sprint 3' };

    expect(read(inSprint, 'UTC').sprint).toBe('Sprint 3');
    expect(read(inSprint, 'Europe/Berlin').sprint).toBe('Sprint 3');
    expect(read(inSprint, 'Pacific/Auckland').sprint).toBeNull();
  });

  it("a bug's words include its repro steps", () => {
    const steps = { 'Microsoft.VSTS.TCM.ReproSteps': '<ol><li>open it</li></ol>', 'System.Description': 'it fails' };

    expect(read({ ...steps, 'System.WorkItemType': 'Bug' }).words).toBe(4);
    expect(read(steps).words).toBe(2);
  });

  it('a work item without dates is a bad answer, not an old item', () => {
    expect(() => read({ 'System.CreatedDate': undefined })).toThrow(BadAnswerError);
  });

  const sample = '../shared/fixtures/azure-devops/rest-recorded/azcli.wit.get.expand-all.child.System.Parent.200.json';
  it.skipIf(!existsSync(sample))('a recorded work item reads', () => {
    const { response } = JSON.parse(readFileSync(sample, 'utf8')) as { response: { body: WorkItem } };
    const context = { scope, plan, url: 'https://dev.azure.com/acme', now, zone: 'UTC' };

    const item = toItem(response.body, [], { rev: 1, sure: true, fields: {} }, context);

    expect(item.key).toBe(String(response.body.id));
    expect(item.parent).toMatch(/^azure-devops:\d+$/);
  });
});
