import { afterEach } from 'vitest';
import {
  startAzureDevOpsSite,
  type AzureDevOpsSite,
  type AzureDevOpsSiteOptions,
  type ProjectSpec,
} from '../../../src/demo/azure-devops/index.ts';

const running: AzureDevOpsSite[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(site => site.close()));
});

export const SHOP: ProjectSpec = {
  name: 'Shop',
  process: 'Agile',
  areas: ['Checkout'],
  iterations: [
    { path: 'Sprint 1', dates: { start: '2026-03-02', finish: '2026-03-13' } },
    { path: 'Sprint 2', dates: { start: '2026-03-16', finish: '2026-03-27' } },
  ],
  teams: [{ name: 'Fresh', fresh: true }],
};

/** A site that stands still at noon on 10 March 2026 unless told otherwise; closed after the test. */
export async function aSite(options: Partial<AzureDevOpsSiteOptions> = {}): Promise<AzureDevOpsSite> {
  const site = await startAzureDevOpsSite({
    clock: { now: () => new Date('2026-03-10T12:00:00Z') },
    projects: [SHOP],
    ...options,
  });
  running.push(site);
  return site;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed when it is JSON. */
  readonly json: Json;
}

// Answers are looked into freely; a missing member is undefined and fails the expectation.
export type Json = { readonly [key: string]: Json } & { readonly [index: number]: Json };

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly token?: string;
  /** Sent as it is instead of `body`. */
  readonly text?: string;
}

/** One request with the site's token; `path` is below the organisation. */
export async function ask(site: AzureDevOpsSite, path: string, options: Ask = {}): Promise<Reply> {
  const {
    method = 'GET',
    body,
    type = method === 'PATCH' ? 'application/json-patch+json' : 'application/json',
  } = options;
  const content = options.text ?? (body === undefined ? null : JSON.stringify(body));
  const response = await fetch(`${site.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Basic ${Buffer.from(`:${options.token ?? site.pat}`).toString('base64')}`,
      ...(content === null ? {} : { 'content-type': type }),
    },
    ...(content === null ? {} : { body: content }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
  return { status: response.status, headers: response.headers, text, json: (isJson ? JSON.parse(text) : {}) as Json };
}

export function patch(site: AzureDevOpsSite, id: number, operations: readonly unknown[], query = ''): Promise<Reply> {
  return ask(site, `/_apis/wit/workitems/${id}?api-version=7.1${query}`, { method: 'PATCH', body: operations });
}

export function aStory(
  site: AzureDevOpsSite,
  title = 'A story',
  fields: Readonly<Record<string, unknown>> = {},
): number {
  return site.createItem({ project: 'Shop', type: 'User Story', title, fields });
}
