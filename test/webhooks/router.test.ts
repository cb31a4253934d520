import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { itemRef } from '../../src/item.ts';
import { mostBytes } from '../../src/webhooks/body.ts';
import { createInMemoryInbox } from '../support/in-memory-inbox.ts';
import { aReceiver, anIssueEvent, sendJira, signed, type Receiver } from './a-receiver.ts';
import { haveRecorded, recorded } from './recorded.ts';

const open: Receiver[] = [];
afterEach(() => Promise.all(open.splice(0).map(receiver => receiver.close())));
const receive = async (...args: Parameters<typeof aReceiver>): Promise<Receiver> => {
  const receiver = await aReceiver(...args);
  open.push(receiver);
  return receiver;
};
const shopHolds = () => createInMemoryInbox({ shop: [{ ref: itemRef('jira', 10040), sprint: 'S1' }], web: [] });
const jobsOf = (receiver: Receiver): readonly string[] => receiver.queue.enqueued.map(({ job }) => job.backlog);
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const anAdoEvent = (id = 5, project = 'Payments', event = 'e1'): string =>
  JSON.stringify({
    id: event,
    eventType: 'workitem.created',
    resource: { id, fields: { 'System.TeamProject': project } },
  });
const sendAdo = (receiver: Receiver, body: string, headers: Record<string, string>): Promise<Response> =>
  fetch(`${receiver.url}/webhooks/acme-ado`, { method: 'POST', headers, body });

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

  test('503 while the database is away', async () => {
    const inbox = shopHolds();
    const receiver = await receive({ inbox });
    inbox.breakDown(new Error('connection refused'));

    expect((await sendJira(receiver, anIssueEvent())).status).toBe(503);
    inbox.breakDown(null);
    expect((await sendJira(receiver, anIssueEvent())).status).toBe(202);
  });
});

describe('webhooks/router: who may deliver', () => {
  test.each([
    ['the newer secret', { 'X-Hub-Signature': signed(anIssueEvent(), 'new-secret') }, 202],
    ['the older secret', { 'X-Hub-Signature': signed(anIssueEvent(), 'old-secret') }, 202],
    ['a secret that is not ours', { 'X-Hub-Signature': signed(anIssueEvent(), 'forged') }, 401],
    ['a signature of another body', { 'X-Hub-Signature': signed('{}') }, 401],
    ['half a signature', { 'X-Hub-Signature': 'sha256=' }, 401],
  ])('Jira with %s', async (_, headers, status) => {
    const receiver = await receive({ inbox: shopHolds() });

    expect((await sendJira(receiver, anIssueEvent(), headers)).status).toBe(status);
    expect(jobsOf(receiver)).toEqual(status === 202 ? ['shop'] : []);
    expect(receiver.results).toEqual([['acme-jira', status === 202 ? 'accepted' : 'unauthorized']]);
  });

  test('Jira without a signature is refused before its body is read', async () => {
    const receiver = await receive();
    const url = `${receiver.url}/webhooks/acme-jira`;

    expect((await fetch(url, { method: 'POST', body: anIssueEvent() })).status).toBe(401);
    expect(receiver.told[0]?.fields['problem']).toMatch(/no X-Hub-Signature/);
  });

  test.each([
    ['user name and password', { Authorization: basic('winnow:pass-word') }, 202],
    ['the secret header', { 'X-Winnow-Secret': 'pass-word' }, 202],
    ['a wrong password', { Authorization: basic('winnow:wrong') }, 401],
    ['nothing', {}, 401],
  ])('Azure DevOps with %s', async (_, headers, status) => {
    const receiver = await receive();

    expect((await sendAdo(receiver, anAdoEvent(), headers as Record<string, string>)).status).toBe(status);
  });

  test('a connection without a webhook takes nothing, and the log says what is missing', async () => {
    const receiver = await receive();

    const answer = await fetch(`${receiver.url}/webhooks/plain`, {
      method: 'POST',
      headers: { 'X-Hub-Signature': signed('{}') },
      body: '{}',
    });

    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('webhook:');
    expect(receiver.told[0]?.fields['problem']).toContain('plain has no webhook: { secrets: [...] } in winnow.yaml');
  });

  test.each([
    ['POST', 'nowhere', 404],
    ['GET', 'acme-jira', 404],
  ])('%s /webhooks/%s', async (method, name, status) => {
    const receiver = await receive();

    expect((await fetch(`${receiver.url}/webhooks/${name}`, { method })).status).toBe(status);
    expect(receiver.results).toEqual([]);
  });

  test('no answer and no log line holds a secret', async () => {
    const receiver = await receive();

    const answer = await sendAdo(receiver, '{', { Authorization: basic('winnow:wrong-word') });

    expect((await answer.text()) + JSON.stringify(receiver.told)).not.toMatch(/pass-word|wrong-word|(old|new)-secret/);
  });
});

