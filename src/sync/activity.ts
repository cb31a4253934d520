import type { Activity, Actor, FieldChange, History } from '../item.ts';
import { markOwn, reaches, toleranceMs, type OwnMarks } from './own-writes.ts';
import type { ActivityClock, IgnoredActivity, LostSpan, OwnWrite, RankedByPerson } from './ports.ts';

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
  /** Since when the journal is complete, on the tracker's clock; null: it holds nothing. */
  readonly coversSince: Date | null;
  /** Times that the journal lacks although it covers what lies before them (it was restored), on the tracker's clock. */
  readonly lost?: readonly LostSpan[];
  /** True where `Stale` and `stale` are one label. */
  readonly labelsIgnoreCase?: boolean;
  /** True where a write of ours may show as an entry without fields: then the journal alone tells it from a person's. */
  readonly blanksMayBeOurs?: boolean;
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
  readonly rankedByPerson: RankedByPerson | null;
  /** True when a rank of our own came after that change. */
  readonly overtaken?: boolean;
  /** The newest sign of a second Winnow on our account. */
  readonly stranger: Stranger | null;
  /** Writes of ours whose outcome nobody knew, and that this history proves to have arrived. */
  readonly proven?: readonly OwnWrite[];
}

const keptIgnored = 5;
const ownWrite = "Winnow's own write";

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
  const entries = [...history.entries].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
  const own = markOwn(entries, context);
  const trial = {
    context,
    own,
    ownLabels: foldAll(context.ownLabels, context),
    stages: foldAll(context.stageLabels, context),
  };
  for (const entry of entries) reading = advance(reading, entry, judge(entry, trial));
  return own.proven.length === 0 ? reading : { ...reading, proven: own.proven };
}

/** What judges an entry: the context, with labels folded and the journal's writes paired with what they explain. */
interface Trial {
  readonly context: ClockContext;
  readonly own: OwnMarks;
  readonly ownLabels: ReadonlySet<string>;
  readonly stages: ReadonlySet<string>;
}

function foldAll(labels: ReadonlySet<string>, context: ClockContext): ReadonlySet<string> {
  return context.labelsIgnoreCase === true ? new Set([...labels].map(label => label.toLowerCase())) : labels;
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
  const rankedByPerson = verdict.drag ? rankedIn(entry, who) : reading.rankedByPerson;
  const ownRank = verdict.why === ownWrite && entry.fields.some(({ kind }) => kind === 'rank');
  const overtaken = !verdict.drag && (ownRank || reading.overtaken === true);
  const stranger = verdict.stranger
    ? { at: entry.at, what: `${verdict.what} by our account at ${entry.at.toISOString()}` }
    : reading.stranger;
  if (verdict.counts && entry.at >= reading.clock.at) {
    const clock: ActivityClock = { at: entry.at, atMost: false, who, what: verdict.what, ignored: [] };
    return { clock, personAt, rankedByPerson, overtaken, stranger };
  }
  if (verdict.counts) return { ...reading, personAt, rankedByPerson, overtaken, stranger };
  const note: IgnoredActivity = { at: entry.at, who, what: verdict.what, why: verdict.why };
  const ignored =
    entry.at >= reading.clock.at ? [note, ...reading.clock.ignored].slice(0, keptIgnored) : reading.clock.ignored;
  return { clock: { ...reading.clock, ignored }, personAt, rankedByPerson, overtaken, stranger };
}

function rankedIn(entry: Activity, who: string): RankedByPerson {
  const entered = entry.fields.every(field => field.from === null && field.to !== null);
  return entered ? { at: entry.at, who, entered } : { at: entry.at, who };
}

function later(a: Date | null, b: Date): Date {
  return a !== null && a > b ? a : b;
}

function judge(entry: Activity, trial: Trial): Verdict {
  const { context } = trial;
  const what = describe(entry);
  const no = (why: string): Verdict => ({ counts: false, byPerson: false, what, why, drag: false, stranger: false });
  if (isIgnored(entry.actor, context)) return no('not a person');
  if (entry.kind !== 'changed') return { ...no(''), counts: true, byPerson: true };
  if (entry.fields.length === 0) return judgeBlank(entry, context, what);
  if (isWhollyOurs(entry, trial)) return no(ownWrite);

  const judged = entry.fields.map(field => judgeField(field, entry, trial));
  if (judged.some(j => j === 'counts')) return { ...no(''), counts: true, byPerson: true };
  const byPerson = judged.some(j => j === 'person');
  const stranger = judged.some(j => j === 'stranger');
  const rankOnly = entry.fields.every(f => f.kind === 'rank');
  const why = byPerson ? `${what} alone is not activity` : stranger ? 'written by another Winnow' : ownWrite;
  return { ...no(why), byPerson, stranger, drag: byPerson && rankOnly };
}

