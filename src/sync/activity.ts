import type { Activity, Actor, FieldChange, History } from '../item.ts';
import type { ActivityClock, IgnoredActivity, OwnWrite } from './ports.ts';

/**
 * The activity clock: when a person last did something meaningful to an item. Trackers' `updated` and `ChangedDate` lie,
 * for bots, ranks, labels and migrations move them.
 */
export interface ClockContext {
  readonly self: { readonly id: string };
  /** Further accounts that are not people, by id or display name. */
  readonly ignoreActors: readonly string[];
  /** All labels that are Winnow's. */
  readonly ownLabels: ReadonlySet<string>;
  /** Those that say a stage: a person who removes one has looked and disagreed. */
  readonly stageLabels: ReadonlySet<string>;
  /** The journal's writes to this item. */
  readonly ownWrites: readonly OwnWrite[];
  /** Since when the journal is complete; null: it holds nothing. */
  readonly coversSince: Date | null;
  /** Now, on the tracker's clock: an open intent reaches this far. */
  readonly readAt: Date;
}

/** A write that only a second Winnow on our account can have made. */
export interface Stranger {
  readonly at: Date;
  /** What it wrote, by whom and when: for people. */
  readonly what: string;
}

export interface ClockReading {
  readonly clock: ActivityClock;
  /** When a person last changed anything at all; null if never seen. */
  readonly personAt: Date | null;
  /** Newest rank-only change by a person; echoes of our own are taken out. */
  readonly rankedByPerson: { readonly at: Date; readonly who: string } | null;
  /** The newest sign of a second Winnow on our account. */
  readonly stranger: Stranger | null;
}

/** Clocks of two machines, and of intent and effect, may lie this far apart. */
const toleranceMs = 120_000;
const keptIgnored = 5;

interface Verdict {
  readonly counts: boolean;
  readonly byPerson: boolean;
  readonly what: string;
  readonly why: string;
  readonly drag: boolean;
  readonly stranger: boolean;
}

/** Reads an item's history (comments included) into its clock. `previous` is needed when the history only continues. */
export function readClock(
  item: { readonly createdAt: Date },
  history: History,
  previous: ClockReading | null,
  context: ClockContext,
): ClockReading {
  let reading = history.continues && previous !== null ? previous : startOf(item, history);
  const used = new Set<OwnWrite>();
  const entries = [...history.entries].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
  for (const entry of entries) reading = advance(reading, entry, judge(entry, context, used));
  return reading;
}

function startOf(item: { readonly createdAt: Date }, history: History): ClockReading {
  const nothing = { personAt: null, rankedByPerson: null, stranger: null };
  const known = history.since === null || item.createdAt >= history.since;
  if (known) return { ...nothing, clock: { at: item.createdAt, atMost: false, who: '', what: 'created', ignored: [] } };
  const at = history.before ?? history.since;
  return {
    ...nothing,
    clock: { at, atMost: true, who: '', what: 'nothing newer was found; at least so long ago', ignored: [] },
  };
}

function advance(reading: ClockReading, entry: Activity, verdict: Verdict): ClockReading {
  const who = entry.actor?.name ?? 'somebody';
  const personAt = verdict.byPerson ? later(reading.personAt, entry.at) : reading.personAt;
  const rankedByPerson = verdict.drag ? { at: entry.at, who } : reading.rankedByPerson;
  const stranger = verdict.stranger
    ? { at: entry.at, what: `${verdict.what} by ${who} at ${entry.at.toISOString()}` }
    : reading.stranger;
  if (verdict.counts && entry.at >= reading.clock.at) {
    const clock: ActivityClock = { at: entry.at, atMost: false, who, what: verdict.what, ignored: [] };
    return { clock, personAt, rankedByPerson, stranger };
  }
  if (verdict.counts) return { ...reading, personAt, rankedByPerson, stranger };
  const note: IgnoredActivity = { at: entry.at, who, what: verdict.what, why: verdict.why };
  const ignored =
    entry.at >= reading.clock.at ? [note, ...reading.clock.ignored].slice(0, keptIgnored) : reading.clock.ignored;
  return { clock: { ...reading.clock, ignored }, personAt, rankedByPerson, stranger };
}

function later(a: Date | null, b: Date): Date {
  return a !== null && a > b ? a : b;
}

function judge(entry: Activity, context: ClockContext, used: Set<OwnWrite>): Verdict {
  const what = describe(entry);
  const no = (why: string): Verdict => ({ counts: false, byPerson: false, what, why, drag: false, stranger: false });
  if (isIgnored(entry.actor, context)) return no('not a person');
  if (entry.kind !== 'changed') return { ...no(''), counts: true, byPerson: true };
  if (entry.fields.length === 0) return judgeBlank(entry, context, what);

  const judged = entry.fields.map(field => judgeField(field, entry, context, used));
  if (judged.some(j => j === 'counts')) return { ...no(''), counts: true, byPerson: true };
  const byPerson = judged.some(j => j === 'person');
  const stranger = judged.some(j => j === 'stranger');
  const rankOnly = entry.fields.every(f => f.kind === 'rank');
  const why = byPerson
    ? `${what} alone is not activity`
    : stranger
      ? 'written by another Winnow'
      : "Winnow's own write";
  return { ...no(why), byPerson, stranger, drag: byPerson && rankOnly };
}

