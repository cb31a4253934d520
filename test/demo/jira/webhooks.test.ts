import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JiraSite, JiraSiteOptions } from '../../../src/demo/jira/index.ts';
import { aListener, type Heard, type Listener } from '../../support/listener.ts';
import { ask, aSite } from './a-site.ts';

const secret = "It's a Secret to Everybody";

/** A site whose webhooks go to a listener. */
async function told(
  options: Partial<JiraSiteOptions> = {},
): Promise<{ readonly site: JiraSite; readonly to: Listener; readonly key: string }> {
  const to = await aListener();
  const site = await aSite({ webhookPausesMs: [1, 1, 1, 1], ...options });
  site.webhooks.register({ url: to.url, secret });
  const key = site.createIssue({ projectKey: site.boards[0]?.projectKey ?? '', summary: 'Told of' }, 'Ada Park');
  await site.webhooks.post.settled();
  return { site, to, key };
}

const eventsOf = (heard: readonly Heard[]): unknown[] => heard.map(({ json }) => json['webhookEvent']);

describe('demo/jira/webhooks', () => {
  it.each<[string, (site: JiraSite, key: string) => void, readonly string[]]>([
    ['an edit', (site, key) => site.editIssue(key, { summary: 'new' }, 'Ada Park'), ['jira:issue_updated']],
    ['a comment', (site, key) => site.comment(key, 'please', 'Ada Park'), ['comment_created']],
    ['a worklog', (site, key) => site.worklog(key, 5, 'Ada Park'), ['worklog_created']],
    ['a deletion', (site, key) => site.deleteIssue(key), ['jira:issue_deleted']],
    ['a sprint that starts', site => site.setSprintState(1, 'active'), ['sprint_started']],
  ])('%s is told', async (_name, act, expected) => {
    const { site, to, key } = await told();
    site.createSprint({ name: 'S', state: 'future', boardId: 1 });
    await site.webhooks.post.settled();
    const before = to.heard.length;

    act(site, key);
    await site.webhooks.post.settled();

    expect(eventsOf(to.heard.slice(before))).toEqual(expected);
    await site.close();
  });

  it('a delivery is signed over its bytes and has an id of its own', async () => {
    const { site, to } = await told();

    const [first] = to.heard;

    const expected = `sha256=${createHmac('sha256', secret)
      .update(first?.body ?? '')
      .digest('hex')}`;
    expect(first?.headers['x-hub-signature']).toBe(expected);
    expect(first?.headers['x-atlassian-webhook-identifier']).toMatch(/^[0-9a-f-]{36}$/);
    expect(first?.headers['x-atlassian-webhook-retry']).toBeUndefined();
    await site.close();
  });

  it('a write of the token is told with its rank entry, one event for each issue', async () => {
    const { site, to, key } = await told();
    const [first, second] = site.order(site.boards[0]?.id ?? 0);
    const before = to.heard.length;

    await ask(site, '/rest/agile/1.0/issue/rank', {
      method: 'PUT',
      body: { issues: [key, second], rankBeforeIssue: first },
    });
    await site.webhooks.post.settled();

    const items = to.heard.slice(before).map(({ json }) => (json['changelog'] as { items: unknown[] }).items);
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject([{ field: 'Rank', from: '', to: '' }]);
    await site.close();
  });

  it.each([
    ['503 twice', [503, 503], 3, [undefined, '1', '2']],
    ['a lasting refusal', [404], 1, [undefined]],
    ['an outage without end', [500, 500, 500, 500, 500, 500], 5, [undefined, '1', '2', '3', '4']],
  ])('%s', async (_name, statuses, tries, retries) => {
    const { site, to, key } = await told();
    const before = to.heard.length;
    to.answerWith(...statuses);

    site.comment(key, 'please', 'Ada Park');
    await site.webhooks.post.settled();

    const heard = to.heard.slice(before);
    expect(heard).toHaveLength(tries);
    expect(heard.map(({ headers }) => headers['x-atlassian-webhook-retry'])).toEqual(retries);
    expect(new Set(heard.map(({ headers }) => headers['x-atlassian-webhook-identifier'])).size).toBe(1);
    await site.close();
  });

  it('deliveries may come twice and in another order', async () => {
    const { site, to, key } = await told();
    const before = to.heard.length;
    site.webhooks.post.repeat(1);
    site.webhooks.post.hold();
    site.comment(key, 'first', 'Ada Park');
    site.worklog(key, 5, 'Ada Park');

    site.webhooks.post.release(true);
    await site.webhooks.post.settled();

    const heard = to.heard.slice(before);
    expect(eventsOf(heard).sort()).toEqual([
      'comment_created',
      'comment_created',
      'worklog_created',
      'worklog_created',
    ]);
    await site.close();
  });

  it('nothing is told of other projects than the filter names', async () => {
    const to = await aListener();
    const site = await aSite();
    site.webhooks.register({ url: to.url, secret: null, projects: ['NONE'] });

    site.createIssue({ projectKey: site.boards[0]?.projectKey ?? '', summary: 'Quiet' }, 'Ada Park');
    await site.webhooks.post.settled();

    expect(to.heard).toEqual([]);
    await site.close();
  });
});
