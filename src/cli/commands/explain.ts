import { NotFoundError } from '../../errors.ts';
import type { ItemRef } from '../../item.ts';
import { bandOf } from '../../scoring/bands.ts';
import type { BacklogSettings } from '../../settings.ts';
import type { RoundReport } from '../../sync/ports.ts';
import type { Context } from '../context.ts';
import type { Explanation } from '../explanation.ts';
import { splitKey } from '../key.ts';
import { renderExplanation } from '../render-explain.ts';
import { runRound, type CommandRound } from '../run-rounds.ts';
import type { Voice } from '../terminal.ts';

const recentRounds = 5;

/** `winnow explain <key>`: why an item stands where it stands. Makes one round that writes nothing. */
export async function explainCommand(
  context: Context,
  voice: Voice,
  key: string,
  options: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const { round, ref } = await findItem(context, key, options.signal);
  const explanation = await explain(context, round, ref);
  voice.out(options.json ? JSON.stringify(explanation, null, 2) : renderExplanation(explanation, round, voice));
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
  for (const settings of await likelyFirst(context, candidates, key)) {
    const round = await runRound(context, settings, {
      purpose: 'plan',
      apply: false,
      sweep: false,
      liftLimits: false,
      signal,
    });
    if (round.study === null) failures.push(`${settings.name}: ${round.error?.message ?? 'the round failed'}`);
    for (const [ref, state] of round.study?.pulled.states ?? []) {
      if (sameKey(state.item.key, key)) return { round, ref };
    }
  }
  const where = candidates.map(b => b.name).join(', ');
  const failed = failures.length === 0 ? '' : ` These could not be read: ${failures.join('; ')}.`;
  throw new NotFoundError(`${key} is in none of these backlogs: ${where}.${failed}`);
}

/** Backlogs whose last snapshot holds the key come first, so that the others need not be read. */
async function likelyFirst(
  context: Context,
  candidates: readonly BacklogSettings[],
  key: string,
): Promise<readonly BacklogSettings[]> {
  const { state } = await context.store();
  const holding: BacklogSettings[] = [];
  for (const settings of candidates) {
    const snapshot = await state.load(settings.name);
    if ([...(snapshot?.items.values() ?? [])].some(s => sameKey(s.item.key, key))) holding.push(settings);
  }
  return [...holding, ...candidates.filter(settings => !holding.includes(settings))];
}

function sameKey(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

async function explain(context: Context, round: CommandRound, ref: ItemRef): Promise<Explanation> {
  const { study, settings } = round;
  const state = study?.pulled.states.get(ref);
  const assessment = study?.desired.assessments.get(ref);
  if (!study || !state || !assessment) throw new NotFoundError(`${ref} is not in ${settings.name}`);
  const { desired } = study;
  const { score } = assessment;
  const hold = desired.holds.get(ref) ?? null;
  const { journal } = await context.store();
  const past = await journal.rounds({ backlog: settings.name, item: ref });
  const rounds = past.filter(({ outcomes }) => outcomes.applied > 0).slice(0, recentRounds);
  const model = context.modelOf(settings);
  const strictBand =
    score.score === null || model.band === 0 ? null : bandOf(score.score, model.band, null, score.floor);
  return {
    ref,
    key: state.item.key,
    backlog: settings.name,
    model: `${model.name} (${model.hash})`,
    score: score.score,
    raw: score.raw,
    coverage: Math.round(score.coverage * 10_000) / 10_000,
    parts: score.parts,
    band: assessment.band ?? strictBand,
    stage: assessment.stage.stage,
    clock: clockJson(state.clock),
    labels: assessment.labels,
    hold:
      hold === null
        ? null
        : { kind: hold.kind, since: hold.since.toISOString(), until: hold.until?.toISOString() ?? null, by: hold.by },
    blockedBy: desired.blockedBy.get(ref) ?? [],
    place: { now: placeIn(desired.current, ref), desired: placeIn(desired.order, ref), of: desired.current.length },
    since: rounds.flatMap(written => historyOf(written, ref)),
  };
}

function clockJson(clock: {
  at: Date;
  who: string;
  what: string;
  ignored: readonly { at: Date; who: string; what: string; why: string }[];
}): Explanation['clock'] {
  const { at, who, what } = clock;
  return {
    at: at.toISOString(),
    who,
    what,
    ignored: clock.ignored.map(i => ({ at: i.at.toISOString(), who: i.who, what: i.what, why: i.why })),
  };
}

function placeIn(order: readonly ItemRef[], ref: ItemRef): number | null {
  const index = order.indexOf(ref);
  return index < 0 ? null : index + 1;
}

function historyOf(round: RoundReport, ref: ItemRef): readonly { round: string; what: string }[] {
  return round.changes
    .filter(change => change.ref === ref)
    .map(change => ({
      round: round.id,
      what: `${change.kind} ${change.from ?? 'none'} -> ${change.to ?? 'none'}: ${change.because}`,
    }));
}
