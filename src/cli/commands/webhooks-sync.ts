import { ConfigError, messageOf } from '../../errors.ts';
import type { ConnectionSettings } from '../../settings.ts';
import type { ConnectionSync } from '../connection-sync.ts';
import type { Context } from '../context.ts';
import { jiraFilter, jiraSteps } from '../jira-webhook-steps.ts';
import { renderSync } from '../render-sync.ts';
import type { Voice } from '../terminal.ts';

/**
 * `winnow webhooks sync`: brings the trackers' subscriptions into shape, or says what an administrator must enter. One
 * connection's failure does not keep the others from theirs.
 */
export async function webhooksSyncCommand(
  context: Context,
  voice: Voice,
  options: { readonly url?: string; readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const base = publicUrl(options.url ?? context.environment.WINNOW_PUBLIC_URL ?? '');
  const synced: ConnectionSync[] = [];
  for (const settings of context.config.connections)
    synced.push(await syncOne(context, settings, base, options.signal));
  if (options.json) voice.out(JSON.stringify({ connections: synced }, null, 2));
  else voice.out(renderSync(synced, voice));
  return synced.some(({ problem }) => problem !== null) ? 1 : 0;
}

/** Throws ConfigError for anything but the address of a service that a tracker could reach. */
function publicUrl(text: string): string {
  const hint = 'Say where trackers reach this service: --url https://winnow.example.com, or WINNOW_PUBLIC_URL.';
  if (text === '') throw new ConfigError(hint);
  if (!URL.canParse(text)) throw new ConfigError(`"${text}" is no address. ${hint}`);
  const { protocol, hostname, origin, pathname, username, search } = new URL(text);
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback)) {
    throw new ConfigError(`${origin} is not https, and both trackers deliver to https only. ${hint}`);
  }
  if (username !== '' || search !== '')
    throw new ConfigError(`The address must be plain, without login or query. ${hint}`);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

async function syncOne(
  context: Context,
  settings: ConnectionSettings,
  base: string,
  signal: AbortSignal,
): Promise<ConnectionSync> {
  const { name: connection, tracker } = settings;
  const newest = await (await context.store()).inbox.newest(connection);
  const none: ConnectionSync = {
    ...{ connection, tracker, url: null, subscriptions: [], problem: null },
    ...{ steps: [missingWebhook(settings)], lastDelivery: newest?.toISOString() ?? null },
  };
  if (settings.webhook === null) return none;
  const known = { ...none, steps: [], url: `${base}/webhooks/${encodeURIComponent(connection)}` };
  try {
    return { ...known, ...(await carryOut(context, settings, known.url, signal)) };
  } catch (error) {
    return { ...known, problem: messageOf(error) };
  }
}

async function carryOut(
  context: Context,
  settings: ConnectionSettings,
  url: string,
  signal: AbortSignal,
): Promise<Pick<ConnectionSync, 'steps'> | Pick<ConnectionSync, 'subscriptions'>> {
  const backlogs = context.config.backlogs.filter(backlog => backlog.connection === settings.name);
  if (settings.tracker === 'jira') {
    const { inbox } = await context.store();
    return {
      steps: jiraSteps({
        url,
        site: settings.url,
        filter: jiraFilter(await inbox.projects(backlogs.map(b => b.name))),
      }),
    };
  }
  const { syncWebhooks } = await context.connection(settings.name);
  const [password] = settings.webhook?.passwords ?? [];
  if (syncWebhooks === null || settings.webhook === null || password === undefined)
    return { steps: [missingWebhook(settings)] };
  const projects = new Set(backlogs.flatMap(({ scope }) => (scope.kind === 'azure-devops' ? [scope.project] : [])));
  const wish = { url, username: settings.webhook.username, password, projects: [...projects].sort() };
  return { subscriptions: await syncWebhooks(wish, signal) };
}

function missingWebhook({ name, tracker }: ConnectionSettings): string {
  const key =
    tracker === 'jira'
      ? 'webhook: { secrets: ["${JIRA_WEBHOOK_SECRET}"] }'
      : 'webhook: { username: winnow, passwords: ["${ADO_WEBHOOK_PASSWORD}"] }';
  return `Nothing tells who may deliver: add ${key} to connections.${name} in winnow.yaml, then run this again.`;
}
