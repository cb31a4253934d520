import { readFileSync } from 'node:fs';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { ConnectionSettings } from '../../settings.ts';
import type { Connection, MetadataCache, Self } from '../connector.ts';
import { createWatcher, nobodyWatches, type Observer } from '../observer.ts';
import { pause, type Sleep } from '../pause.ts';
import { openBacklog } from './backlog.ts';
import { createApis } from './client.ts';
import { createCredentials } from './credentials.ts';
import { createGate } from './gate.ts';
import { createLocations } from './locations.ts';
import type { Quiet } from './perform.ts';
import { readSelf } from './self.ts';
import { createSession, type Session } from './session.ts';
import { syncSubscriptions } from './subscriptions.ts';

export interface AzureDevOpsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metadata: MetadataCache;
  readonly sleep?: Sleep;
  /** 0..1, for jitter. */
  readonly chance?: () => number;
  /** Where Entra tokens come from; without trailing slash. */
  readonly tokenHost?: string;
  readonly observer?: Observer;
}

type Settings = ConnectionSettings & { readonly tracker: 'azure-devops' };

const suppressKey = 'azure-devops:notifications-cannot-be-suppressed';
const daySeconds = 86_400;

/** One organisation of Azure DevOps Services. Makes no call by itself. */
export function createAzureDevOpsConnection(settings: Settings, deps: AzureDevOpsDeps): Connection {
  const { log, metadata } = deps;
  const closed = new AbortController();
  const line = openLine(settings, deps);
  const session = line.session();
  let asked: Promise<{ readonly id: string; readonly name: string }> | null = null;

  const self = async (): Promise<Self> => {
    asked ??= readSelf(session, closed.signal).catch((error: unknown) => {
      asked = null;
      throw error;
    });
    const { id, name } = await asked;
    return { id, name, skewMs: line.skewMs(), credentialExpiresAt: null };
  };
  const quiet: Quiet = { allowed: true, refused: () => metadata.put(suppressKey, true, daySeconds) };

  return {
    name: settings.name,
    tracker: 'azure-devops',
    self,
    async openBacklog(request) {
      if ((await metadata.get(suppressKey)) === true) quiet.allowed = false;
      const common = { request, cache: metadata, url: settings.url, log, quiet };
      return openBacklog({ ...common, session: line.session(), self: await self() }, closed.signal);
    },
    syncWebhooks: (wish, signal) => syncSubscriptions(wish, line.session(), AbortSignal.any([signal, closed.signal])),
    close() {
      closed.abort();
      line.close();
      return Promise.resolve();
    },
  };
}

/** The way to one organisation: sockets, pace and credential are shared by all its backlogs. */
interface Line {
  session(): Session;
  /** The service's clock minus ours, by its newest answer. */
  skewMs(): number;
  close(): void;
}

function openLine(settings: Settings, deps: AzureDevOpsDeps): Line {
  const { url, auth } = settings;
  const { clock, log, metadata, chance = Math.random, tokenHost } = deps;
  const watcher = createWatcher(settings, deps.observer ?? nobodyWatches, deps.sleep ?? pause);
  const gate = createGate({ clock, sleep: watcher.sleep, chance, atOnce: 4 });
  const credentials = createCredentials(auth, clock, tokenHost ?? 'https://login.microsoftonline.com');
  const locations = createLocations(metadata);
  let skew = 0;
  const sawDate = (server: Date): void => {
    skew = skewBetween(server, clock.now());
  };
  const userAgent = `winnow/${versionOfWinnow()}`;
  const secrets = secretsOf(auth);
  const apis = createApis({ url, userAgent, credentials, gate, clock, locations, sawDate, secrets, watcher });
  return {
    session: () => createSession({ apis, gate, credentials, log, chance, now: () => clock.now() }),
    skewMs: () => skew,
    close: apis.dispose,
  };
}

/** What must never show in a message, should a gateway echo it. */
function secretsOf(auth: Settings['auth']): readonly string[] {
  if (auth.kind === 'pat') return [auth.pat, Buffer.from(`PAT:${auth.pat}`).toString('base64')];
  return [auth.kind === 'bearer' ? auth.accessToken : auth.clientSecret];
}

/** The Date header is cut to whole seconds: a difference below two is no difference. */
function skewBetween(server: Date, ours: Date): number {
  const ms = server.getTime() - ours.getTime();
  return Math.abs(ms) < 2_000 ? 0 : ms;
}

function versionOfWinnow(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  const { version } = manifest as { readonly version?: unknown };
  return typeof version === 'string' ? version : '0';
}
