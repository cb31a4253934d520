import { describe, expect, it } from 'vitest';
import { aSite, ask, aStory } from './a-site.ts';

const wiql = (query: string) => ({ method: 'POST', body: { query } });
const EVERYTHING = 'SELECT [System.Id] FROM WorkItems';

describe('demo/azure-devops/handle', () => {
  it.each([
    ['/_apis/projects?api-version=9.0', 400, 'VssVersionOutOfRangeException'],
    ['/_apis/projects?api-version=7.2', 400, 'VssInvalidPreviewVersionException'],
    ['/_apis/projects?api-version=new', 400, 'VssVersionOutOfRangeException'],
    ['/_apis/connectionData?api-version=7.1', 400, 'VssInvalidPreviewVersionException'],
    ['/Shop/_apis/wit/workItems/1/comments?api-version=7.1', 400, 'VssInvalidPreviewVersionException'],
    ['/_apis/projects?api-version=7.1&limit=5', 400, 'VssPropertyValidationException'],
    ['/Nowhere/_apis/wit/fields?api-version=7.1', 404, 'ProjectDoesNotExistWithNameException'],
    ['/Shop/Nobody/_apis/work/teamsettings?api-version=7.1', 404, 'TeamNotFoundException'],
    ['/_apis/wit/workitemtypes?api-version=7.1', 400, 'VssPropertyValidationException'],
    ['/_apis/wit/workitems/99?api-version=7.1', 404, 'WorkItemUnauthorizedAccessException'],
    ['/_apis/wit/workitems?ids=1,99&api-version=7.1', 404, 'WorkItemUnauthorizedAccessException'],
    ['/_apis/wit/workitems/1?fields=System.Id&$expand=all&api-version=7.1', 400, 'ConflictingParametersException'],
    [
      '/_apis/wit/workitems/1?fields=Custom.None&api-version=7.1',
      400,
      'WorkItemTrackingFieldDefinitionNotFoundException',
    ],
    [
      '/_apis/wit/reporting/workitemrevisions?continuationToken=x&api-version=7.1',
      400,
      'ReportingInvalidContinuationTokenException',
    ],
    [
      '/Shop/Fresh/_apis/work/backlogs/Microsoft.RequirementCategory/workItems?api-version=7.1',
      400,
      'InvalidTeamSettingsException',
    ],
    ['/Shop/_apis/work/teamsettings/iterations?$timeframe=past&api-version=7.1', 400, 'InvalidTimeFrameException'],
  ])('GET %s answers %i %s', async (path, status, typeKey) => {
    const site = await aSite();
    aStory(site);

    const answer = await ask(site, path);

    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ $id: '1', typeKey });
  });

  it('paths and parameters are read without regard to case', async () => {
    const site = await aSite();
    const id = aStory(site);

    const { status } = await ask(site, `/shop/_APIS/WIT/WORKITEMS/${id}?API-Version=7.1&Fields=system.id`);

    expect(status).toBe(200);
  });

  it('an unknown route is plain text', async () => {
    const site = await aSite();

    const { status, headers, text } = await ask(site, '/_apis/wit/nothing?api-version=7.1');

    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('does not implement IController');
  });

  it('a POST needs an api-version', async () => {
    const site = await aSite();

    const { json } = await ask(site, '/_apis/wit/wiql', wiql(EVERYTHING));

    expect(json).toMatchObject({ typeKey: 'VssVersionNotSpecifiedException' });
  });

  it('a body with unknown keys is refused', async () => {
    const site = await aSite();

    const { status } = await ask(site, '/_apis/wit/wiql?api-version=7.1', {
      method: 'POST',
      body: { wiql: EVERYTHING },
    });

    expect(status).toBe(400);
  });

  it('more than 200 ids are VS403474', async () => {
    const site = await aSite();
    const ids = Array.from({ length: 201 }, (_, index) => index + 1);

    const { status, json } = await ask(site, '/_apis/wit/workitemsbatch?api-version=7.1', {
      method: 'POST',
      body: { ids },
    });

    expect(status).toBe(400);
    expect(json['message']).toMatch(/^VS403474/);
  });

  it('omitted errors are null entries', async () => {
    const site = await aSite();
    const [seen, hidden] = [aStory(site), aStory(site)];
    site.hide(hidden);

    const { json } = await ask(site, '/_apis/wit/workitemsbatch?api-version=7.1', {
      method: 'POST',
      body: { ids: [seen, hidden, 99], fields: ['System.Id'], errorPolicy: 'omit' },
    });

    expect(json['value']).toEqual([expect.objectContaining({ id: seen }), null, null]);
  });

  it('too many rows are VS402337 unless $top asks for fewer', async () => {
    const site = await aSite();
    for (let count = 0; count < 4; count += 1) aStory(site);
    site.limits.wiql = 3;

    const all = await ask(site, '/_apis/wit/wiql?api-version=7.1', wiql(EVERYTHING));
    const top = await ask(site, '/_apis/wit/wiql?api-version=7.1&$top=2', wiql(`${EVERYTHING} ORDER BY [System.Id]`));

    expect(all.status).toBe(400);
    expect(all.json['message']).toMatch(/^VS402337/);
    expect(top.json['workItems']).toMatchObject([{ id: 1 }, { id: 2 }]);
  });

  it('@project needs a project in the URL', async () => {
    const site = await aSite();
    aStory(site);
    const query = wiql(`${EVERYTHING} WHERE [System.TeamProject] = @project`);

    const without = await ask(site, '/_apis/wit/wiql?api-version=7.1', query);
    const within = await ask(site, '/Shop/Shop%20Team/_apis/wit/wiql?api-version=7.1', query);

    expect(without.status).toBe(400);
    expect(within.json['workItems']).toMatchObject([{ id: 1 }]);
  });

  it('asOf shows the item as it was', async () => {
    let now = new Date('2026-03-10T12:00:00Z');
    const site = await aSite({ clock: { now: () => now } });
    const id = aStory(site, 'Before');
    now = new Date('2026-03-11T12:00:00Z');
    site.edit(id, { Title: 'After' });

    const { json } = await ask(site, `/_apis/wit/workitems/${id}?api-version=7.1&asOf=2026-03-11T00:00:00Z`);
    const never = await ask(site, `/_apis/wit/workitems/${id}?api-version=7.1&asOf=2026-01-01T00:00:00Z`);

    expect(json['fields']?.['System.Title']).toBe('Before');
    expect(never.status).toBe(404);
  });
});

