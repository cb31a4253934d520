import { describe, expect, it } from 'vitest';
import type { AzureDevOpsSite } from '../../../src/demo/azure-devops/index.ts';
import { aListener, type Listener } from '../../support/listener.ts';
import { aSite, ask, patch, type Json } from './a-site.ts';

const path = '/_apis/hooks/subscriptions?api-version=7.1';

function wish(site: AzureDevOpsSite, url: string, over: Readonly<Record<string, unknown>> = {}) {
  return {
    publisherId: 'tfs',
    eventType: 'workitem.updated',
    resourceVersion: '5.1-preview.3',
    consumerId: 'webHooks',
    consumerActionId: 'httpRequest',
    publisherInputs: { projectId: site.projects[0]?.id ?? '' },
    consumerInputs: { url, basicAuthUsername: 'winnow', basicAuthPassword: 'secret-word', httpHeaders: 'X-Extra:yes' },
    ...over,
  };
}

/** A site with subscriptions to some events, and a story. */
async function told(...eventTypes: string[]): Promise<{ site: AzureDevOpsSite; to: Listener; story: number }> {
  const to = await aListener();
  const site = await aSite({ webhookPausesMs: [1, 1, 1] });
  const story = site.createItem({ project: 'Shop', type: 'User Story', title: 'Told of' });
  for (const eventType of eventTypes) {
    await ask(site, path, { method: 'POST', body: wish(site, to.url, { eventType }) });
  }
  return { site, to, story };
}

const statusesOf = (reply: { readonly json: Json }): unknown[] =>
  (reply.json['value'] as unknown as readonly Json[]).map(one => one['status']);