describe('webhooks/router: bodies', () => {
  test.each([
    ['nothing', '', 400],
    ['no JSON', 'hello', 400],
    ['half of it', anIssueEvent().slice(0, -5), 400],
    ['a list', '[]', 400],
    ['no issue', '{"webhookEvent":"jira:issue_created"}', 400],
    ['an event of tomorrow', '{"webhookEvent":"planet_aligned"}', 202],
  ])('%s', async (_, body, status) => {
    const receiver = await receive();

    expect((await sendJira(receiver, body)).status).toBe(status);
    expect(receiver.results).toEqual([['acme-jira', status === 400 ? 'malformed' : 'ignored']]);
  });

  test.each(['what was packed', 'what was sent'])('a packed body may be signed over %s', async how => {
    const receiver = await receive({ inbox: shopHolds() });
    const packed = gzipSync(anIssueEvent());
    const signature = signed(how === 'what was sent' ? packed : anIssueEvent());

    const answer = await sendJira(receiver, packed, { 'Content-Encoding': 'gzip', 'X-Hub-Signature': signature });

    expect(answer.status).toBe(202);
    expect(jobsOf(receiver)).toEqual(['shop']);
  });

  test.each([
    ['is no gzip', Buffer.from('hello'), 'gzip', 400],
    ['unpacks to too much', gzipSync(Buffer.alloc(mostBytes + 1)), 'gzip', 413],
    ['is packed in an unknown way', Buffer.from('{}'), 'zstd9', 400],
  ])('a body that %s is refused', async (_, body, encoding, status) => {
    const receiver = await receive();

    expect((await sendJira(receiver, body, { 'Content-Encoding': encoding })).status).toBe(status);
  });

  test('a body in chunks is read whole', async () => {
    const receiver = await receive({ inbox: shopHolds() });
    const body = anIssueEvent();
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const char of body) controller.enqueue(Buffer.from(char));
        controller.close();
      },
    });

    const answer = await fetch(`${receiver.url}/webhooks/acme-jira`, {
      method: 'POST',
      headers: { 'X-Hub-Signature': signed(body), 'X-Atlassian-Webhook-Identifier': 'chunked' },
      body: chunks,
      duplex: 'half',
    } as RequestInit);

    expect(answer.status).toBe(202);
    expect(jobsOf(receiver)).toEqual(['shop']);
  });

  test('a body that says it is too large is refused before it is sent', async () => {
    const receiver = await receive();

    const answer = await say(receiver, `Content-Length: ${mostBytes + 1}\r\nX-Hub-Signature: sha256=00\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toMatch(/Connection: close/i);
    expect(receiver.results).toEqual([['acme-jira', 'too-large']]);
  });

  test('a body that grows too large on the way is refused', async () => {
    const receiver = await receive();
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const head = 'Transfer-Encoding: chunked\r\nX-Hub-Signature: sha256=00\r\n\r\n';

    const answer = await say(receiver, head, socket => {
      for (let i = 0; i <= 26; i++) {
        socket.write(`${chunk.length.toString(16)}\r\n`);
        socket.write(chunk);
        socket.write('\r\n');
      }
    });

    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  test('a sender that hangs up half-way leaves nothing behind', async () => {
    const receiver = await receive({ inbox: shopHolds() });
    const socket = connect(Number(new URL(receiver.url).port), '127.0.0.1');
    socket.write(
      'POST /webhooks/acme-jira HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nX-Hub-Signature: sha256=00\r\n\r\n{"half',
    );
    await once(socket, 'connect');

    socket.destroy();

    await expect.poll(() => receiver.results).toEqual([['acme-jira', 'malformed']]);
    expect((await sendJira(receiver, anIssueEvent())).status).toBe(202);
  });

  test('many deliveries at once share few calls to the queue, and none is lost', async () => {
    const refs = Array.from({ length: 200 }, (_, i) => itemRef('jira', i + 1));
    const inbox = createInMemoryInbox({ shop: refs.map(ref => ({ ref })) });
    const receiver = await receive({ inbox });

    const answers = await Promise.all(refs.map((_, i) => sendJira(receiver, anIssueEvent(i + 1))));

    expect(answers.every(answer => answer.status === 202)).toBe(true);
    expect(inbox.touched.get('shop')).toEqual(new Set(refs));
    expect(jobsOf(receiver)).toEqual(['shop']);
  });
});

describe.runIf(haveRecorded)('webhooks/router (recorded)', () => {
  test('the event that tries a subscription out is welcome', async () => {
    const receiver = await receive();
    const body = recorded('azure-devops/hooks/aggregator.TestEvent.json').toString('utf8');

    const answer = await sendAdo(receiver, body, { Authorization: basic('winnow:pass-word') });

    expect([answer.status, await answer.json()]).toEqual([202, { result: 'ignored' }]);
  });

  test('a recorded delivery asks for a round', async () => {
    const receiver = await receive({ inbox: shopHolds() });

    await sendJira(receiver, recorded('jira/webhooks/mattermost-webhook-cloud-comment-created.json'));

    expect(jobsOf(receiver)).toEqual(['shop']);
  });
});

/** Speaks HTTP by hand; answers what the server said until it hung up. */
async function say(
  receiver: Receiver,
  head: string,
  more: (socket: ReturnType<typeof connect>) => void = () => undefined,
): Promise<string> {
  const socket = connect(Number(new URL(receiver.url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', chunk => (answer += String(chunk)));
  // The server hangs up while we still speak.
  socket.on('error', () => undefined);
  socket.write(`POST /webhooks/acme-jira HTTP/1.1\r\nHost: x\r\n${head}`);
  more(socket);
  await once(socket, 'close');
  return answer;
}
