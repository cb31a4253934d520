import { describe, expect, test } from 'vitest';
import { itemRef } from '../../src/item.ts';
import { createInMemoryInbox } from '../support/in-memory-inbox.ts';
import {
  anAdoEvent,
  anIssueEvent,
  basic,
  jobsOf,
  receive,
  sendAdo,
  sendJira,
  shopHolds,
  signed,
} from './a-receiver.ts';
import { haveRecorded, recorded } from './recorded.ts';

describe('webhooks/router', () => {
  test('a delivery about a known item asks for one debounced round of its backlog', async () => {
    const receiver = await receive({ inbox: shopHolds() });

    const answer = await sendJira(receiver, anIssueEvent());

    expect([answer.status, await answer.json()]).toEqual([202, { result: 'accepted' }]);
    expect(receiver.inbox.touched).toEqual(new Map([['shop', new Set(['jira:10040'])]]));
    expect(receiver.queue.enqueued).toMatchObject([
      {
        job: {
          connection: 'acme-jira',
          backlog: 'shop',
          reason: 'webhook',
          sweep: false,
          since: '2026-11-25T09:59:59.000Z',
        },
        when: { delaySeconds: 5, maxWaitSeconds: 60 },
      },
    ]);
    expect(receiver.results).toEqual([['acme-jira', 'accepted']]);
  });

  test('an unknown item goes to every backlog that may hold its project', async () => {
    const inbox = createInMemoryInbox({}, { shop: ['SHOP'], web: ['WEB', 'APP'] });
    const receiver = await receive({ inbox });

    await sendJira(receiver, anIssueEvent(1, 'APP-7'));

    expect(jobsOf(receiver)).toEqual(['web']);
  });

  test('an item of a project that no backlog holds asks for nothing', async () => {
    const receiver = await receive({ inbox: createInMemoryInbox({}, { shop: ['SHOP'], web: ['WEB'] }) });

    const answer = await sendJira(receiver, anIssueEvent(1, 'HR-7'));

    expect([answer.status, await answer.json()]).toEqual([202, { result: 'ignored' }]);
    expect(jobsOf(receiver)).toEqual([]);
  });

  test('an item that changed its project is read for both backlogs', async () => {
    const inbox = createInMemoryInbox({ shop: [{ ref: itemRef('jira', 10040) }] }, { shop: ['SHOP'], web: ['WEB'] });
    const receiver = await receive({ inbox });
    const changelog = { id: '1', items: [{ field: 'project', from: '1', to: '2' }] };

    await sendJira(receiver, anIssueEvent(10040, 'WEB-9', { webhookEvent: 'jira:issue_updated', changelog }));

    expect([...jobsOf(receiver)].sort()).toEqual(['shop', 'web']);
  });

  test('a sprint that ends has its items read', async () => {
    const receiver = await receive({ inbox: shopHolds() });

    await sendJira(receiver, JSON.stringify({ webhookEvent: 'sprint_closed', sprint: { id: 1, name: 'S1' } }));

    expect(receiver.inbox.touched).toEqual(new Map([['shop', new Set(['jira:10040'])]]));
    expect(jobsOf(receiver)).toEqual(['shop']);
  });

  test('a work item goes to the backlogs of its project', async () => {
    const receiver = await receive();

    const answer = await sendAdo(receiver, anAdoEvent(), { Authorization: basic('winnow:pass-word') });

    expect(answer.status).toBe(202);
    expect(jobsOf(receiver)).toEqual(['payments']);
  });

  test('a delivery that comes twice is taken once', async () => {
    const receiver = await receive({ inbox: shopHolds() });
    const same = { 'X-Atlassian-Webhook-Identifier': 'same' };

    await sendJira(receiver, anIssueEvent(), same);
    const again = await sendJira(receiver, anIssueEvent(), { ...same, 'X-Atlassian-Webhook-Retry': '1' });

    expect([again.status, await again.json()]).toEqual([202, { result: 'duplicate' }]);
    expect(jobsOf(receiver)).toEqual(['shop']);
  });

  test('without an id the same bytes are the same delivery', async () => {
    const receiver = await receive({ inbox: shopHolds() });
    const send = (): Promise<Response> =>
      fetch(`${receiver.url}/webhooks/acme-jira`, {
        method: 'POST',
        headers: { 'X-Hub-Signature': signed(anIssueEvent()) },
        body: anIssueEvent(),
      });

    await send();
    await send();

    expect(receiver.results.map(([, result]) => result)).toEqual(['accepted', 'duplicate']);
  });

  test('our own echo asks for nothing, and is asked about only where fields alone changed', async () => {
    const asked: string[] = [];
    const explains = (_: string, { ref }: { readonly ref: string }): Promise<boolean> => {
      asked.push(ref);
      return Promise.resolve(true);
    };
    const receiver = await receive({ inbox: shopHolds(), explains });
    const changelog = { id: '1', items: [{ field: 'labels', fromString: '', toString: 'winnow-stale' }] };

    await sendJira(receiver, anIssueEvent());
    await sendJira(receiver, anIssueEvent(10040, 'SHOP-1', { webhookEvent: 'jira:issue_updated', changelog }));

    expect(receiver.results.map(([, result]) => result)).toEqual(['accepted', 'echo']);
    expect(asked).toEqual(['jira:10040']);
    expect(jobsOf(receiver)).toEqual(['shop']);
  });

  test('a delivery that the queue could not take is no duplicate when it comes again', async () => {
    const receiver = await receive({ inbox: shopHolds() });
    const same = { 'X-Atlassian-Webhook-Identifier': 'same' };
    receiver.queue.breakDown(new Error('Redis is away'));

    const first = await sendJira(receiver, anIssueEvent(), same);
    receiver.queue.mend();
    const second = await sendJira(receiver, anIssueEvent(), same);

    expect([first.status, first.headers.get('retry-after'), second.status]).toEqual([503, '5', 202]);
    expect(receiver.results.map(([, result]) => result)).toEqual(['unavailable', 'accepted']);
    expect(jobsOf(receiver)).toEqual(['shop']);
    expect(JSON.stringify(await first.json())).not.toContain('Redis');
  });

  test('a delivery whose process dies before asking for a round is taken when it comes again', async () => {
    const inbox = shopHolds();
    const dying = await receive({ inbox });
    const asked = Promise.withResolvers<void>();
    dying.queue.hang(() => asked.resolve());
    const same = { 'X-Atlassian-Webhook-Identifier': 'same' };
    sendJira(dying, anIssueEvent(), same).catch(() => 'it dies without an answer');
    await asked.promise;
    expect(inbox.touched.get('shop')?.size).toBe(1);
    const another = await receive({ inbox });

    const again = await sendJira(another, anIssueEvent(), { ...same, 'X-Atlassian-Webhook-Retry': '1' });

    expect(await again.json()).toEqual({ result: 'accepted' });
    expect(jobsOf(another)).toEqual(['shop']);
  });

  test('a delivery that comes again while the first is under way is one', async () => {
    const receiver = await receive({ inbox: shopHolds() });
    const same = { 'X-Atlassian-Webhook-Identifier': 'same' };

    await Promise.all([1, 2, 3].map(() => sendJira(receiver, anIssueEvent(), same)));

    expect(receiver.results.map(([, result]) => result).sort()).toEqual(['accepted', 'duplicate', 'duplicate']);
    expect(jobsOf(receiver)).toEqual(['shop']);
  });

  test('503 while the database is away', async () => {
    const inbox = shopHolds();
    const receiver = await receive({ inbox });
    inbox.breakDown(new Error('connection refused'));

    expect((await sendJira(receiver, anIssueEvent())).status).toBe(503);
    inbox.breakDown(null);
    expect((await sendJira(receiver, anIssueEvent())).status).toBe(202);
  });
});

