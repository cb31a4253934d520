import type { Change } from '../change.ts';
import { NotFoundError } from '../errors.ts';
import type { ItemRef } from '../item.ts';
import { bandOf, bandRange } from '../scoring/bands.ts';
import type { Model } from '../scoring/model.ts';
import { thresholdsFor } from '../scoring/staleness.ts';
import type { Assessment } from '../sync/assessment.ts';
import { whyNotEligible } from '../sync/eligible.ts';
import type { ActivityClock, Hold } from '../sync/ports.ts';
import type { Study } from '../sync/reconcile.ts';
import { changeText, whatChanged } from '../sync/what-changed.ts';
import type { Explanation } from './explanation.ts';
import type { ItemRound } from './item-audit.ts';
import type { CommandRound } from './command-round.ts';

const recent = 5;

/** Puts together why one item stands where it stands. `past`: its rounds, newest first. Throws NotFoundError. */
export function explainItem(
  { study, settings, sources }: CommandRound,
  ref: ItemRef,
  model: Model,
  past: readonly ItemRound[],
): Explanation {
  const state = study?.pulled.states.get(ref);
  const assessment = study?.desired.assessments.get(ref);
  if (!study || !state || !assessment) throw new NotFoundError(`${ref} is not in ${settings.name}`);
  const { desired, pulled } = study;
  const { score } = assessment;
  const { key, title, url } = state.item;
  const now = placeIn(desired.current, ref);
  const changed = whatChanged({ state, assessment, place: now }, pulled.snapshot, { model, settings, sources });
  const blockedBy = desired.blockedBy.get(ref) ?? [];
  return {
    ...{ ref, key, title, url, backlog: settings.name, model: model.name, modelHash: model.hash },
    score: score.score,
    undecayed: score.undecayed,
    raw: score.raw,
    coverage: Math.round(score.coverage * 10_000) / 10_000,
    parts: score.parts,
    ...bandJson(assessment, model),
    ...stageJson(assessment, model),
    thresholds: thresholdsFor(state.item, model),
    notRanked: whyNotEligible(state.item),
    clock: clockJson(state.clock),
    labels: assessment.labels,
    hold: holdJson(desired.holds.get(ref) ?? null),
    blockedBy,
    blockedByKeys: blockedBy.map(blocker => pulled.states.get(blocker)?.item.key ?? blocker),
    blocks: [...desired.blockedBy].flatMap(([blocked, by]) =>
      by.includes(ref) ? [pulled.states.get(blocked)?.item.key ?? blocked] : [],
    ),
    place: { now, desired: placeIn(desired.order, ref), of: desired.current.length },
    changed: changed === null ? null : { ...changed, since: changed.since.toISOString(), text: changeText(changed) },
    next: nextFor(study, ref),
    since: past.flatMap(writtenIn).slice(0, recent),
  };
}

function bandJson(assessment: Assessment, model: Model): Pick<Explanation, 'band' | 'bandRange' | 'bandKept'> {
  const { score, floor } = assessment.score;
  if (score === null || model.band === 0) return { band: null, bandRange: null, bandKept: null };
  const byScore = bandOf(score, model.band, null, floor);
  const band = assessment.band ?? byScore;
  return { band, bandRange: bandRange(band, model.band, floor), bandKept: band === byScore ? null : { byScore } };
}

function stageJson(
  { stage, idleDays }: Assessment,
  model: Model,
): Pick<Explanation, 'stage' | 'idleDays' | 'threshold' | 'exempt' | 'pruneBelowScore'> {
  const { threshold, exempt } = stage;
  return { stage: stage.stage, idleDays, threshold, exempt, pruneBelowScore: model.staleness.pruneBelowScore };
}

function clockJson({ at, who, what, atMost, ignored }: ActivityClock): Explanation['clock'] {
  const untold = ignored.map(other => ({
    at: other.at.toISOString(),
    who: other.who,
    what: other.what,
    why: other.why,
  }));
  return { at: at.toISOString(), who, what, ignored: untold, atMost };
}

function holdJson(hold: Hold | null): Explanation['hold'] {
  if (hold === null) return null;
  const { kind, since, until, by } = hold;
  return { kind, since: since.toISOString(), until: until?.toISOString() ?? null, by };
}

function placeIn(order: readonly ItemRef[], ref: ItemRef): number | null {
  const index = order.indexOf(ref);
  return index < 0 ? null : index + 1;
}

function nextFor({ guarded }: Study, ref: ItemRef): Explanation['next'] {
  const told = ({ kind, from, to, because }: Change) => ({ kind, from, to, because });
  return [
    ...guarded.changes.filter(change => change.ref === ref).map(change => ({ ...told(change), guard: null })),
    ...guarded.withheld.filter(change => change.ref === ref).map(c => ({ ...told(c), guard: c.guard })),
  ];
}

/** What a past round really wrote on the item. */
function writtenIn({ report, changes }: ItemRound): Explanation['since'] {
  return changes
    .filter(change => change.outcome === 'applied')
    .map(({ kind, from, to, because }) => ({
      round: report.id,
      // The item itself shows the text; here it would hide all else.
      what:
        kind === 'explanation-set' ? `${kind}: ${because}` : `${kind} ${from ?? 'none'} -> ${to ?? 'none'}: ${because}`,
    }));
}
