import type { Activity, FieldChange, ItemRef } from '../item.ts';
import type { OwnWrite } from './ports.ts';
import { sameLetters } from './same-text.ts';

/**
 * Tells Winnow's own writes in an item's history by the journal. One journaled write explains at most one change of the
 * history: rank entries of Jira carry no value that would tell two of them apart, so they are paired in order of time,
 * as many as fit, and as near to the journaled times as possible.
 */
export interface OwnMarks {
  /** Whether the journal explains this change; `label` names one that came or went. */
  has(field: FieldChange, label?: string): boolean;
  /** Whether it explains it for certain: by its value, not by time alone. */
  surely(field: FieldChange, label?: string): boolean;
  /** The writes that explain something, each once. */
  readonly explaining: readonly OwnWrite[];
  /** Those of unknown outcome, which the history proves to have arrived. */
  readonly proven: readonly OwnWrite[];
}

/** Names one effect of the journal: an item's field, its values and the time of the intent. */
export function effectKey(
  ref: ItemRef,
  { field, from, to }: Pick<OwnWrite, 'field' | 'from' | 'to'>,
  at: Date,
): string {
  return JSON.stringify([ref, field, from, to, at.getTime()]);
}

export interface OwnContext {
  readonly ownWrites: readonly OwnWrite[];
  /** Now, on the tracker's clock: an open intent reaches this far. */
  readonly readAt: Date;
  readonly labelsIgnoreCase?: boolean;
}

/** Clocks of two machines, and of intent and effect, may lie this far apart. */
export const toleranceMs = 120_000;

/** One change in the history that may be a write of ours. */
interface Atom {
  readonly entry: Activity;
  readonly field: FieldChange;
  /** `rank`, `score`, `explanation`, `+label` or `-label`. */
  readonly name: string;
}

/** Pairs journaled writes with the changes of a history. Pure. */
export function markOwn(entries: readonly Activity[], context: OwnContext): OwnMarks {
  const writes = groups(context.ownWrites.filter(canExplain), write => nameOfWrite(write, context));
  const marks = new Map<FieldChange, Map<string, boolean>>();
  const explaining: OwnWrite[] = [];
  if (writes.size > 0) {
    const atoms = groups(
      entries.flatMap(entry => atomsOf(entry, context)),
      atom => atom.name,
    );
    for (const [name, some] of atoms) {
      for (const [atom, write] of pairUp(some, writes.get(name) ?? [], context)) {
        explaining.push(write);
        const marked = marks.get(atom.field) ?? new Map<string, boolean>();
        marks.set(atom.field, marked.set(name, valueOf(atom.name, atom.field.to, write.to) === 'same'));
      }
    }
  }
  const name = (field: FieldChange, label?: string): string => nameIn(field, label, context);
  return {
    has: (field, label) => marks.get(field)?.has(name(field, label)) === true,
    surely: (field, label) => marks.get(field)?.get(name(field, label)) === true,
    explaining,
    proven: explaining.filter(write => write.status === 'open'),
  };
}

/** Whether an own write can have been made at that instant: between its intent and its outcome, clocks being as they are. */
export function reaches(write: OwnWrite, at: Date, readAt: Date): boolean {
  return canExplain(write) && distance(write, at, readAt) <= toleranceMs;
}

/** What never arrived explains nothing. A failed write may have arrived late. */
function canExplain(write: OwnWrite): boolean {
  return write.status !== 'not-landed' && write.status !== 'conflict';
}

function distance(write: OwnWrite, at: Date, readAt: Date): number {
  const until = write.closedAt ?? readAt;
  return Math.max(0, write.intendedAt.getTime() - at.getTime(), at.getTime() - until.getTime());
}

function atomsOf(entry: Activity, context: OwnContext): readonly Atom[] {
  return entry.fields.flatMap(field => {
    if (field.kind === 'rank' || field.kind === 'score' || field.kind === 'explanation') {
      return [{ entry, field, name: field.kind }];
    }
    if (field.kind !== 'labels') return [];
    const labels = [...(field.added ?? []), ...(field.removed ?? [])];
    return labels.map(label => ({ entry, field, name: nameIn(field, label, context) }));
  });
}

