import type { ExplanationSetChange } from '../change.ts';
import type { ExplanationForm } from '../connectors/connector.ts';
import type { BacklogItem, Reading } from '../item.ts';
import { plain } from '../plain-text.ts';
import { dueDay } from '../scoring/due-day.ts';
import { roundHalfUp } from '../scoring/half-up.ts';
import { isRatio } from '../scoring/methods/method.ts';
import type { Factor, Model, Part } from '../scoring/model.ts';
import type { Assessment } from './assessment.ts';
import { squeezed } from './same-text.ts';

/**
 * The explanation that people find on the item itself. It says nothing that the calendar alone changes from day to day
 * (no idle days, no days to a date), and what the calendar does to the figures is written only by whole score steps, so
 * that quiet items are not written. Pure.
 */
export interface ExplanationTerms {
  readonly model: Model;
  readonly form: ExplanationForm;
  /** IANA zone of the backlog, for due dates. */
  readonly zone: string;
  /** Points of score below which a mere difference of figures is left. */
  readonly step: number;
}

const opening = 'Winnow:';
const longestValue = 40;
/** Room for a figure such as `+100.00`: the same for all, so that no figure's growth pushes a factor out of the text. */
const figureRoom = 8;

/** What is to be written on one item: nothing unless eligible, on a text that is not ours, or for a mere trifle. */
export function explanationChange(
  item: BacklogItem,
  assessment: Assessment,
  terms: ExplanationTerms,
): ExplanationSetChange | null {
  const held = item.explanation;
  if (!assessment.eligible || held === undefined || !mayBeWritten(held)) return null;
  const to = explanationOf(assessment, terms);
  const base = { kind: 'explanation-set' as const, ref: item.ref, key: item.key, to };
  if (held.kind !== 'value') return { ...base, from: null, because: 'it had none' };
  const because = difference(held.value, to, terms.step);
  return because === null ? null : { ...base, from: held.value, because };
}

/** A place that is empty or holds a text of ours; what people wrote is never overwritten. */
export function mayBeWritten(held: Reading<string>): boolean {
  return held.kind === 'absent' || (held.kind === 'value' && isOurs(held.value));
}

/** Whether a text, or a property's JSON, is an explanation of ours. */
export function isOurs(text: string): boolean {
  return text.trimStart().startsWith(opening) || propertyIn(text) !== null;
}

/** An explanation of ours as one line for people, whatever form it is kept in. */
export function inOneLine(text: string): string {
  const held = propertyIn(text);
  if (held === null) return squeezed(text);
  const { score = null, band = null, stage = '', reasons = [] } = held;
  const list = Array.isArray(reasons) ? reasons.map(String).join('; ') : '';
  const told = score === null ? 'no score' : `score ${String(score)}`;
  return `${told}${band === null ? '' : `, band ${String(band)}`}: ${list}. Stage: ${String(stage)}.`;
}

/** The property's JSON if it is ours, else null. */
function propertyIn(text: string): Readonly<Record<string, unknown>> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  return 'by' in parsed && parsed.by === 'winnow' ? (parsed as Record<string, unknown>) : null;
}

/** Why the text has to be written anew, or null: it says the same, or differs by figures of less than a step. */
function difference(held: string, wanted: string, step: number): string | null {
  if (substance(held) !== substance(wanted)) return 'what it says changed';
  const [from, to] = [scoreIn(held), scoreIn(wanted)];
  if (from === null || to === null) return from === to ? null : 'the score changed';
  const apart = Math.round(Math.abs(to - from) * 100) / 100;
  return apart >= step ? `the score changed by ${apart}` : null;
}

