import { describe, expect, it } from 'vitest';
import { aSite, ask, aStory, patch } from './a-site.ts';

const tags = '/fields/System.Tags';

describe('demo/azure-devops/patch', () => {
  it('a held revision test saves one revision', async () => {
    const site = await aSite();
    const id = aStory(site);

    const { status, json } = await patch(site, id, [
      { op: 'test', path: '/rev', value: 1 },
      { op: 'add', path: '/fields/Microsoft.VSTS.Common.StackRank', value: 12.5 },
      { op: 'add', path: tags, value: 'winnow-stale' },
    ]);

    expect(status).toBe(200);
    expect(json['rev']).toBe(2);
    expect(site.item(id)).toMatchObject({ order: 12.5, tags: ['winnow-stale'], rev: 2 });
  });

  it('a failed revision test is 412 VS403351', async () => {
    const site = await aSite();
    const id = aStory(site);

    const { status, json } = await patch(site, id, [
      { op: 'test', path: '/rev', value: 7 },
      { op: 'add', path: '/fields/System.Title', value: 'No' },
    ]);

    expect(status).toBe(412);
    expect(json).toMatchObject({ typeKey: 'TestPatchOperationFailedException' });
    expect(json['message']).toMatch(/^VS403351/);
    expect(site.item(id).rev).toBe(1);
  });

  it.each([
    ['add', 'b; c', 'a; b; c'],
    ['add', 'A', 'a; b'],
    ['replace', 'c', 'c'],
    ['remove', undefined, undefined],
  ])('%s of %s leaves the tags %s', async (op, value, expected) => {
    const site = await aSite();
    const id = aStory(site, 'Tagged', { 'System.Tags': 'a; b' });

    await patch(site, id, [{ op, path: tags, value }]);

    expect(site.item(id).fields['System.Tags']).toBe(expected);
  });

  it('a save that changes nothing makes no revision', async () => {
    const site = await aSite();
    const id = aStory(site, 'Tagged', { 'System.Tags': 'a' });

    const { json } = await patch(site, id, [{ op: 'add', path: tags, value: 'A' }]);

    expect(json['rev']).toBe(1);
  });

  it('validateOnly saves nothing', async () => {
    const site = await aSite();
    const id = aStory(site);

    const { json } = await patch(site, id, [{ op: 'add', path: tags, value: 'x' }], '&validateOnly=true');

    expect(json['fields']?.['System.Tags']).toBe('x');
    expect(site.item(id)).toMatchObject({ rev: 1, tags: [] });
  });

  it.each([
    [
      'one path twice',
      [
        { op: 'add', path: tags, value: 'x' },
        { op: 'add', path: tags, value: 'y' },
      ],
      'VS403691',
    ],
    ['an unknown field', [{ op: 'add', path: '/fields/Custom.None', value: 1 }], 'TF51535'],
    ['a read-only field', [{ op: 'add', path: '/fields/System.ChangedDate', value: '2026-01-01' }], 'TF401320'],
    ['text in a number', [{ op: 'add', path: '/fields/Microsoft.VSTS.Common.StackRank', value: 'top' }], 'TF401320'],
    ['a priority of 5', [{ op: 'add', path: '/fields/Microsoft.VSTS.Common.Priority', value: 5 }], 'TF401320'],
    ['an unknown state', [{ op: 'add', path: '/fields/System.State', value: 'Doing' }], 'TF401320'],
    ['an unknown area', [{ op: 'add', path: '/fields/System.AreaPath', value: 'Shop\\None' }], 'TF401347'],
    ['a tag of 401 characters', [{ op: 'add', path: tags, value: 'x'.repeat(401) }], 'TF401407'],
    [
      '101 tags',
      [{ op: 'add', path: tags, value: Array.from({ length: 101 }, (_, n) => `t${n}`).join(';') }],
      'TF401243',
    ],
    ['replacing what is not there', [{ op: 'replace', path: tags, value: 'x' }], 'Unable to evaluate path'],
    ['an unknown key', [{ op: 'add', path: tags, value: 'x', why: 'y' }], 'unknown property'],
    ['an unknown operation', [{ op: 'merge', path: tags, value: 'x' }], 'not supported'],
    ['an empty document', [], 'valid patch document'],
  ])('%s is refused', async (_what, operations, message) => {
    const site = await aSite();
    const id = aStory(site);

    const { status, json } = await patch(site, id, operations);

    expect(status).toBe(400);
    expect(json['message']).toContain(message);
    expect(site.item(id).rev).toBe(1);
  });

  it('a rule error names field and flags', async () => {
    const site = await aSite();
    const id = aStory(site);
    site.switches.breakRuleOn(id, 'System.Reason');

    const { status, json } = await patch(site, id, [{ op: 'add', path: tags, value: 'x' }]);

    expect(status).toBe(400);
    expect(json).toMatchObject({
      typeKey: 'RuleValidationException',
      customProperties: { RuleValidationErrors: [{ fieldReferenceName: 'System.Reason' }] },
    });
  });

  it('a lost race is 409 TF26071, once', async () => {
    const site = await aSite();
    const id = aStory(site);
    site.switches.raceOn(id);

    const first = await patch(site, id, [{ op: 'add', path: tags, value: 'x' }]);
    const second = await patch(site, id, [{ op: 'add', path: tags, value: 'x' }]);

    expect([first.status, second.status]).toEqual([409, 200]);
    expect(first.json['message']).toMatch(/^TF26071/);
  });

  it('bypassing rules and unpermitted suppression are 403', async () => {
    const site = await aSite();
    const id = aStory(site);
    const quiet = () => patch(site, id, [{ op: 'add', path: tags, value: 'x' }], '&suppressNotifications=true');

    const bypass = await patch(site, id, [{ op: 'add', path: tags, value: 'x' }], '&bypassRules=true');
    site.switches.allowSuppress(false);
    const forbidden = await quiet();
    site.switches.allowSuppress(true);
    const allowed = await quiet();

    expect([bypass.status, forbidden.status, allowed.status]).toEqual([403, 403, 200]);
  });

  it('the revision limit is a 500 for good', async () => {
    const site = await aSite();
    const id = aStory(site);
    site.limits.revisions = 2;

    const last = await patch(site, id, [{ op: 'add', path: tags, value: 'x' }]);
    const beyond = await patch(site, id, [{ op: 'add', path: tags, value: 'y' }]);

    expect([last.status, beyond.status]).toEqual([200, 500]);
    expect(beyond.json['message']).toContain('limit of 2 revisions');
  });

  it('plain JSON is the wrong content type', async () => {
    const site = await aSite();
    const id = aStory(site);

    const { status } = await ask(site, `/_apis/wit/workitems/${id}?api-version=7.1`, {
      method: 'PATCH',
      body: [{ op: 'add', path: tags, value: 'x' }],
      type: 'application/json',
    });

    expect(status).toBe(415);
  });

  it('a second parent is refused with TF201036', async () => {
    const site = await aSite();
    const [child, first, second] = [aStory(site), aStory(site), aStory(site)];
    site.reparent(child, first);

    const { status, json } = await patch(site, second, [
      {
        op: 'add',
        path: '/relations/-',
        value: { rel: 'System.LinkTypes.Hierarchy-Forward', url: `${site.url}/_apis/wit/workItems/${child}` },
      },
    ]);

    expect(status).toBe(400);
    expect(json['message']).toMatch(/^TF201036/);
  });
});