/** A revision without field differences is a person's (an attachment), unless one of our writes fell on it. */
function judgeBlank(entry: Activity, context: ClockContext, what: string): Verdict {
  const ours = isSelf(entry.actor, context) && context.ownWrites.some(write => covers(write, entry.at, context));
  return { counts: !ours, byPerson: !ours, what, why: ours ? "Winnow's own write" : '', drag: false, stranger: false };
}

type FieldVerdict = 'counts' | 'person' | 'ours' | 'stranger';

function judgeField(field: FieldChange, entry: Activity, context: ClockContext, used: Set<OwnWrite>): FieldVerdict {
  switch (field.kind) {
    case 'other':
    case 'status':
      return 'counts';
    case 'labels':
      return judgeLabels(field, entry, context, used);
    case 'rank':
    case 'score':
      return judgeOwnable(field, entry, context, used);
    case 'sprint':
    case 'workflow':
    case 'remote-link':
      return 'person';
    default:
      return field.kind satisfies never;
  }
}

function judgeOwnable(field: FieldChange, entry: Activity, context: ClockContext, used: Set<OwnWrite>): FieldVerdict {
  const kind = field.kind === 'rank' ? 'rank' : 'score';
  if (takeOwn(w => w.field === kind, entry, context, used)) return 'ours';
  if (!isSelf(entry.actor, context)) return 'person';
  if (!isCovered(entry.at, context)) return 'ours';
  return kind === 'score' ? 'stranger' : 'person';
}

function judgeLabels(field: FieldChange, entry: Activity, context: ClockContext, used: Set<OwnWrite>): FieldVerdict {
  const added = field.added ?? [];
  const removed = field.removed ?? [];
  if ([...added, ...removed].some(label => !context.ownLabels.has(label))) return 'counts';
  let verdict: FieldVerdict = 'ours';
  for (const label of removed) {
    if (takeOwn(w => w.field === 'label' && w.from === label && w.to === null, entry, context, used)) continue;
    if (isSelf(entry.actor, context) && !isCovered(entry.at, context)) continue;
    if (context.stageLabels.has(label)) return 'counts';
    verdict = 'person';
  }
  for (const label of added) {
    if (takeOwn(w => w.field === 'label' && w.to === label, entry, context, used)) continue;
    if (!isSelf(entry.actor, context)) verdict = 'person';
    else if (isCovered(entry.at, context)) return 'stranger';
  }
  return verdict;
}

/** One journaled write explains at most one history entry, for rank history carries no value to tell them apart. */
function takeOwn(
  fits: (write: OwnWrite) => boolean,
  entry: Activity,
  context: ClockContext,
  used: Set<OwnWrite>,
): boolean {
  const found = context.ownWrites.find(w => !used.has(w) && fits(w) && covers(w, entry.at, context));
  if (found === undefined) return false;
  used.add(found);
  return true;
}

function covers(write: OwnWrite, at: Date, context: ClockContext): boolean {
  if (write.status === 'not-landed' || write.status === 'conflict') return false;
  const until = (write.closedAt ?? context.readAt).getTime() + toleranceMs;
  return at.getTime() >= write.intendedAt.getTime() - toleranceMs && at.getTime() <= until;
}

function isCovered(at: Date, context: ClockContext): boolean {
  return context.coversSince !== null && at >= context.coversSince;
}

function isSelf(actor: Actor | null, context: ClockContext): boolean {
  return actor !== null && actor.id === context.self.id;
}

function isIgnored(actor: Actor | null, context: ClockContext): boolean {
  if (actor === null) return false;
  if (actor.automated) return true;
  return context.ignoreActors.some(known => known === actor.id || known.toLowerCase() === actor.name.toLowerCase());
}

function describe(entry: Activity): string {
  if (entry.kind === 'commented') return 'comment';
  if (entry.kind === 'worklogged') return 'work logged';
  if (entry.fields.length === 0) return 'attachment or the like';
  return [...new Set(entry.fields.map(f => describeField(f)))].join(', ');
}

function describeField(field: FieldChange): string {
  if (field.kind === 'labels') {
    return [
      ...(field.added ?? []).map(l => `label ${l} added`),
      ...(field.removed ?? []).map(l => `label ${l} removed`),
    ].join(', ');
  }
  if (field.kind === 'status' && field.to !== null) return `${field.field} to ${field.to}`;
  return field.field;
}
