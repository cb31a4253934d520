import { once } from 'node:events';
import { Router } from 'express';
import { createRequestLog } from '../../service/http/request-log.ts';
import { createMetrics } from '../../service/metrics.ts';
import type { Role, RoundOrder, ServiceRound } from '../../service/ports.ts';
import { startService, type Service } from '../../service/start.ts';
import { ensureToken, type ApiToken } from '../../service/token.ts';
import { dataFolder, type Context } from '../context.ts';
import { createLogger } from '../logger.ts';
import { runRound } from '../run-rounds.ts';
import { loggerOptions, type Session } from '../session.ts';

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
  const service = await compose(context, session, { ...options, token });
  store.announce(service.url);
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

async function compose(
  context: Context,
  session: Session,
  { roles, token }: StartOptions & { readonly token: ApiToken | null },
): Promise<Service> {
  const { config, clock, log } = context;
  const queue = await context.queue();
  return startService({
    roles,
    backlogs: config.backlogs,
    http: config.service.http,
    clock,
    log,
    requestLog: createRequestLog(createLogger(loggerOptions(session, 'info'))),
    store: await context.store(),
    queue,
    metrics: createMetrics(),
    runRound: order => roundOf(context, order),
    afterRound: [],
    web: () => ({ token: token?.value ?? '', webhooks: Router(), api: Router(), board: Router() }),
  });
}

/** The same round as the command line makes. */
async function roundOf(context: Context, order: RoundOrder): Promise<ServiceRound> {
  const { settings, ...asked } = order;
  const round = await runRound(context, settings, { purpose: 'run', apply: false, liftLimits: false, ...asked });
  const pulled = round.study?.pulled ?? null;
  return {
    report: round.report,
    error: round.error,
    swept: pulled?.full ?? false,
    skewMs: round.skewMs,
    personAt: ref => pulled?.states.get(ref)?.personAt ?? null,
    quietMinutes: settings.limits.quietMinutes,
  };
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