/**
 * An entry is one save. If what the journal explains in it is certain, all of it is ours: the tracker's own rules may have
 * set further fields along with it.
 */
function isWhollyOurs({ fields }: Activity, { own, ownLabels, context }: Trial): boolean {
  let sure = false;
  for (const field of fields) {
    if (field.kind === 'labels') {
      const labels = [...(field.added ?? []), ...(field.removed ?? [])];
      if (!labels.every(label => ownLabels.has(fold(label, context)) && own.surely(field, label))) return false;
      sure ||= labels.length > 0;
    } else if (field.kind === 'rank' || field.kind === 'score' || field.kind === 'explanation') {
      if (!own.has(field)) return false;
      sure ||= own.surely(field);
    }
  }
  return sure;
}

/** A revision without field differences is a person's (an attachment), unless one of our writes fell on it. */
function judgeBlank(entry: Activity, context: ClockContext, what: string): Verdict {
  const ours =
    isOurs(entry.actor, context) &&
    (context.ownWrites.some(write => reaches(write, entry.at, context.readAt)) ||
      (context.blanksMayBeOurs === true && !isCovered(entry.at, context)));
  return { counts: !ours, byPerson: !ours, what, why: ours ? ownWrite : '', drag: false, stranger: false };
}

type FieldVerdict = 'counts' | 'person' | 'ours' | 'stranger';

function judgeField(field: FieldChange, entry: Activity, trial: Trial): FieldVerdict {
  switch (field.kind) {
    case 'other':
    case 'status':
      return 'counts';
    case 'labels':
      return judgeLabels(field, entry, trial);
    case 'rank':
    case 'score':
    case 'explanation':
      return judgeOwnable(field, entry, trial);
    case 'sprint':
    case 'workflow':
    case 'remote-link':
      return 'person';
    default:
      return field.kind satisfies never;
  }
}

function judgeOwnable(field: FieldChange, entry: Activity, { own, context }: Trial): FieldVerdict {
  if (own.has(field)) return 'ours';
  if (!isOurs(entry.actor, context)) return 'person';
  if (!isCovered(entry.at, context)) return 'ours';
  return field.kind === 'score' && isSelf(entry.actor, context) ? 'stranger' : 'person';
}

function judgeLabels(field: FieldChange, entry: Activity, trial: Trial): FieldVerdict {
  const { context, own, ownLabels, stages } = trial;
  const added = field.added ?? [];
  const removed = field.removed ?? [];
  if ([...added, ...removed].some(label => !ownLabels.has(fold(label, context)))) return 'counts';
  const unknown = isOurs(entry.actor, context) && !isCovered(entry.at, context);
  let verdict: FieldVerdict = 'ours';
  for (const label of removed) {
    if (own.has(field, label) || unknown) continue;
    if (stages.has(fold(label, context))) return 'counts';
    verdict = 'person';
  }
  for (const label of added) {
    if (own.has(field, label) || unknown) continue;
    if (isSelf(entry.actor, context)) return 'stranger';
    verdict = 'person';
  }
  return verdict;
}

function fold(label: string, { labelsIgnoreCase = false }: ClockContext): string {
  return labelsIgnoreCase ? label.toLowerCase() : label;
}

/** The first minutes of a journal may tell of what the lost one before it did: clocks lie so far apart. */
function isCovered(at: Date, { coversSince, lost = [] }: ClockContext): boolean {
  if (coversSince === null || at.getTime() < coversSince.getTime() + toleranceMs) return false;
  return !lost.some(span => at >= span.from && at <= span.to);
}

function isSelf(actor: Actor | null, context: ClockContext): boolean {
  return actor !== null && actor.id === context.self.id;
}

/** Our account, or one that Winnow used on this item before. */
function isOurs(actor: Actor | null, context: ClockContext): boolean {
  return isSelf(actor, context) || (actor !== null && context.ownWrites.some(write => write.account === actor.id));
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
