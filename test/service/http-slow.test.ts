import { once } from 'node:events';
import { connect } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen, type Listening } from '../../src/service/http/listen.ts';

/** Real sockets that say one byte now and then, to hold a connection for ever. */
describe('service/http: slow senders', () => {
  let server: Listening;
  const patience = { checkMs: 20, headersMs: 2_000, requestMs: 2_500, keepAliveMs: 200 };

  beforeAll(async () => {
    const app = express();
    app.post('/', express.text({ type: () => true }), (_request, response) => void response.send('read'));
    server = await listen(app, { host: '127.0.0.1', port: 0 }, patience);
  });
  afterAll(() => server.close(100));

  /** Answers what the server said before it hung up. */
  async function drip(start: string, drop: string): Promise<string> {
    const socket = connect(server.port, '127.0.0.1');
    let said = '';
    socket.on('data', chunk => (said += String(chunk)));
    // The server hangs up while we still speak.
    socket.on('error', () => undefined);
    socket.write(start);
    const dripping = setInterval(() => socket.write(drop), 20);
    await new Promise(resolve => socket.once('close', resolve));
    clearInterval(dripping);
    return said;
  }

  test.concurrent.each([
    ['headers', 'POST / HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'],
    ['a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n', 'a'],
    ['chunks', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\na\r\n'],
  ])('those that drip %s are cut off while others are answered', async (_, start, drop) => {
    const slow = Array.from({ length: 20 }, () => drip(start, drop));
    const others = Promise.all(
      Array.from({ length: 20 }, async () => (await fetch(server.url, { method: 'POST', body: 'x' })).status),
    );

    expect(new Set(await others)).toEqual(new Set([200]));
    for (const said of await Promise.all(slow)) expect(said).not.toContain('200 OK');
  });

  test.concurrent('a connection that says nothing is cut off', async () => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');

    socket.resume();
    await once(socket, 'close');
  });
});
