import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  believableAzureDevOpsBacklog,
  loadAzureDevOpsExport,
  newestInstant,
  recordsFrom,
  type RawRecord,
} from '../../../src/demo/azure-devops/index.ts';
import { aSite } from './a-site.ts';

function aRecord(
  id: number,
  template: string,
  fields: Readonly<Record<string, unknown>> = {},
  relations: RawRecord['relations'] = [],
): RawRecord {
  return {
    id,
    rev: 4,
    _template: template,
    relations,
    fields: {
      'System.AreaPath': '$ProjectName$\\Web',
      'System.TeamProject': '$ProjectName$',
      'System.IterationPath': 'Elsewhere\\Iteration 1',
      'System.WorkItemType': 'User Story',
      'System.State': 'New',
      'System.Title': `Item ${id} of $ProjectName$`,
      ...fields,
    },
  };
}

const dated = (created: string, changed: string) => ({ 'System.CreatedDate': created, 'System.ChangedDate': changed });
const child = (id: number) => ({
  rel: 'System.LinkTypes.Hierarchy-Forward',
  url: `https://dev.azure.com/org/_apis/wit/workItems/${id}`,
});

async function aFile(name: string, content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'export-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

describe('demo/azure-devops/load', () => {
  it.each([
    ['User Story', 'Agile'],
    ['Product Backlog Item', 'Scrum'],
    ['Requirement', 'CMMI'],
    ['Issue', 'Basic'],
  ])('a template with a %s is a project of %s', (type, process) => {
    const { projects } = recordsFrom([aRecord(1, 'T', { 'System.WorkItemType': type })]);

    expect(projects).toEqual([{ name: 'T', process }]);
  });

  it('colliding ids are renumbered and relations follow', () => {
    const { items } = recordsFrom([aRecord(1, 'A'), aRecord(2, 'A'), aRecord(1, 'B', {}, [child(2)]), aRecord(2, 'B')]);

    expect(items.map(({ id, project }) => [id, project])).toEqual([
      [1, 'A'],
      [2, 'A'],
      [3, 'B'],
      [4, 'B'],
    ]);
    expect(items[2]?.links).toEqual([{ rel: 'System.LinkTypes.Hierarchy-Forward', target: 4 }]);
  });

  it('dates make one revision or two', () => {
    const { items } = recordsFrom([
      aRecord(1, 'A', dated('2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z')),
      aRecord(2, 'A', dated('2020-03-01T00:00:00Z', '2020-03-01T00:00:00Z')),
      aRecord(3, 'A'),
      aRecord(4, 'B'),
    ]);

    const times = items.map(({ revisions }) => revisions.map(({ at }) => at.toISOString().slice(0, 10)));
    expect(times).toEqual([['2020-01-01', '2020-02-01'], ['2020-03-01'], ['2020-01-01'], ['2020-01-01']]);
  });

  it('placeholders and foreign roots become the project, empty fields go', () => {
    const { items } = recordsFrom([
      aRecord(1, 'A', { 'System.Tags': null, 'Microsoft.VSTS.Scheduling.Effort': 0.0, 'System.AssignedTo': '<email>' }),
    ]);

    const fields = items[0]?.revisions[0]?.fields;
    expect(fields).toMatchObject({
      'System.AreaPath': 'A\\Web',
      'System.IterationPath': 'A\\Iteration 1',
      'System.Title': 'Item 1 of A',
      'Microsoft.VSTS.Scheduling.Effort': 0,
    });
    expect(Object.keys(fields ?? {})).not.toEqual(expect.arrayContaining(['System.Tags']));
    expect(Object.keys(fields ?? {})).not.toEqual(expect.arrayContaining(['System.AssignedTo']));
  });

  it.each(['lines.jsonl', 'lines.jsonl.gz'])('reads %s', async name => {
    const text = `${JSON.stringify(aRecord(1, 'A'))}\n\n${JSON.stringify(aRecord(2, 'A'))}\n`;
    const file = await aFile(name, name.endsWith('.gz') ? gzipSync(text) : text);

    const { items } = await loadAzureDevOpsExport(file);

    expect(items).toHaveLength(2);
  });

  it.each([
    ['{"id":1', /line 2 is not JSON/],
    ['{"id":"1","fields":{}}', /line 2 is not a work item/],
  ])('the line %s is an error that names its place', async (line, message) => {
    const file = await aFile('bad.jsonl', `${JSON.stringify(aRecord(1, 'A'))}\n${line}\n`);

    await expect(loadAzureDevOpsExport(file)).rejects.toThrow(message);
  });

  it('a missing file is an error', async () => {
    await expect(loadAzureDevOpsExport('/nowhere/at-all.jsonl.gz')).rejects.toThrow(/ENOENT/);
  });

  const templates = join(import.meta.dirname, '../../../../shared/data/ado-demo-templates.jsonl.gz');

  it.skipIf(!existsSync(templates))('real templates load as fifty projects', async () => {
    const records = await loadAzureDevOpsExport(templates);
    const now = new Date((newestInstant(records)?.getTime() ?? 0) + 60_000);
    const site = await aSite({ clock: { now: () => now }, records, projects: [] });

    expect(site.projects).toHaveLength(50);
    expect(records.items).toHaveLength(2524);
    expect(new Set(records.items.map(({ id }) => id)).size).toBe(2524);
    expect(site.ids('Gen-PartsUnlimited')).toHaveLength(171);
    expect(site.ids('Gen-eShopOnWeb').some(id => site.item(id).parent !== null)).toBe(true);
    expect(records.items.every(({ id }) => site.item(id).order === null)).toBe(true);
  });
});

describe('demo/azure-devops/believable', () => {
  const options = { items: 150, seed: 3, now: new Date('2026-11-20T09:00:00Z') };

  it('the same seed gives the same backlog', () => {
    expect(believableAzureDevOpsBacklog(options)).toEqual(believableAzureDevOpsBacklog(options));
    expect(believableAzureDevOpsBacklog(options)).not.toEqual(believableAzureDevOpsBacklog({ ...options, seed: 4 }));
  });

  it('nothing happens after now, and histories run forwards', () => {
    const records = believableAzureDevOpsBacklog(options);

    expect(newestInstant(records)?.getTime()).toBeLessThanOrEqual(options.now.getTime());
    for (const { revisions } of records.items) {
      const times = revisions.map(({ at }) => at.getTime());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(new Set(times).size).toBe(times.length);
    }
  });

  it('holds what grooming is about', async () => {
    const site = await aSite({
      clock: { now: () => options.now },
      records: believableAzureDevOpsBacklog(options),
      projects: [],
    });

    const items = site.order('Payments').map(id => site.item(id));
    const share = (test: (item: (typeof items)[number]) => boolean): number => items.filter(test).length / items.length;
    expect(items.length).toBeGreaterThan(130);
    expect(share(({ effort }) => effort === null)).toBeGreaterThan(0.2);
    expect(share(({ order }) => order === null)).toBeGreaterThan(0.02);
    expect(share(({ category }) => category === 'InProgress')).toBeGreaterThan(0.02);
    expect(
      share(
        ({ id }) =>
          site.revisions(id).at(-1)?.by.includes('Build Service') === true ||
          site.revisions(id).at(-1)?.by.includes('Bot') === true,
      ),
    ).toBeGreaterThan(0.1);
  });
});