describe('demo/azure-devops/hooks', () => {
  it('a subscription is created, listed with its password masked, replaced and deleted', async () => {
    const { site, to } = await told('workitem.updated');
    const listed = await ask(site, path);
    const [made] = listed.json['value'] as unknown as readonly Json[];

    const one = `/_apis/hooks/subscriptions/${String(made?.['id'])}?api-version=7.1`;
    const replaced = await ask(site, one, { method: 'PUT', body: { ...made, resourceVersion: '1.0' } });
    const deleted = await ask(site, one, { method: 'DELETE' });

    expect(made).toMatchObject({ status: 'enabled', consumerInputs: { url: to.url, basicAuthPassword: '********' } });
    expect(replaced.json).toMatchObject({ resourceVersion: '1.0', id: made?.['id'] });
    expect(deleted.status).toBe(204);
    expect((await ask(site, path)).json).toMatchObject({ count: 0 });
  });

  it.each([
    ['another event', { eventType: 'build.complete' }, /not supported/],
    ['another consumer', { consumerId: 'slack' }, /consumerId/],
    ['no address', { consumerInputs: {} }, /url/],
    ['a password over plain http', { consumerInputs: { url: 'http://x.example/', basicAuthPassword: 'p' } }, /https/],
    ['an unknown input', { publisherInputs: { project: 'Shop' } }, /not an input/],
    ['an unknown version of the resource', { resourceVersion: '9.9' }, /resource version/],
  ])('%s is refused', async (_name, over, message) => {
    const { site, to } = await told();

    const reply = await ask(site, path, { method: 'POST', body: wish(site, to.url, over) });

    expect(reply.status).toBe(400);
    expect(reply.json['message']).toMatch(message);
  });

  it('an update tells the item apart from the update', async () => {
    const { site, to, story } = await told('workitem.updated');
    site.comment(story, 'a first one');
    await site.webhooks.post.settled();

    site.edit(story, { 'System.Title': 'Renamed' }, 'Ada Park');
    await site.webhooks.post.settled();

    const { json, headers } = to.heard.at(-1) ?? {};
    expect(json).toMatchObject({
      eventType: 'workitem.updated',
      notificationId: 2,
      resource: {
        id: 3,
        workItemId: story,
        rev: 3,
        fields: { 'System.Title': { oldValue: 'Told of', newValue: 'Renamed' } },
        revision: { id: story, rev: 3 },
      },
    });
    expect(headers).toMatchObject({
      authorization: `Basic ${Buffer.from('winnow:secret-word').toString('base64')}`,
      'x-extra': 'yes',
    });
  });

  it.each<[string, string, (site: AzureDevOpsSite, id: number) => void]>([
    ['a comment', 'workitem.commented', (site, id) => site.comment(id, 'please')],
    ['a deletion', 'workitem.deleted', (site, id) => site.remove(id)],
    ['a new item', 'workitem.created', site => void site.createItem({ project: 'Shop', type: 'Bug', title: 'New' })],
  ])('%s is told with the item as its resource', async (_name, eventType, act) => {
    const { site, to, story } = await told(eventType);

    act(site, story);
    await site.webhooks.post.settled();

    expect(to.heard.map(({ json }) => json['eventType'])).toEqual([eventType]);
    expect(to.heard[0]?.json['resource']).toMatchObject({ id: eventType.endsWith('created') ? story + 1 : story });
  });

  it('a restored item is told', async () => {
    const { site, to, story } = await told('workitem.restored');
    site.remove(story);

    site.restore(story);
    await site.webhooks.post.settled();

    expect(to.heard.map(({ json }) => json['eventType'])).toEqual(['workitem.restored']);
  });

  it('a link is told on both ends, without fields', async () => {
    const { site, to, story } = await told('workitem.updated');
    const other = site.createItem({ project: 'Shop', type: 'User Story', title: 'Other' });

    site.link(story, 'System.LinkTypes.Dependency-Forward', other);
    await site.webhooks.post.settled();

    const resources = to.heard.map(({ json }) => json['resource'] as Readonly<Record<string, unknown>>);
    expect(resources.map(one => one['workItemId']).sort()).toEqual([story, other]);
    expect(resources.map(one => 'fields' in one)).toEqual([false, false]);
  });

  it('writes of the token are told as well', async () => {
    const { site, to, story } = await told('workitem.updated');

    await patch(site, story, [{ op: 'add', path: '/fields/System.Tags', value: 'winnow-stale' }]);
    await site.webhooks.post.settled();

    expect(to.heard).toHaveLength(1);
  });

  it.each([
    ['transient failures heal', [503, 502], 3, 'enabled'],
    ['a lasting failure means probation', [500], 1, 'onProbation'],
    ['throttling means probation', [429], 1, 'onProbation'],
    ['410 ends the subscription', [410], 1, 'disabledBySystem'],
    ['an outage without end means probation', [503, 503, 503, 503], 4, 'onProbation'],
  ])('%s', async (_name, statuses, tries, status) => {
    const { site, to, story } = await told('workitem.updated');
    to.answerWith(...statuses);

    site.edit(story, { 'System.Title': 'Renamed' });
    await site.webhooks.post.settled();

    expect(to.heard).toHaveLength(tries);
    expect(statusesOf(await ask(site, path))).toEqual([status]);
  });

  it('events are lost during probation, until somebody enables the subscription again', async () => {
    const { site, to, story } = await told('workitem.updated');
    to.answerWith(500);
    site.edit(story, { 'System.Title': 'one' });
    await site.webhooks.post.settled();
    site.edit(story, { 'System.Title': 'two' });
    await site.webhooks.post.settled();
    const [sick] = (await ask(site, path)).json['value'] as unknown as readonly Json[];

    const one = `/_apis/hooks/subscriptions/${String(sick?.['id'])}?api-version=7.1`;
    await ask(site, one, { method: 'PUT', body: { ...sick, status: 'enabled' } });
    site.edit(story, { 'System.Title': 'three' });
    await site.webhooks.post.settled();

    expect(to.heard).toHaveLength(2);
    expect(to.heard[1]?.headers.authorization).toContain('Basic ');
  });

  it('without the right to it nobody sees subscriptions', async () => {
    const { site } = await told('workitem.updated');
    site.switches.allowHooks(false);

    expect((await ask(site, path)).status).toBe(403);
  });
});
