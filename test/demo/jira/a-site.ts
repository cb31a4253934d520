import {
  believableJiraBacklog,
  startJiraSite,
  type JiraSite,
  type JiraSiteOptions,
} from '../../../src/demo/jira/index.ts';

export const NOW = new Date('2026-03-30T10:00:00Z');

/** A clock that stands until somebody moves it. */
export function aClock(at = NOW): { now(): Date; pass(ms: number): void } {
  let now = at.getTime();
  return { now: () => new Date(now), pass: ms => void (now += ms) };
}

export function aSite(options: Partial<JiraSiteOptions> & { readonly items?: number } = {}): Promise<JiraSite> {
  const { items = 60, ...rest } = options;
  const records = believableJiraBacklog({ items, seed: 7, now: NOW });
  return startJiraSite({ clock: aClock(), records, numberFields: ['Winnow score'], ...rest });
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request with the site's own credentials, unless `headers` has others. */
export async function ask(site: JiraSite, path: string, asked: Asked = {}): Promise<Reply> {
  const authorization = `Basic ${Buffer.from(`${site.email}:${site.apiToken}`).toString('base64')}`;
  const json = asked.body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(`${site.url}${path}`, {
    method: asked.method ?? (asked.body === undefined ? 'GET' : 'POST'),
    headers: { authorization, ...json, ...asked.headers },
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as unknown) : null,
  };
}

/** A value inside JSON: `at(reply, 'issues.0.key')`; undefined where the way ends early. */
export function at(reply: Reply, way: string): unknown {
  return way.split('.').reduce<unknown>((value, step) => {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  }, reply.json);
}

/** Keys of a page of issues, in order. */
export function keysOf(reply: Reply): readonly string[] {
  const issues = at(reply, 'issues');
  return Array.isArray(issues) ? issues.map((issue: { readonly key: string }) => issue.key) : [];
}