/** The text without what the calendar may move: the score, and the points of each factor. */
function substance(text: string): string {
  return squeezed(text)
    .replace(scorePattern, ' ')
    .replace(/ (?:[+-]|= -?)\d+(?:\.\d+)?(?=[;.](?: |$)|")/g, '')
    .replace(/ \(raw -?\d+(?:\.\d+)?\)/, '');
}

const scorePattern = /^Winnow: score (-?\d+(?:\.\d+)?)|"score":(-?\d+(?:\.\d+)?)/;

function scoreIn(text: string): number | null {
  const found = scorePattern.exec(squeezed(text));
  return found === null ? null : Number(found[1] ?? found[2]);
}

/** Everything an item's explanation says, as its place can hold it. */
export function explanationOf(assessment: Assessment, terms: ExplanationTerms): string {
  const { score, raw } = assessment.score;
  const band = bandText(assessment, terms.model);
  const factors = assessment.score.parts.map(part => factorText(part, terms));
  const needs = needsOf(assessment, terms.model);
  if (terms.form.form === 'json') {
    // Keys in the order of the alphabet: whatever order a tracker keeps them in, they are read back in this one.
    const { stage } = assessment.stage;
    return JSON.stringify({
      band,
      by: 'winnow',
      model: terms.model.name,
      reasons: [...factors.map(({ name, figure }) => `${name}${figure}`), ...needs],
      score,
      stage,
    });
  }
  const points = raw === null ? '' : ` (raw ${figure(raw)})`;
  const told = score === null ? 'no score, for input is missing' : `score ${figure(score)}${points}`;
  const head = `${opening} ${told}${band === null ? '' : `, band ${band}`}.`;
  const state = [`Stage: ${assessment.stage.stage}.`, ...needs].join(' ');
  const most = terms.form.mostCharacters;
  const room = most === null ? Infinity : most - head.length - state.length - 2 * figureRoom;
  const list = factorList(factors, room);
  return [head, ...(list === '' ? [] : [list]), state].join(terms.form.form === 'line' ? ' ' : '\n');
}

interface FactorText {
  readonly name: string;
  /** Begins with a space; empty when the factor added nothing that could be told. */
  readonly figure: string;
}

function factorText(part: Part, { model, zone }: ExplanationTerms): FactorText {
  const points = figure(Math.abs(part.contribution));
  const sign = part.contribution < 0 ? '-' : '+';
  const value = valueText(
    part,
    model.factors.find(({ name }) => name === part.factor),
    zone,
  );
  const name = plain(`${part.factor}${value === '' ? '' : ` ${value}`}`).replace(/[;"]/g, ',');
  return { name, figure: isRatio(model.method) ? ` = ${figure(part.contribution)}` : ` ${sign}${points}` };
}

/** What people set, in their words. Votes and comments come and go, and age grows by itself: they show as points only. */
function valueText(part: Part, factor: Factor | undefined, zone: string): string {
  if (part.problem !== undefined) return 'unreadable';
  if (part.value === null) return 'none';
  if (factor?.source === 'age' || factor?.source === 'demand') return '';
  const text = plain(String(part.value));
  const day = factor?.source === 'urgency' ? dueDay(text, zone) : null;
  if (day !== null) return `due ${new Date(day * 86_400_000).toISOString().slice(0, 10)}`;
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1).trimEnd()}…`;
}

/** As many factors as surely fit, whatever their figures are. */
function factorList(factors: readonly FactorText[], room: number): string {
  const kept: FactorText[] = [];
  let used = 0;
  for (const factor of factors) {
    used += factor.name.length + figureRoom + 2;
    if (used > room) break;
    kept.push(factor);
  }
  const texts = kept.map(({ name, figure }) => `${name}${figure}`);
  return texts.length === 0 ? '' : `${texts.join('; ')}.`;
}

function bandText({ band }: Assessment, model: Model): string | null {
  if (band === null) return null;
  return `${figure(band * model.band)}-${figure(Math.min(100, (band + 1) * model.band))}`;
}

const needsByLabel: Readonly<Record<string, string>> = {
  'needs-estimate': 'Needs an estimate.',
  'needs-detail': 'Needs a longer description.',
  'needs-input': 'Lacks input for its score.',
};

function needsOf({ labels, stage }: Assessment, model: Model): readonly string[] {
  return labels.flatMap(({ name }) => {
    const bare = name.slice(model.labelPrefix.length);
    return bare === stage.stage ? [] : [needsByLabel[bare] ?? `Flagged ${plain(bare)}.`];
  });
}

function figure(of: number): string {
  return String(roundHalfUp(of));
}
