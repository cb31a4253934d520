import { ConfigError, NotFoundError } from '../../errors.ts';
import type { BacklogItem, ItemRef } from '../../item.ts';
import type { BacklogSettings } from '../../settings.ts';
import type { Context } from '../context.ts';
import { explainItem } from '../explain-item.ts';
import type { Explanation } from '../explanation.ts';
import { itemRoundOf } from '../item-audit.ts';
import { splitKey } from '../key.ts';
import { renderExplanation } from '../render-explain.ts';
import type { CommandRound } from '../command-round.ts';
import { runRound } from '../run-rounds.ts';
import type { Voice } from '../terminal.ts';

/** Rounds that concerned the item, newest first, among which its last changes are looked for. */
const lookedBack = 200;

/** `winnow explain <key>`: why an item stands where it stands. Makes one round that writes nothing. */
export async function explainCommand(
  context: Context,
  voice: Voice,
  key: string,
  options: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const { round, ref } = await findItem(context, key, options.signal);
  const explanation = await explain(context, round, ref);
  voice.out(options.json ? JSON.stringify(explanation, null, 2) : renderExplanation(explanation, voice));
  return 0;
}

async function findItem(
  context: Context,
  text: string,
  signal: AbortSignal,
): Promise<{ readonly round: CommandRound; readonly ref: ItemRef }> {
  const { connection, key } = splitKey(context.config, text);
  const candidates = context.config.backlogs.filter(b => connection === null || b.connection === connection);
  const failures: string[] = [];
  const seen = await lastSeen(context, candidates, key);
  refuseTwo(seen, key);
  for (const settings of [...new Set([...seen.map(one => one.settings), ...candidates])]) {
    const round = await runRound(context, settings, {
      purpose: 'explain',
      apply: false,
      sweep: false,
      liftLimits: false,
      memory: 'first',
      signal,
    });
    if (round.study === null) failures.push(`${settings.name}: ${round.error?.message ?? 'the round failed'}`);
    for (const [ref, state] of round.study?.pulled.states ?? []) {
      if (isCalled(state.item, key)) return { round, ref };
    }
  }
  const where = candidates.map(b => b.name).join(', ');
  const before = seen.map(({ settings, at }) => ` It was in ${settings.name} at ${at.toISOString()}.`).join('');
  const failed = failures.length === 0 ? '' : ` These could not be read: ${failures.join('; ')}.`;
  throw new NotFoundError(`${key} is in none of these backlogs: ${where}.${before}${failed}`);
}

interface Sighting {
  readonly settings: BacklogSettings;
  /** When its backlog was last read. */
  readonly at: Date;
}

/** Backlogs whose last snapshot holds the key: looked into first, so that the others need not be read. */
async function lastSeen(
  context: Context,
  candidates: readonly BacklogSettings[],
  key: string,
): Promise<readonly Sighting[]> {
  const { state } = await context.store();
  const seen: Sighting[] = [];
  for (const settings of candidates) {
    const snapshot = await state.load(settings.name);
    const holds = [...(snapshot?.items.values() ?? [])].some(({ item }) => isCalled(item, key));
    if (snapshot !== null && holds) seen.push({ settings, at: snapshot.meta.takenAt });
  }
  return seen;
}

/** Two sites may call different items by one key, most of all by a number. */
function refuseTwo(seen: readonly Sighting[], key: string): void {
  const connections = [...new Set(seen.map(({ settings }) => settings.connection))];
  if (connections.length < 2) return;
  const choices = connections.map(connection => `${connection}:${key}`).join(' or ');
  throw new ConfigError(`${key} is an item of several connections. Write ${choices}.`);
}

function isCalled({ key, ref }: BacklogItem, name: string): boolean {
  return key.toUpperCase() === name.toUpperCase() || ref === name;
}

async function explain(context: Context, round: CommandRound, ref: ItemRef): Promise<Explanation> {
  const { journal } = await context.store();
  const reports = (await journal.rounds({ backlog: round.settings.name, item: ref })).slice(0, lookedBack);
  const effects = await journal.effects({ item: ref, rounds: reports.map(({ id }) => id) });
  const past = reports.map(report => itemRoundOf({ report, audit: null }, ref, effects));
  return explainItem(round, ref, context.modelOf(round.settings), past);
}
