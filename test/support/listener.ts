import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/** A request as it arrived. */
export interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Parsed; deliveries are JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Listener {
  readonly url: string;
  readonly heard: readonly Heard[];
  /** Statuses of the next answers, in order; 202 after that. */
  answerWith(...statuses: number[]): void;
}

const running: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(close => close()));
});

/** An HTTP server that takes down what is posted to it; closed after the test. */
export async function aListener(): Promise<Listener> {
  const heard: Heard[] = [];
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      heard.push({ headers: request.headers, body, json: JSON.parse(body) as Heard['json'] });
      response.writeHead(statuses.shift() ?? 202).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  running.push(
    () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { url, heard, answerWith: (...next) => void statuses.push(...next) };
}
