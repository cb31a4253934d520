import type { SendRequestOptions } from 'jira.js/core';
import type { Clock } from '../../clock.ts';
import { sendOnce, type Fetch, type HttpAnswer } from '../http.ts';

/** Sends one request to the site and learns the site's clock from the answer. */
export interface Exchange {
  readonly host: string;
  send(
    options: SendRequestOptions,
    how: { readonly writes: boolean; readonly signal: AbortSignal },
  ): Promise<HttpAnswer>;
  skewMs(): number | null;
}

const timeoutMs = 60_000;
/** A write in hand is finished when we are told to stop, but not for ever: the process has ten seconds to end. */
const graceMs = 7_000;
/** `Date` headers have whole seconds and travel; less than this is no difference. */
const noticeableSkewMs = 2_000;

export function createExchange(site: {
  readonly base: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly fetch?: Fetch;
}): Exchange {
  const { base, headers, clock } = site;
  // A gateway address has a path of its own, /ex/jira/<cloudId>, that every request keeps.
  const prefix = `${base.origin}${base.pathname.replace(/\/+$/, '')}`;
  let skew: number | null = null;
  return {
    host: base.host,
    async send(options, { writes, signal }) {
      const body = options.body === undefined ? null : JSON.stringify(options.body);
      const stop = writes ? withGrace(signal) : { signal, done: () => undefined };
      try {
        const answer = await sendOnce(
          {
            url: `${prefix}${options.url}${queryOf(options.searchParams)}`,
            method: options.method ?? 'GET',
            headers: body === null ? headers : { ...headers, 'Content-Type': 'application/json' },
            body,
            timeoutMs,
            signal: stop.signal,
          },
          site.fetch,
        );
        skew = skewOf(answer.headers.get('date'), clock.now()) ?? skew;
        return answer;
      } finally {
        stop.done();
      }
    },
    skewMs: () => skew,
  };
}

/** Lists become repeated parameters, as the OpenAPI documents say (`form`, exploded). */
function queryOf(parameters: SendRequestOptions['searchParams']): string {
  const query = new URLSearchParams();
  for (const [name, given] of Object.entries(parameters ?? {})) {
    if (given === undefined || given === null) continue;
    for (const one of Array.isArray(given) ? given : [given]) query.append(name, String(one));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function skewOf(date: string | null, now: Date): number | null {
  const at = Date.parse(date ?? '');
  if (Number.isNaN(at)) return null;
  const skew = at - now.getTime();
  return Math.abs(skew) < noticeableSkewMs ? 0 : skew;
}

function withGrace(signal: AbortSignal): { readonly signal: AbortSignal; readonly done: () => void } {
  const late = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  const begin = (): void => {
    timer = setTimeout(() => late.abort(), graceMs);
  };
  signal.addEventListener('abort', begin, { once: true });
  const done = (): void => {
    signal.removeEventListener('abort', begin);
    if (timer !== null) clearTimeout(timer);
  };
  return { signal: late.signal, done };
}
