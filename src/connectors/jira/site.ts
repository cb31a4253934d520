import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BadAnswerError, NotFoundError } from '../../errors.ts';
import type { MetadataCache, Self } from '../connector.ts';
import type { Limiter } from '../limiter.ts';
import { cached, parse } from './metadata.ts';
import { WireFields, WirePriorities, WireServerInfo, WireUser, type WireField } from './schema.ts';
import type { Answer } from './call.ts';
import type { JiraSettings, Transport } from './transport.ts';
import type { Endpoints } from './vendor.ts';

/** What is the same for all backlogs of a site. */
export interface Site {
  readonly transport: Transport;
  readonly metadata: MetadataCache;
  /** Begins every cache key: another account sees other fields and boards. */
  readonly account: string;
  readonly signal: AbortSignal;
  /** Rank requests of all backlogs, one after the other: they share one lock on Jira's side. */
  readonly rankLine: Limiter;
}

const CachedSelf = z.object({ id: z.string(), name: z.string(), skewMs: z.number(), url: z.string() });
export type SiteSelf = z.infer<typeof CachedSelf>;
const Names = z.array(z.string());
const prioritiesPage = 50;

/** A mark of the account that says nothing of the credential itself. */
export function accountMark({ url, auth }: JiraSettings): string {
  const secret = auth.apiToken ?? auth.accessToken ?? '';
  const digest = createHash('sha256').update(JSON.stringify([url, auth.email ?? null, secret]));
  return `jira:${digest.digest('hex').slice(0, 12)}`;
}

export async function readSelf(site: Site): Promise<SiteSelf> {
  return cached(site.metadata, `${site.account}:self`, CachedSelf, async () => {
    const url = await cloudUrl(site);
    const what = 'asking who we are';
    const user = parse(await ask(site, what, ({ cloud, client }) => cloud.getCurrentUser(client)), WireUser, what);
    return {
      id: user.accountId,
      name: user.displayName ?? user.accountId,
      skewMs: site.transport.skewMs() ?? 0,
      url,
    };
  });
}

export function selfOf(known: SiteSelf, transport: Transport): Self {
  const { id, name, skewMs } = known;
  return { id, name, skewMs: transport.skewMs() ?? skewMs, credentialExpiresAt: null };
}

/** The address people open, from a site that says it is Jira Cloud. */
async function cloudUrl(site: Site): Promise<string> {
  const what = 'asking what it is';
  let info;
  try {
    info = parse(await ask(site, what, ({ cloud, client }) => cloud.getServerInfo(client)), WireServerInfo, what);
  } catch (error) {
    if (error instanceof NotFoundError) throw await whatElse(site, error);
    throw error;
  }
  if (info.deploymentType !== null && info.deploymentType !== undefined && info.deploymentType !== 'Cloud') {
    throw notSupported(site, info.version);
  }
  const url = info.baseUrl ?? '';
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url.replace(/\/+$/, '') : '';
}

/** Data Center has no version 3 of the API; its version 2 says what it is. */
async function whatElse(site: Site, notFound: NotFoundError): Promise<Error> {
  const what = 'asking for an older interface';
  try {
    const answer = await ask(site, what, ({ client }) =>
      client.sendRequest({ url: '/rest/api/2/serverInfo', method: 'GET' }),
    );
    const info = WireServerInfo.safeParse(answer.body);
    if (info.success && info.data.deploymentType !== 'Cloud') return notSupported(site, info.data.version);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
  return new NotFoundError(`There is no Jira at ${site.transport.host}: check the connection's url.`, {
    cause: notFound,
  });
}

function notSupported(site: Site, version: string | null | undefined): BadAnswerError {
  return new BadAnswerError(
    `${site.transport.host} is Jira Data Center or Server${(version ?? '') === '' ? '' : ` ${version}`}, which is not supported: ` +
      'it lacks the bulk reads and edits that Winnow is built upon. Only Jira Cloud sites can be connected.',
  );
}

export function readFields(site: Site): Promise<readonly WireField[]> {
  return cached(site.metadata, `${site.account}:fields`, WireFields, async () => {
    const what = 'reading the list of fields';
    return parse(await ask(site, what, ({ cloud, client }) => cloud.getFields(client)), WireFields, what);
  });
}

/** Names of the site's priorities, most important first, as the site lists them. */
export function readPriorities(site: Site): Promise<readonly string[]> {
  return cached(site.metadata, `${site.account}:priorities`, Names, async () => {
    const what = 'reading the priorities';
    const names: string[] = [];
    for (;;) {
      const startAt = String(names.length);
      const answer = await ask(site, what, ({ cloud, client }) =>
        cloud.searchPriorities(client, { startAt, maxResults: String(prioritiesPage) }),
      );
      const page = parse(answer, WirePriorities, what);
      names.push(...page.values.map(priority => priority.name));
      if (page.isLast !== false || page.values.length === 0) return names;
    }
  });
}

/** One read outside any backlog's round. */
export function ask(site: Site, what: string, describe: (endpoints: Endpoints) => Promise<unknown>): Promise<Answer> {
  return site.transport.ask({ kind: 'read', what, signal: site.signal }, describe);
}
