import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { createApi } from '../service/http/api.ts';
import type { AppParts } from '../service/http/app.ts';
import { createBoard } from '../service/http/board.ts';
import { createRequestLog } from '../service/http/request-log.ts';
import { createMetrics } from '../service/metrics.ts';
import type { Role, RoundOrder, ServiceFacts, ServiceRound } from '../service/ports.ts';
import { startService, type Service } from '../service/start.ts';
import { statusOf } from '../service/status.ts';
import { hearingOf } from '../sync/hearing.ts';
import { announceRound, groomingAfter } from './announce-round.ts';
import { forgetOldRounds } from '../sync/retention.ts';
import { statusJson } from './commands/status.ts';
import { composeWebhooks, noteHearing } from './compose-webhooks.ts';
import type { Context } from './context.ts';
import { createLogger } from './logger.ts';
import { carryOut } from './remote/carry-out.ts';
import { CommandRequest, type CommandAnswer } from './remote/command-wire.ts';
import { runRound } from './run-rounds.ts';
import { loggerOptions, type Session } from './session.ts';

interface ServiceTerms {
  readonly roles: readonly Role[];
  /** Of the API; null: no web role. */
  readonly token: string | null;
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
}

/** Puts the service together from the parts that the command line has. */
export async function composeService(context: Context, session: Session, terms: ServiceTerms): Promise<Service> {
  const { config, clock, log } = context;
  const boardQueues = await queuesOf(context);
  const metrics = createMetrics();
  context.observe(metrics);
  const webhooks = await composeWebhooks(context, metrics);
  return startService({
    roles: terms.roles,
    backlogs: config.backlogs,
    http: addressOf(context),
    clock,
    log,
    requestLog: createRequestLog(createLogger(loggerOptions(session, 'info'))),
    store: await context.store(),
    queue: await context.queue(),
    metrics,
    runRound: order => roundOf(context, order),
    daily: now => forgetOld(context, now),
    afterRound: [({ round }) => announceRound(context, round), noteHearing(context, metrics)],
    web: facts => ({
      token: terms.token ?? '',
      webhooks,
      board: createBoard('/admin/queues', boardQueues),
      api: apiOf(context, session, { facts, signal: terms.signal }),
    }),
  });
}

async function forgetOld({ store, config, log }: Context, now: Date): Promise<void> {
  const { journal } = await store();
  const pruned = await forgetOldRounds(journal, config.service.journalDays, now);
  log.info({ ...pruned }, 'rounds older than service.journalDays were forgotten');
}

/** `WINNOW_HTTP_HOST` and `WINNOW_HTTP_PORT` beat the file: one winnow.yaml serves a laptop and a container. */
function addressOf({ config, environment }: Context): { readonly host: string; readonly port: number } {
  const { host, port } = config.service.http;
  const { WINNOW_HTTP_HOST: otherHost = '', WINNOW_HTTP_PORT: otherPort = '' } = environment;
  if (otherPort !== '' && !(/^\d{1,5}$/.test(otherPort) && Number(otherPort) <= 65_535)) {
    throw new ConfigError(`WINNOW_HTTP_PORT is "${otherPort}"; it must be a whole number from 0 to 65535.`);
  }
  return { host: otherHost === '' ? host : otherHost, port: otherPort === '' ? port : Number(otherPort) };
}

async function queuesOf(context: Context): Promise<readonly unknown[]> {
  const queue = await context.queue();
  const connections = [...new Set(context.config.backlogs.map(backlog => backlog.connection))];
  return Promise.all(connections.map(connection => queue.raw(connection)));
}

function apiOf(
  context: Context,
  session: Session,
  { facts, signal }: { readonly facts: ServiceFacts; readonly signal: AbortSignal },
): NonNullable<AppParts['web']>['api'] {
  const { clock, log } = context;
  const { backlogs } = context.config;
  const inside = { context, facts, secrets: () => session.secrets };
  return createApi({
    backlogs,
    log,
    signal,
    now: () => clock.now(),
    enqueue: async job => (await context.queue()).enqueue(job),
    async status() {
      const [store, queue] = [await context.store(), await context.queue()];
      return statusJson(await statusOf({ backlogs, clock, store, queue }), facts);
    },
    command: body => commandOf(body, inside),
  });
}

function commandOf(
  body: unknown,
  inside: Parameters<typeof carryOut>[1],
): string | ((signal: AbortSignal) => Promise<CommandAnswer>) {
  const request = CommandRequest.safeParse(body);
  if (!request.success) return z.prettifyError(request.error);
  return signal => carryOut(request.data, inside, signal);
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
    grooming: groomingAfter(round),
    skewMs: round.skewMs,
    heard:
      pulled === null
        ? null
        : hearingOf(pulled, asked.touched, new Date(context.clock.now().getTime() + (round.skewMs ?? 0))),
    personAt: ref => pulled?.states.get(ref)?.personAt ?? null,
    quietMinutes: settings.limits.quietMinutes,
  };
}
