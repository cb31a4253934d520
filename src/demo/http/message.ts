import type { IncomingHttpHeaders } from 'node:http';

/** What a handler is given: one request, read to its end. */
export interface HttpRequest {
  readonly method: string;
  /** Decoded only by the router, segment by segment; here as sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as sent; empty when there was none. */
  readonly text: string;
}

/** What a handler gives back. At most one of `json`, `serialised` and `text`; none means no body. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Serialised as JSON by the server. */
  readonly json?: unknown;
  /** JSON text the handler has made already (large pages). */
  readonly serialised?: string;
  /** Anything else; say its `content-type` in `headers`, else it goes out as text/plain. */
  readonly text?: string;
}

/** One request with its answer, as seen on the wire. `answer` is null when the connection was cut before any answer. */
export interface Exchange {
  readonly number: number;
  readonly at: Date;
  readonly request: HttpRequest;
  readonly answer: WireAnswer | null;
  /** The fault that was played, if any. */
  readonly fault: string | null;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** null in the kept log when it was too large to keep; never null for `onExchange`. */
  readonly body: string | null;
}

/** The JSON a body holds, or undefined for an empty body. Throws SyntaxError on anything else. */
export function jsonOf(text: string): unknown {
  return text.trim() === '' ? undefined : (JSON.parse(text) as unknown);
}
