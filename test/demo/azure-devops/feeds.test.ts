import { describe, expect, it } from 'vitest';
import { servicePrincipalNamed } from '../../../src/demo/azure-devops/index.ts';
import { aSite, ask, aStory, patch, type Json, type Reply } from './a-site.ts';
import type { AzureDevOpsSite } from '../../../src/demo/azure-devops/index.ts';

const REVISIONS = '/_apis/wit/reporting/workitemrevisions?api-version=7.1';
const LINKS = '/_apis/wit/reporting/workitemlinks?api-version=7.1';
const CHILD = 'System.LinkTypes.Hierarchy-Forward';

function revisions(site: AzureDevOpsSite, query = '', body: unknown = {}): Promise<Reply> {
  return ask(site, `${REVISIONS}${query}`, { method: 'POST', body });
}

const pairs = (reply: Reply): unknown => (reply.json['values'] as unknown as Json[]).map(({ id, rev }) => [id, rev]);

describe('demo/azure-devops/feeds', () => {
  it('pages hold every revision once and end with a token', async () => {
    const site = await aSite({ feedPageSize: 2 });
    const id = aStory(site);
    for (const title of ['B', 'C', 'D', 'E']) site.edit(id, { Title: title });

    const seen: unknown[] = [];
    let token = '';
    for (let last = false; !last;) {
      const { json } = await revisions(site, `&continuationToken=${token}`);
      seen.push(...(json['values'] as unknown as Json[]).map(({ rev }) => rev));
      token = String(json['continuationToken']);
      last = json['isLastBatch'] as unknown as boolean;
    }
    const tomorrow = await revisions(site, `&continuationToken=${token}`);

    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(tomorrow.json).toMatchObject({ values: [], isLastBatch: true, continuationToken: token });
    expect(token).toMatch(/^\d+;\d+;\d+$/);
  });

  it('yesterday’s token brings only what came since', async () => {
    const site = await aSite();
    const [first, second] = [aStory(site), aStory(site)];
    const { json } = await revisions(site);
    site.setState(second, 'Active');

    const next = await revisions(site, `&continuationToken=${String(json['continuationToken'])}`);

    expect(pairs(next)).toEqual([[second, 2]]);
    expect(first).not.toBe(second);
  });

  it('changed dates of an item increase while the clock stands still', async () => {
    const site = await aSite();
    const id = aStory(site);
    for (const title of ['B', 'C']) site.edit(id, { Title: title });

    const times = site.revisions(id).map(({ at }) => at.getTime());

    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(3);
  });

  it('link changes make no revision and appear in the link feed', async () => {
    const site = await aSite();
    const [parent, child] = [aStory(site), aStory(site)];
    const before = site.item(child);

    const answer = await patch(site, parent, [
      { op: 'add', path: '/relations/-', value: { rel: CHILD, url: `${site.url}/_apis/wit/workItems/${child}` } },
    ]);
    site.reparent(child, null);
    const links = await ask(site, `${LINKS}&linkTypes=System.LinkTypes.Hierarchy`);

    expect(answer.json['rev']).toBe(1);
    expect(answer.json['relations']).toMatchObject([{ rel: CHILD, attributes: { name: 'Child' } }]);
    expect(site.item(child).rev).toBe(before.rev);
    expect(pairs(await revisions(site))).toEqual([
      [parent, 1],
      [child, 1],
    ]);
    expect(links.json['values']).toMatchObject([
      { rel: 'System.LinkTypes.Hierarchy', sourceId: parent, targetId: child, isActive: true },
      { sourceId: parent, targetId: child, isActive: false },
    ]);
  });

  it('updates list link changes under the revision before', async () => {
    const site = await aSite();
    const [parent, child] = [aStory(site), aStory(site)];
    site.reparent(child, parent);
    site.edit(child, { Title: 'Later' });

    const { json } = await ask(site, `/_apis/wit/workItems/${child}/updates?api-version=7.1`);

    const updates = json['value'] as unknown as Json[];
    expect(updates.map(({ id, rev }) => [id, rev])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ]);
    expect(updates[1]?.['fields']).toBeUndefined();
    expect(updates[2]?.['fields']?.['System.Title']).toEqual({ oldValue: 'A story', newValue: 'Later' });
  });

  it('an update tells of a comment, the next one no more', async () => {
    const site = await aSite();
    const story = aStory(site);
    site.comment(story, 'a word');
    site.edit(story, { Title: 'Later' });

    const { json } = await ask(site, `/_apis/wit/workItems/${story}/updates?api-version=7.1`);

    const updates = json['value'] as unknown as Json[];
    expect(updates[1]?.['fields']?.['System.History']).toEqual({ newValue: 'a word' });
    expect(updates[2]?.['fields']).not.toHaveProperty(['System.History']);
  });

  it('an attachment and a comment each make a revision', async () => {
    const site = await aSite();
    const id = aStory(site);

    site.attach(id, 'plan.pdf');
    site.comment(id, 'Looks good');

    expect(site.item(id).rev).toBe(3);
    const { json } = await ask(site, `/Shop/_apis/wit/workItems/${id}/comments?api-version=7.1-preview.4`);
    expect(json).toMatchObject({ totalCount: 1, comments: [{ text: 'Looks good' }] });
  });

  it('deleted items come only when asked for', async () => {
    const site = await aSite();
    const id = aStory(site);
    site.remove(id);

    const without = await revisions(site);
    const within = await revisions(site, '', { includeDeleted: true, fields: ['System.IsDeleted'] });

    expect(pairs(without)).toEqual([]);
    expect(within.json['values']).toMatchObject([
      { rev: 1, fields: { 'System.IsDeleted': false } },
      { rev: 2, fields: { 'System.IsDeleted': true } },
    ]);
  });

  it('identities are text unless objects are asked for', async () => {
    const site = await aSite();
    const id = aStory(site);
    site.edit(id, { Title: 'By a bot' }, servicePrincipalNamed('Importer'));
    const fields = ['System.ChangedBy'];

    const text = await revisions(site, '', { fields, includeLatestOnly: true });
    const object = await revisions(site, '', { fields, includeLatestOnly: true, includeIdentityRef: true });

    expect(text.json['values']).toMatchObject([
      { fields: { 'System.ChangedBy': expect.stringMatching(/^Importer </) as unknown } },
    ]);
    expect(object.json['values']).toMatchObject([
      {
        fields: {
          'System.ChangedBy': { displayName: 'Importer', descriptor: expect.stringMatching(/^aadsp\./) as unknown },
        },
      },
    ]);
  });

  it('a start date skips what is older', async () => {
    let now = new Date('2026-03-10T12:00:00Z');
    const site = await aSite({ clock: { now: () => now } });
    aStory(site);
    now = new Date('2026-03-12T12:00:00Z');
    const late = aStory(site);

    const page = await revisions(site, '&startDateTime=2026-03-11T00:00:00Z');

    expect(pairs(page)).toEqual([[late, 1]]);
  });

  it('the feed of a project or type loses what left it', async () => {
    const site = await aSite({ projects: [{ name: 'Shop' }, { name: 'Other', process: 'Scrum' }] });
    aStory(site);
    const bug = site.createItem({ project: 'Other', type: 'Bug', title: 'Elsewhere' });

    const project = await ask(site, `/Other${REVISIONS}`);
    const type = await revisions(site, '', { types: ['bug'] });

    expect(pairs(project)).toEqual([[bug, 1]]);
    expect(pairs(type)).toEqual([[bug, 1]]);
  });
});
