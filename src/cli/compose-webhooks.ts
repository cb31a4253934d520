import type { Router } from 'express';
import type { ItemRef } from '../item.ts';
import type { AfterRound } from '../service/ports.ts';
import type { Metrics } from '../service/metrics.ts';
import type { Store } from '../store/open-store.ts';
import { echoOf, effectKeys } from '../sync/echo.ts';
import { reaches } from '../sync/own-writes.ts';
import { createMergedCalls } from '../webhooks/merge-calls.ts';
import type { Echoes } from '../webhooks/ports.ts';
import { patienceMs } from '../webhooks/receive.ts';
import { createWebhookRouter, type WebhookParts } from '../webhooks/router.ts';
import { answeredWithin } from '../within-time.ts';
import type { Context } from './context.ts';

/** `POST /webhooks/<connection>` with the store and the queue behind it. */
export async function composeWebhooks(context: Context, metrics: Pick<Metrics, 'delivery'>): Promise<Router> {
  const queue = await context.queue();
  return createWebhookRouter(await webhookParts(context, { queue, onDelivery: metrics.delivery }));
}

/** What webhooks are made of beside the queue. */
export async function webhookParts(
  context: Context,
  given: Pick<WebhookParts, 'queue' | 'onDelivery'>,
): Promise<WebhookParts> {
  const { config, clock, log } = context;
  const store = await context.store();
  const { connections, backlogs, service } = config;
  const { inbox, refusals } = store;
  const echoes = createEchoes(context, store);
  return { connections, backlogs, debounce: service.webhooks, clock, log, inbox, refusals, echoes, ...given };
}

/** Most items were never written by us: then one look-up says so, which deliveries under load share. */
function createEchoes({ config, clock }: Context, { journal, inbox }: Pick<Store, 'journal' | 'inbox'>): Echoes {
  const ignoresCase = new Map(config.connections.map(({ name, tracker }) => [name, tracker === 'azure-devops']));
  const ownWrites = createMergedCalls((connection, refs: readonly ItemRef[]) =>
    answeredWithin(journal.ownWrites(connection, [...new Set(refs)]), patienceMs),
  );
  return {
    async explains(connection, { delivery, ref, change }) {
      const all = (await ownWrites(connection, ref)).get(ref) ?? [];
      const now = clock.now();
      const readAt = change.at > now ? change.at : now;
      const context = { readAt, labelsIgnoreCase: ignoresCase.get(connection) ?? false };
      // A failed write may have arrived all the same; then somebody should look.
      const near = all.filter(write => write.status !== 'failed' && reaches(write, change.at, readAt));
      if (near.length === 0) return false;
      const taken = await inbox.echoes(connection, effectKeys(ref, near));
      const free = near.filter(write => {
        const by = effectKeys(ref, [write]).map(key => taken.get(key))[0];
        return by === undefined || by === delivery;
      });
      const echo = echoOf(change, { ...context, ownWrites: free });
      return echo !== null && inbox.claim(connection, { delivery, effects: effectKeys(ref, echo), at: now });
    },
  };
}

/** Notes how much of what people changed was announced, for connections that have a webhook. */
export function noteHearing(context: Context, metrics: Pick<Metrics, 'hearing'>): AfterRound {
  return async ({ job, round }) => {
    const { connection } = job;
    const webhook = context.config.connections.find(known => known.name === connection)?.webhook ?? null;
    if (webhook === null || round.heard === null) return;
    const { announced, missed } = round.heard;
    if (announced + missed.length === 0) return;
    metrics.hearing(connection, { announced, missed: missed.length });
    const { id, backlog } = round.report;
    const { hearings } = await context.store();
    await hearings.note({ round: id, backlog, connection, at: context.clock.now(), announced, missed: missed.length });
    if (missed.length === 0) return;
    const some = missed.slice(0, 10);
    context.log.warn(
      { connection, backlog, round: id, missed: missed.length, some },
      'no webhook announced changes that a round found',
    );
  };
}
