/** One HTTP request, one answer. Retrying, pacing and the meaning of a status belong to the caller. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** For the whole exchange, the body included. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export type Fetch = typeof fetch;

/**
 * Sends a request over `fetch`, which keeps connections alive. A redirect is answered as such and never followed:
 * its target would receive the credentials. Rejects with fetch's own error; a timeout is a `TimeoutError`.
 */
export async function sendOnce(request: HttpRequest, send: Fetch = fetch): Promise<HttpAnswer> {
  const { url, method, headers, body, timeoutMs, signal } = request;
  const response = await send(url, {
    method,
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** `Authorization` for user name and password; UTF-8 as RFC 7617 allows. */
export function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}
