import type { Finding } from '../connectors/connector.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { Refused } from '../store/refusals.ts';

/** What is known of a connection's deliveries. */
export interface DeliveriesKnown {
  /** When the newest genuine one came; null: none ever. */
  readonly newest: Date | null;
  /** Changes by people that rounds found and nobody had announced, since then (or ever, in the last month). */
  readonly missedSince: number;
  /** Of the last week. */
  readonly week: { readonly announced: number; readonly missed: number };
  /** Those that did not prove where they come from; null: none ever. */
  readonly refused: Refused | null;
}

const dayMs = 86_400_000;

/** `winnow check`: does the tracker tell of changes, and if it is silent, was there anything to tell. Pure. */
export function webhookFinding(
  { name, webhook }: Pick<ConnectionSettings, 'name' | 'webhook'>,
  { newest, missedSince, week, refused }: DeliveriesKnown,
  now: Date,
): Finding {
  const topic = 'webhook';
  const wrong = refused === null || (newest !== null && newest > refused.lastAt) ? null : refused;
  if (wrong !== null && now.getTime() - wrong.lastAt.getTime() < 7 * dayMs) {
    const todo = `set the same secret here (connections.${name}.webhook) and in the tracker: winnow webhooks sync`;
    return { topic, status: 'problem', text: refusedText(wrong), todo };
  }
  const sync = 'see what is to be set up: winnow webhooks sync';
  if (webhook === null) {
    const text = 'none configured: changes are found by the schedule alone';
    return { topic, status: 'note', text, todo: `to hear of them at once, set connections.${name}.webhook` };
  }
  const found = missedSince === 1 ? '1 change was found' : `${missedSince} changes were found`;
  if (newest === null && missedSince === 0) {
    return { topic, status: 'note', text: 'no delivery has come yet', todo: sync };
  }
  if (newest === null)
    return { topic, status: 'problem', text: `no delivery has ever come although ${found}`, todo: sync };
  const days = Math.floor((now.getTime() - newest.getTime()) / dayMs);
  if (days >= 1 && missedSince > 0) {
    const silence = days === 1 ? 'a day' : `${days} days`;
    return { topic, status: 'problem', text: `no delivery for ${silence} although ${found}`, todo: sync };
  }
  const last = `the last delivery came at ${newest.toISOString()}`;
  if (week.missed === 0) return { topic, status: 'ok', text: last, todo: '' };
  const text = `${last}; of ${week.announced + week.missed} changes in a week ${week.missed} were not announced`;
  return { topic, status: 'note', text, todo: `compare the subscribed projects and events: winnow webhooks sync` };
}

/** For `check` and `status`. Pure. */
export function refusedText({ count, since, lastAt, problem }: Refused): string {
  const what = count === 1 ? 'a delivery was' : `${count} deliveries were`;
  const from = count === 1 ? '' : ` since ${since.toISOString()}`;
  return `${what} refused${from}, the last at ${lastAt.toISOString()}: ${problem}`;
}

interface Memory {
  readonly inbox: { newest(connection: string): Promise<Date | null> };
  readonly refusals: { of(connection: string): Promise<Refused | null> };
  readonly hearings: {
    since(connection: string, at: Date): Promise<{ readonly announced: number; readonly missed: number }>;
  };
}

/** Asks the store. */
export async function deliveriesOf(memory: Memory, name: string, now: Date): Promise<DeliveriesKnown> {
  const { inbox, hearings, refusals } = memory;
  const newest = await inbox.newest(name);
  const since = newest ?? new Date(now.getTime() - 30 * dayMs);
  const { missed } = await hearings.since(name, since);
  const week = await hearings.since(name, new Date(now.getTime() - 7 * dayMs));
  return { newest, missedSince: missed, week, refused: await refusals.of(name) };
}
