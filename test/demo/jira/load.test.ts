import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadExport, newestInstant, startJiraSite, type RawIssue } from '../../../src/demo/jira/index.ts';
import { aClock, ask, at, keysOf } from './a-site.ts';

const user = { name: 'jdoe', displayName: 'J. Doe', active: true };
const status = { id: '1', name: 'Open', statusCategory: { key: 'new', id: 2 } };

/** An issue as Jira Server exported it in 2014. */
function aServerIssue(number: number, fields: Record<string, unknown> = {}): RawIssue {
  return {
    id: String(500 + number),
    key: `OLD-${number}`,
    fields: {
      summary: `Issue ${number}`,
      project: { id: '10', key: 'OLD', name: 'Old project' },
      issuetype: { id: '3', name: 'Task', subtask: false },
      status,
      priority: { id: String((number % 2) + 3), name: number % 2 === 0 ? 'Major' : 'Minor' },
      reporter: user,
      created: '2014-01-01T10:00:00.000-0500',
      updated: '2014-02-01T10:00:00.000-0500',
      customfield_10590: `0|10000${number}:`,
      customfield_10591: `0|20000${9 - number}:`,
      ...fields,
    },
  };
}

const sprint =
  'com.atlassian.greenhopper.service.sprint.Sprint@4a6[rapidViewId=<null>,state=ACTIVE,name=Cloud 2.4, part 2,' +
  'startDate=2013-06-12T13:43:27.425Z,endDate=2013-07-26T13:43:27.425Z,completeDate=<null>,id=3]';

const records: readonly RawIssue[] = [
  {
    ...aServerIssue(1, {
      description: 'h1. Goal\n\nOne line\nand another\n\n!screen.png!\n* first\n* second',
      customfield_10023: 5,
      customfield_10024: 9,
      customfield_10290: [sprint],
    }),
    changelog: {
      histories: [
        {
          id: '9',
          created: '2014-03-01T10:00:00.000+0000',
          items: [{ field: 'Story Points', fieldtype: 'custom', from: null, fromString: '3', to: null, toString: '5' }],
        },
        {
          id: '8',
          author: user,
          created: '2014-02-01T10:00:00.000+0000',
          items: [{ field: 'Rank', fieldtype: 'custom', from: '', fromString: '', to: '', toString: 'Ranked lower' }],
        },
      ],
    },
  },
  aServerIssue(2, {
    environment: 'line\u2028separator',
    customfield_10024: 1,
    duedate: '2014-05-01',
    votes: { votes: 4 },
    watches: { watchCount: 2 },
  }),
  aServerIssue(3, { customfield_10591: null }),
];

async function aLoadedSite(): ReturnType<typeof startJiraSite> {
  return startJiraSite({ clock: aClock(new Date('2014-04-01T00:00:00Z')), records });
}

describe('demo/jira/load', () => {
  it('items stand by the newer rank field, rankless ones last', async () => {
    const site = await aLoadedSite();

    const configuration = await ask(site, '/rest/agile/1.0/board/1/configuration');

    expect(site.order(1)).toEqual(['OLD-2', 'OLD-1', 'OLD-3']);
    expect(at(configuration, 'ranking.rankCustomFieldId')).toBe(10_591);
    expect(at(configuration, 'estimation.field.fieldId')).toBe('customfield_10023');
    await site.close();
  });

  it('wiki text becomes a document', async () => {
    const site = await aLoadedSite();

    const reply = await ask(site, '/rest/api/3/issue/OLD-1?fields=description');

    const types = (at(reply, 'fields.description.content') as { type: string }[]).map(node => node.type);
    expect(types).toEqual(['heading', 'paragraph', 'mediaSingle', 'bulletList']);
    expect(site.issue('OLD-1').description).toContain('One line');
    await site.close();
  });

  it('histories keep authors, lack of authors, and gain field ids', async () => {
    const site = await aLoadedSite();

    const reply = await ask(site, '/rest/api/3/issue/OLD-1/changelog');

    expect(at(reply, 'values.0.items.0.fieldId')).toBe('customfield_10591');
    expect(at(reply, 'values.0.author.accountId')).toMatch(/^[0-9a-f]{24}$/);
    expect(at(reply, 'values.1.author')).toBeUndefined();
    expect(at(reply, 'values.1.items.0.fieldId')).toBe('customfield_10023');
    await site.close();
  });

  it('sprints in text form become objects', async () => {
    const site = await aLoadedSite();

    const reply = await ask(site, '/rest/api/3/issue/OLD-1?fields=customfield_10290');
    const backlog = await ask(site, '/rest/software/1.0/board/1/backlog?fields=summary');

    expect(at(reply, 'fields.customfield_10290.0')).toMatchObject({
      id: 3,
      name: 'Cloud 2.4, part 2',
      state: 'active',
    });
    expect(keysOf(backlog)).toEqual(['OLD-2', 'OLD-3']);
    await site.close();
  });

  it('the newest instant counts every kind of event', () => {
    expect(newestInstant(records)?.toISOString()).toBe('2014-03-01T10:00:00.000Z');
    expect(newestInstant([])).toBeNull();
  });

  it('a file is read plain or gzipped, and a bad line is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jira-load-'));
    const text = records.map(record => JSON.stringify(record)).join('\n');
    await writeFile(join(folder, 'a.jsonl'), `${text}\n`);
    await writeFile(join(folder, 'a.jsonl.gz'), gzipSync(text));
    await writeFile(join(folder, 'bad.jsonl'), `${text}\n{"id":1}\n`);
    await writeFile(join(folder, 'half.jsonl'), `${text}\n{"id":\n`);

    expect(await loadExport(join(folder, 'a.jsonl'))).toEqual(records);
    expect(await loadExport(join(folder, 'a.jsonl.gz'))).toEqual(records);
    await expect(loadExport(join(folder, 'bad.jsonl'))).rejects.toThrow('bad.jsonl:4 is not a Jira issue');
    await expect(loadExport(join(folder, 'half.jsonl'))).rejects.toThrow('half.jsonl:4 is not JSON');
    await expect(loadExport(join(folder, 'none.gz'))).rejects.toThrow('ENOENT');
    await rm(folder, { recursive: true });
  });
});

const data = join(import.meta.dirname, '../../../../shared/data');

describe.skipIf(!existsSync(data))('demo/jira/load of recorded issues', () => {
  it('a tracker of three thousand issues is served whole', async () => {
    const issues = await loadExport(join(data, 'jira-duraspace-raw.jsonl.gz'));
    const site = await startJiraSite({ clock: aClock(new Date('2015-01-17T00:00:00Z')), records: issues });
    const jql = '"Story Points" is not EMPTY';

    const count = await ask(site, '/rest/api/3/search/approximate-count', { body: { jql: 'created > 0' } });
    const estimated = await ask(site, '/rest/api/3/search/jql', { body: { jql, maxResults: 5000 } });
    const held = issues.filter(issue => typeof issue.fields['customfield_10023'] === 'number').length;

    expect(at(count, 'count')).toBe(3036);
    expect((at(estimated, 'issues') as unknown[]).length).toBe(held);
    expect(site.boards.map(board => board.projectKey)).toContain('ISLANDORA');
    await site.close();
  });

  it.each(['jira-devlake-cloud-raw.jsonl', 'jira-titanium-raw.jsonl.gz'])('%s loads', async name => {
    const issues = await loadExport(join(data, name));
    const site = await startJiraSite({ clock: aClock(new Date('2023-01-01T00:00:00Z')), records: issues });

    const keys = site.boards.flatMap(board => site.order(board.id));

    expect(keys.length).toBe(issues.length);
    await site.close();
  });
});