describe('webhooks/router (what hangs)', () => {
  test('a database that does not answer is told to the sender, and asked anew by the next delivery', async () => {
    const inbox = shopHolds();
    const receiver = await receive({ inbox, patienceMs: 50 });
    inbox.breakDown('hang');

    const [first, second] = await Promise.all([anIssueEvent(), anIssueEvent()].map(body => sendJira(receiver, body)));
    inbox.breakDown(null);

    expect([first?.status, second?.status, first?.headers.get('retry-after')]).toEqual([503, 503, '5']);
    await expect.poll(async () => (await sendJira(receiver, anIssueEvent())).status).toBe(202);
  });

  test('a queue that does not answer is told to the sender', async () => {
    const receiver = await receive({ inbox: shopHolds(), patienceMs: 50 });
    const same = { 'X-Atlassian-Webhook-Identifier': 'same' };
    receiver.queue.hang(() => undefined);

    expect((await sendJira(receiver, anIssueEvent(), same)).status).toBe(503);
    receiver.queue.mend();
    await expect
      .poll(async () => (await sendJira(receiver, anIssueEvent(), same)).json())
      .toEqual({ result: 'accepted' });
  });
});

describe.runIf(haveRecorded)('webhooks/router (recorded)', () => {
  test('the event that tries a subscription out is welcome', async () => {
    const receiver = await receive();
    const body = recorded('azure-devops/hooks/aggregator.TestEvent.json').toString('utf8');

    const answer = await sendAdo(receiver, body, { Authorization: basic('winnow:pass-word') });

    expect([answer.status, await answer.json()]).toEqual([202, { result: 'ignored' }]);
  });

  test.each([null, {}])(
    'a delivery whose resource is %j is taken, and the log says what is missing',
    async resource => {
      const receiver = await receive();
      const body = JSON.stringify({ id: 'e1', eventType: 'workitem.updated', resource });

      const answer = await sendAdo(receiver, body, { Authorization: basic('winnow:pass-word') });

      expect([answer.status, await answer.json()]).toEqual([202, { result: 'ignored' }]);
      expect(receiver.told.map(({ message }) => message)).toEqual([expect.stringContaining('Resource details')]);
    },
  );

  test('a recorded delivery asks for a round', async () => {
    const receiver = await receive({ inbox: shopHolds() });

    await sendJira(receiver, recorded('jira/webhooks/mattermost-webhook-cloud-comment-created.json'));

    expect(jobsOf(receiver)).toEqual(['shop']);
  });
});
