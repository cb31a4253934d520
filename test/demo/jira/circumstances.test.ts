import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JiraSite } from '../../../src/demo/jira/index.ts';
import { aClock, aSite, ask, at, keysOf } from './a-site.ts';

const search = '/rest/api/3/search/jql';
const backlog = '/rest/software/1.0/board/1/backlog';
const label = (name: string): object => ({ update: { labels: [{ add: name }] } });

describe('demo/jira/switches', () => {
  const clock = aClock();
  let site: JiraSite;

  beforeEach(async () => {
    site = await aSite({ clock });
  });
  afterEach(() => site.close());

  it('a revoked token answers 401 until it is restored', async () => {
    site.switches.revokeToken();
    expect((await ask(site, '/rest/api/3/myself')).status).toBe(401);

    site.switches.restoreToken();
    expect((await ask(site, '/rest/api/3/myself')).status).toBe(200);
  });

  it('a hidden project shortens lists but answers 200', async () => {
    site.switches.noBrowse('SHOP');

    const board = await ask(site, backlog);
    const grants = await ask(site, '/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS&projectKey=SHOP');
    expect([board.status, keysOf(board)]).toEqual([200, []]);
    expect(keysOf(await ask(site, search, { body: { jql: 'project = SHOP', fields: ['summary'] } }))).toEqual([]);
    expect(grants.status).toBe(404);
  });

  it('without the permission to rank nothing moves', async () => {
    site.switches.noRank();
    const before = site.order(1);

    const body = { issues: [before[5]], rankBeforeIssue: before[0] };
    const reply = await ask(site, '/rest/agile/1.0/issue/rank', { method: 'PUT', body });

    expect([reply.status, site.order(1)]).toEqual([403, before]);
  });

  it('switching mail off without the right writes nothing', async () => {
    site.switches.noNotifyAdmin();

    const quiet = await ask(site, '/rest/api/3/issue/SHOP-2?notifyUsers=false', { method: 'PUT', body: label('x') });
    const loud = await ask(site, '/rest/api/3/issue/SHOP-3', { method: 'PUT', body: label('x') });

    expect([quiet.status, loud.status]).toEqual([403, 204]);
    expect(site.issue('SHOP-2').labels).not.toContain('x');
    expect(site.mails()).toEqual([{ key: 'SHOP-3', what: 'edit' }]);
  });

  it('a locked issue fails alone in a rank call', async () => {
    const [first, second, third, fourth] = site.order(1);
    site.switches.lock(String(third));

    const body = { issues: [third, fourth], rankBeforeIssue: first };
    const reply = await ask(site, '/rest/agile/1.0/issue/rank', { method: 'PUT', body });

    expect(reply.status).toBe(207);
    expect([at(reply, 'entries.0.status'), at(reply, 'entries.1.status')]).toEqual([503, 200]);
    expect(site.order(1).slice(0, 4)).toEqual([fourth, first, second, third]);
  });

  it('search lags behind, reconciled ids do not', async () => {
    site.switches.indexLag(5000);
    await ask(site, '/rest/api/3/issue/SHOP-2?notifyUsers=false', { method: 'PUT', body: label('fresh') });
    const query = { jql: 'labels = fresh', fields: ['labels'] };

    const lagging = keysOf(await ask(site, search, { body: query }));
    const reconciled = keysOf(await ask(site, search, { body: { ...query, reconcileIssues: [11_001] } }));
    clock.pass(6000);
    const later = keysOf(await ask(site, search, { body: query }));

    expect([lagging, reconciled, later]).toEqual([[], ['SHOP-2'], ['SHOP-2']]);
  });

  it('a bulk edit goes through its states and skips locked issues', async () => {
    site.switches.lock('SHOP-6', 'busy');
    const labels = { fieldId: 'labels', bulkEditMultiSelectFieldOption: 'ADD', labels: [{ name: 'bulk' }] };
    const body = {
      selectedIssueIdsOrKeys: ['SHOP-5', 'SHOP-6', 'SHOP-9999'],
      selectedActions: ['labels'],
      editedFieldsInput: { labelsFields: [labels] },
      sendBulkNotification: false,
    };
    const task = at(await ask(site, '/rest/api/3/bulk/issues/fields', { body }), 'taskId');
    const polls = [];
    for (let poll = 0; poll < 3; poll += 1) polls.push(await ask(site, `/rest/api/3/bulk/queue/${String(task)}`));
    const [last] = polls.slice(-1);

    expect(polls.map(poll => at(poll, 'status'))).toEqual(['ENQUEUED', 'RUNNING', 'COMPLETE']);
    expect(last?.json).toMatchObject({
      failedAccessibleIssues: { '11005': ['busy'] },
      invalidOrInaccessibleIssueCount: 1,
    });
    expect([site.issue('SHOP-5').labels.includes('bulk'), site.mails()]).toEqual([true, []]);
  });

  it('page tokens expire', async () => {
    const query = { jql: 'project = SHOP', fields: ['summary'], maxResults: 10 };
    const first = await ask(site, search, { body: query });
    site.switches.expireTokens();

    const second = await ask(site, search, { body: { ...query, nextPageToken: at(first, 'nextPageToken') } });

    expect(second.status).toBe(400);
  });

  it('a busy site answers 429 with the time to wait', async () => {
    await site.close();
    site = await aSite({ clock, throttle: { burst: 2, perSecond: 1 } });

    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push(await ask(site, '/rest/api/3/myself'));
    clock.pass(1000);

    expect(statuses.map(reply => reply.status)).toEqual([200, 200, 429]);
    expect(statuses[2]?.headers.get('retry-after')).toBe('1');
    expect((await ask(site, '/rest/api/3/myself')).status).toBe(200);
  });
});
