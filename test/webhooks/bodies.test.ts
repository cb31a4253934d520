import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { itemRef } from '../../src/item.ts';
import { mostBytes } from '../../src/webhooks/body.ts';
import { createInMemoryInbox } from '../support/in-memory-inbox.ts';
import { anIssueEvent, jobsOf, receive, sendJira, shopHolds, signed, type Receiver } from './a-receiver.ts';

describe('webhooks/router (bodies)', () => {
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

  test('of more deliveries than can be under way, some are asked to come again, and none is cut off', async () => {
    const refs = Array.from({ length: 700 }, (_, i) => itemRef('jira', i + 1));
    const inbox = createInMemoryInbox({ shop: refs.map(ref => ({ ref })) });
    const receiver = await receive({ inbox, patienceMs: 60_000 });
    inbox.breakDown('hang');

    const answers = refs.map((_, i) => sendJira(receiver, anIssueEvent(i + 1)));
    await expect.poll(() => receiver.results.length, { timeout: 20_000 }).toBe(200);

    expect(new Set(receiver.results.map(([, result]) => result))).toEqual(new Set(['unavailable']));
    const first = await Promise.any(answers);
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '5']);
  }, 30_000);
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
