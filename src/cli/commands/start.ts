import { once } from 'node:events';
import type { Role } from '../../service/ports.ts';
import type { Service } from '../../service/start.ts';
import { ensureToken, type ApiToken } from '../../service/token.ts';
import { watch } from '../../service/watchdog.ts';
import type { Store } from '../../store/open-store.ts';
import { composeService } from '../compose-service.ts';
import { dataFolder, type Context } from '../context.ts';
import type { Session } from '../session.ts';

export interface StartOptions {
  readonly roles: readonly Role[];
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** A supervisor kills after ten seconds; whatever still hangs then is not waited for. */
const lastMs = 9_500;

/** `winnow start`: runs until it is told to stop. The first signal ends in order, a second one at once. */
export async function startCommand(context: Context, session: Session, options: StartOptions): Promise<number> {
  const store = await context.store();
  const token = options.roles.includes('web')
    ? ensureToken(context.config.service.http.apiToken, dataFolder(context.environment))
    : null;
  if (token !== null) session.secrets = [...session.secrets, token.value];
  if (token?.weak === true) warnOfToken(context);
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const service = await composeService(context, session, { ...options, signal, token: token?.value ?? null });
  if (options.roles.includes('web')) store.announce(service.url);
  sayHello(session, service, { ...options, token });
  if (store.kind === 'embedded') watchEmbedded(context, store, { signal, broken });
  if (!signal.aborted) await once(signal, 'abort');
  await end(context, service);
  return broken.signal.aborted ? 1 : 0;
}

function warnOfToken({ log }: Context): void {
  log.warn({}, 'service.http.apiToken is short enough to be guessed. Make a longer one with: openssl rand -hex 32');
}

function watchEmbedded(
  { log }: Context,
  { pool }: Store,
  { signal, broken }: { readonly signal: AbortSignal; readonly broken: AbortController },
): void {
  void watch({ ask: () => pool.query('select 1'), log, signal, gone: () => broken.abort() });
}

/** Workers close while requests end: both have the same ten seconds. */
async function end(context: Context, service: Service): Promise<void> {
  setTimeout(() => {
    context.log.error({}, 'something did not close in time; ending all the same');
    process.exit();
  }, lastMs).unref();
  await Promise.all([service.stop(), context.closeQueue()]);
}

function sayHello(
  { voice }: Session,
  { url }: Service,
  { roles, json, token }: StartOptions & { readonly token: ApiToken | null },
): void {
  const tokenFile = token?.file ?? null;
  if (json) {
    voice.out(JSON.stringify({ url, roles, tokenFile }));
    return;
  }
  voice.out(`Winnow serves ${url} (${roles.join(', ')}). Stop it with Ctrl-C.`);
  if (tokenFile !== null) voice.out(`The API token is in ${tokenFile}; set service.http.apiToken to choose your own.`);
}
