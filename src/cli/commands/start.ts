import { once } from 'node:events';
import type { Role } from '../../service/ports.ts';
import type { Service } from '../../service/start.ts';
import { ensureToken, type ApiToken } from '../../service/token.ts';
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
  const service = await composeService(context, session, { ...options, token: token?.value ?? null });
  if (options.roles.includes('web')) store.announce(service.url);
  sayHello(session, service, { ...options, token });
  if (!options.signal.aborted) await once(options.signal, 'abort');
  setTimeout(() => {
    context.log.error({}, 'something did not close in time; ending all the same');
    process.exit(0);
  }, lastMs).unref();
  // Workers close while requests end: both have the same ten seconds.
  await Promise.all([service.stop(), context.closeQueue()]);
  return 0;
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
