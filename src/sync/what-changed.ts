import type { BacklogItem, ItemRef } from '../item.ts';
import { bandRange } from '../scoring/bands.ts';
import type { Model, Part } from '../scoring/model.ts';
import type { Assessment, DesireInput } from './assessment.ts';
import { assess } from './desire.ts';
import { isEligible } from './eligible.ts';
import type { ItemState, Snapshot } from './ports.ts';

/** One difference, as people read it. */
export interface Difference {
  readonly what: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What became of an item since the last round: what changed on it, and what that did. */
export interface WhatChanged {
  /** When the last round read, on the tracker's clock. */
  readonly since: Date;
  readonly causes: readonly Difference[];
  readonly effects: readonly Difference[];
}

interface View {
  readonly state: ItemState;
  readonly assessment: Assessment;
  readonly place: number | null;
}

/** Compares an item with the last snapshot. null: there was no round before, or it did not know the item. Pure. */
export function whatChanged(
  now: View,
  snapshot: Snapshot | null,
  input: Pick<DesireInput, 'model' | 'settings' | 'sources'>,
): WhatChanged | null {
  const known = snapshot?.items.get(now.state.item.ref);
  if (snapshot === null || known === undefined) return null;
  const since = snapshot.meta.takenAt;
  const assessment = assess(known, { ...input, now: since });
  const before: View = { state: known, assessment, place: placeIn(snapshot, known.item.ref) };
  return { since, causes: causesOf(before, now), effects: effectsOf(before, now, input.model) };
}

/** `priority Medium -> High: score 41.25 -> 52.5, band 40-45 -> 50-55`; null: nothing changed. */
export function changeText({ causes, effects }: Pick<WhatChanged, 'causes' | 'effects'>): string | null {
  if (causes.length + effects.length === 0) return null;
  const text = (all: readonly Difference[]): string => all.map(differenceText).join(', ');
  if (causes.length === 0) return `nothing on the item itself: ${text(effects)}`;
  return effects.length === 0 ? `${text(causes)}: score and place are as before` : `${text(causes)}: ${text(effects)}`;
}

function differenceText({ what, from, to }: Difference): string {
  return `${what} ${from ?? 'none'} -> ${to ?? 'none'}`;
}

function placeIn(snapshot: Snapshot, ref: ItemRef): number | null {
  const eligible = snapshot.meta.order.filter(other => {
    const state = snapshot.items.get(other);
    return state !== undefined && isEligible(state.item);
  });
  const index = eligible.indexOf(ref);
  return index < 0 ? null : index + 1;
}

function causesOf(before: View, now: View): readonly Difference[] {
  const [old, item] = [before.state.item, now.state.item];
  return [
    ...now.assessment.score.parts.flatMap(part => partDifference(part, before.assessment.score.parts)),
    ...differences([
      ['type', old.type, item.type],
      ['status', old.trackerStatus, item.trackerStatus],
      ['sprint', old.sprint, item.sprint],
      ['labels', labelsOf(old), labelsOf(item)],
      ['blocked by', old.blockedBy.join(' ') || null, item.blockedBy.join(' ') || null],
      ['last activity', clockText(before.state), clockText(now.state)],
    ]),
  ];
}

/** A value that changed; or one that stayed, and counts otherwise by the calendar alone. */
function partDifference(part: Part, earlier: readonly Part[]): readonly Difference[] {
  const old = earlier.find(other => other.factor === part.factor);
  if (old === undefined) return [];
  const [from, to] = [textOf(old.value), textOf(part.value)];
  if (from !== to) return [{ what: part.factor, from, to }];
  const [was, is] = [old.contribution.toFixed(2), part.contribution.toFixed(2)];
  return was === is ? [] : [{ what: `points of ${part.factor}`, from: was, to: is }];
}

function effectsOf(before: View, now: View, model: Model): readonly Difference[] {
  return differences([
    ['score', textOf(before.assessment.score.score), textOf(now.assessment.score.score)],
    ['band', bandText(before.assessment, model), bandText(now.assessment, model)],
    ['stage', before.assessment.stage.stage, now.assessment.stage.stage],
    ['place', textOf(before.place), textOf(now.place)],
  ]);
}

function differences(rows: readonly (readonly [string, string | null, string | null])[]): readonly Difference[] {
  return rows.flatMap(([what, from, to]) => (from === to ? [] : [{ what, from, to }]));
}

function bandText({ band, score }: Assessment, model: Model): string | null {
  return band === null ? null : bandRange(band, model.band, score.floor).join('-');
}

function clockText({ clock }: ItemState): string {
  const by = clock.who === '' ? '' : ` by ${clock.who}`;
  return `${clock.at.toISOString().slice(0, 10)} ${clock.what}${by}`;
}

function labelsOf({ labels }: BacklogItem): string | null {
  return [...labels].sort().join(' ') || null;
}

function textOf(value: number | string | null): string | null {
  return value === null ? null : String(value);
}