function nameIn(field: FieldChange, label: string | undefined, context: OwnContext): string {
  if (label === undefined) return field.kind;
  return (field.added?.includes(label) === true ? '+' : '-') + fold(label, context);
}

function nameOfWrite(write: OwnWrite, context: OwnContext): string {
  if (write.field !== 'label') return write.field;
  return write.to === null ? `-${fold(write.from ?? '', context)}` : `+${fold(write.to, context)}`;
}

function fold(label: string, { labelsIgnoreCase = false }: OwnContext): string {
  return labelsIgnoreCase ? label.toLowerCase() : label;
}

/** Numbers tell whose a rank or score is; Jira's rank entries have none (`Ranked higher`), and its writes name a neighbour. */
function valueOf(name: string, told: string | null, written: string | null): 'same' | 'other' | 'untold' {
  if (name === 'explanation') return sameLetters(told ?? '', written ?? '') ? 'same' : 'untold';
  if (name !== 'rank' && name !== 'score') return 'same';
  const [a, b] = [numberIn(told), numberIn(written)];
  if (a === undefined || b === undefined) return 'untold';
  if (a === null || b === null) return a === b ? 'same' : 'other';
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a)) ? 'same' : 'other';
}

function numberIn(text: string | null): number | null | undefined {
  if (text === null) return null;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

function fits(atom: Atom, write: OwnWrite, readAt: Date): boolean {
  const { entry, field, name } = atom;
  const account = write.account ?? null;
  if (account !== null && entry.actor !== null && entry.actor.id !== account) return false;
  if (distance(write, entry.at, readAt) > toleranceMs) return false;
  return name !== 'rank' && name !== 'score' ? true : valueOf(name, field.to, write.to) !== 'other';
}

interface Best {
  readonly pairs: number;
  readonly apart: number;
}

/** The most pairs, then the nearest, of two lists in order of time; order is kept, which loses nothing. O(atoms x writes). */
function pairUp(
  unsorted: readonly Atom[],
  candidates: readonly OwnWrite[],
  { readAt }: OwnContext,
): readonly (readonly [Atom, OwnWrite])[] {
  const atoms = [...unsorted].sort((a, b) => a.entry.at.getTime() - b.entry.at.getTime());
  const writes = [...candidates].sort((a, b) => a.intendedAt.getTime() - b.intendedAt.getTime());
  const none: Best = { pairs: 0, apart: 0 };
  const best: Best[][] = Array.from({ length: atoms.length + 1 }, () => writes.map(() => none).concat(none));
  const at = (i: number, j: number): Best => best[i]?.[j] ?? none;
  const paired = (i: number, j: number): Best | null => {
    const [atom, write] = [atoms[i], writes[j]];
    if (atom === undefined || write === undefined || !fits(atom, write, readAt)) return null;
    const late = write.status === 'failed' ? toleranceMs : 0;
    const rest = at(i + 1, j + 1);
    return { pairs: rest.pairs + 1, apart: rest.apart + distance(write, atom.entry.at, readAt) + late };
  };
  for (let i = atoms.length - 1; i >= 0; i--) {
    for (let j = writes.length - 1; j >= 0; j--) {
      const skipped = better(at(i + 1, j), at(i, j + 1));
      const taken = paired(i, j);
      (best[i] as Best[])[j] = taken === null ? skipped : better(taken, skipped);
    }
  }
  const pairs: (readonly [Atom, OwnWrite])[] = [];
  for (let i = 0, j = 0; i < atoms.length && j < writes.length;) {
    const taken = paired(i, j);
    if (taken !== null && same(taken, at(i, j))) pairs.push([atoms[i++] as Atom, writes[j++] as OwnWrite]);
    else if (same(at(i + 1, j), at(i, j))) i++;
    else j++;
  }
  return pairs;
}

function better(a: Best, b: Best): Best {
  return a.pairs > b.pairs || (a.pairs === b.pairs && a.apart <= b.apart) ? a : b;
}

function same(a: Best, b: Best): boolean {
  return a.pairs === b.pairs && a.apart === b.apart;
}

function groups<T>(all: readonly T[], nameOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const name = nameOf(one);
    const known = found.get(name);
    if (known === undefined) found.set(name, [one]);
    else known.push(one);
  }
  return found;
}
