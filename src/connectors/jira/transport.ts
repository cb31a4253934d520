import type { SendRequestOptions } from 'jira.js/core';
import type { Clock } from '../../clock.ts';
import { ConfigError, InternalError, StoppedError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ConnectionSettings } from '../../settings.ts';
import { createCallCounter } from '../call-counter.ts';
import type { Calls } from '../connector.ts';
import { basicAuth, type Fetch } from '../http.ts';
import { createLimiter } from '../limiter.ts';
import { createWatcher, nobodyWatches, type Observer } from '../observer.ts';
import { pause, type Sleep } from '../pause.ts';
import type { Answer, Call } from './call.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { sendWithRetries, type SendParts } from './send.ts';
import { createThrottle } from './throttle.ts';
import { loadEndpoints, type Endpoints } from './vendor.ts';

export type JiraSettings = ConnectionSettings & { readonly tracker: 'jira' };

export interface JiraDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly sleep?: Sleep;
  /** Uniform in 0..1, for jitter. */
  readonly chance?: () => number;
  readonly fetch?: Fetch;
  readonly observer?: Observer;
}

export interface Transport {
  readonly host: string;
  /** Makes the one request that a jira.js endpoint function describes, with our own limits, retries and errors. */
  ask(call: Call, describe: (endpoints: Endpoints) => Promise<unknown>): Promise<Answer>;
  /** Requests made through this transport, repetitions included. */
  calls(): Calls;
  /** The same transport, with a count of its own. */
  counted(): Transport;
  /** Jira's clock minus ours, from the last `Date` header; null before the first answer. */
  skewMs(): number | null;
}

const atOnce = 5;

/** The only place that talks to Jira. */
export function createTransport(settings: JiraSettings, deps: JiraDeps): Transport {
  const watcher = createWatcher(settings, deps.observer ?? nobodyWatches, deps.sleep ?? pause);
  const wire = createExchange({
    base: baseUrl(settings),
    headers: { Authorization: authorization(settings), 'User-Agent': 'winnow', Accept: 'application/json' },
    clock: deps.clock,
    ...(deps.fetch === undefined ? {} : { fetch: deps.fetch }),
  });
  const exchange: Exchange = {
    ...wire,
    send: (options, how) => watcher.request(options.method ?? 'GET', options.url, () => wire.send(options, how)),
  };
  return transportOver({
    exchange,
    clock: deps.clock,
    log: deps.log,
    sleep: watcher.sleep,
    chance: deps.chance ?? Math.random,
    limit: createLimiter(atOnce),
    throttle: createThrottle(),
    secrets: secretsOf(settings),
  });
}

function transportOver(parts: Omit<SendParts, 'count'>): Transport {
  const counter = createCallCounter();
  const counted = { ...parts, count: counter.count };
  const { exchange } = parts;
  return {
    host: exchange.host,
    async ask(call, describe) {
      if (call.signal.aborted) throw new StoppedError(`stopped before ${call.what}`);
      const endpoints = await loadEndpoints();
      const answers: Answer[] = [];
      const send = async (options: SendRequestOptions): Promise<Answer> => {
        const answer = await sendWithRetries(counted, call, checked(options, exchange));
        answers.push(answer);
        return answer;
      };
      await describe({ client: clientOver(send), ...endpoints });
      const [answer] = answers;
      if (answer === undefined) throw new InternalError(`${call.what} made no request`);
      return answer;
    },
    calls: counter.now,
    counted: () => transportOver(parts),
    skewMs: exchange.skewMs,
  };
}

/** Bodies are read by our own schemas from `Answer`; what jira.js's functions make of them is not used. */
function clientOver(send: (options: SendRequestOptions) => Promise<Answer>): Endpoints['client'] {
  return {
    async sendRequest<T>(options: SendRequestOptions<T>): Promise<T> {
      return (await send(options as SendRequestOptions)).body as T;
    },
  };
}

/** jira.js puts ids into paths unencoded, so a path that leaves `/rest/` must never be sent. */
function checked(options: SendRequestOptions, exchange: Exchange): SendRequestOptions {
  if (/^\/rest(\/[A-Za-z0-9._-]+)+$/.test(options.url) && !options.url.includes('..')) return options;
  throw new InternalError(
    `a path for ${exchange.host} holds characters that no id has: ${JSON.stringify(options.url)}`,
  );
}

function baseUrl({ name, url }: JiraSettings): URL {
  if (!URL.canParse(url)) throw new ConfigError(`connections.${name}.url is no address: ${url}`);
  const base = new URL(url);
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(base.hostname);
  if (base.protocol === 'https:' || (base.protocol === 'http:' && loopback)) return base;
  throw new ConfigError(`connections.${name}.url must begin with https:// (http is for this machine only).`);
}

function authorization({ name, auth }: JiraSettings): string {
  if (auth.kind === 'bearer' && auth.accessToken !== undefined) return `Bearer ${auth.accessToken}`;
  if (auth.kind === 'basic' && auth.email !== undefined && auth.apiToken !== undefined) {
    return basicAuth(auth.email, auth.apiToken);
  }
  throw new ConfigError(`connections.${name}.auth needs email and apiToken, or accessToken.`);
}

function secretsOf({ auth }: JiraSettings): readonly string[] {
  const { email, apiToken, accessToken } = auth;
  const basic =
    email === undefined || apiToken === undefined ? [] : [basicAuth(email, apiToken).slice('Basic '.length)];
  return [apiToken, accessToken].flatMap(secret => secret ?? []).concat(basic);
}