describe('demo/azure-devops/sign-in', () => {
  it.each([
    ['page', 'GET', 203],
    ['page', 'POST', 203],
    ['page', 'PATCH', 401],
    ['redirect', 'GET', 302],
  ] as const)('a revoked token (%s) answers %s with %i', async (how, method, status) => {
    const site = await aSite();
    aStory(site);
    site.switches.revokePat(how);

    const options = method === 'GET' ? {} : { method, body: [] };
    const answer = await ask(site, '/_apis/wit/workitems/1?api-version=7.1', options);

    expect(answer.status).toBe(status);
    if (method !== 'PATCH') expect(answer.headers.get('content-type')).toContain('text/html');
    else expect(answer.json['message']).toMatch(/^TF400813/);
  });

  it('a wrong token is refused like a revoked one', async () => {
    const site = await aSite();

    const { status } = await ask(site, '/_apis/projects', { token: 'guess' });

    expect(status).toBe(203);
  });

  it('throttling refuses, or succeeds with a warning', async () => {
    const site = await aSite();
    site.switches.refuseNext({ retryAfterSeconds: 7 });
    site.switches.slowDownNext({ retryAfterSeconds: 3 });

    const [refused, slowed, free] = [
      await ask(site, '/_apis/projects'),
      await ask(site, '/_apis/projects'),
      await ask(site, '/_apis/projects'),
    ];

    expect([refused.status, slowed.status, free.status]).toEqual([429, 200, 200]);
    expect(refused.json['message']).toMatch(/^TF400733/);
    expect([refused, slowed, free].map(({ headers }) => headers.get('retry-after'))).toEqual(['7', '3', null]);
    expect(slowed.headers.get('x-ratelimit-remaining')).toBe('0');
  });
});
