import { dayOf } from '../calendar.ts';
import type { BacklogItem, Reading } from '../item.ts';
import { dueDay } from './due-day.ts';
import {
  absentReading,
  mapped,
  parseNumber,
  placedReading,
  placeOnScale,
  quoted,
  unreadableReading,
  type FactorReading,
} from './factor-reading.ts';
import type { Factor } from './model.ts';
import { meansUnset, placeOf } from './priority-place.ts';

export interface FactorContext {
  readonly now: Date;
  /** IANA zone whose calendar counts the days. */
  readonly zone: string;
  /** Factor name -> field, as people would look it up. */
  readonly sources?: Readonly<Record<string, string>>;
}

/**
 * Reads one factor of one item. Absent (value null), zero (n or number 0) and unreadable (a problem) stay three
 * different things.
 */
export function readFactor(item: BacklogItem, factor: Factor, context: FactorContext): FactorReading {
  switch (factor.source) {
    case 'priority':
      return readPriority(item, factor, context);
    case 'effort':
      return readEffort(item, factor, context);
    case 'urgency':
      return readUrgency(item, factor, context);
    case 'demand':
      return readQuantity(ownInput(item, factor) ?? item.demand, factor, sourceName(factor, context));
    case 'age':
      return readAge(item, factor, context);
    case 'field':
      return readQuantity(ownInput(item, factor) ?? { kind: 'absent' }, factor, sourceName(factor, context));
    default:
      return factor.source satisfies never;
  }
}

/** By the place of the priority in its scheme, or by the factor's map. */
export function readPriority(item: BacklogItem, factor: Factor, context: FactorContext): FactorReading {
  const source = sourceName(factor, context);
  if (item.priority.kind === 'absent') return absentReading(source);
  if (item.priority.kind === 'unreadable') return unreadableReading(source, item.priority.raw, item.priority.problem);
  const { name, scheme } = item.priority.value;
  if (factor.map !== null) return meansUnset(name) ? absentReading(source) : readMapped(name, factor, source);
  const place = placeOf(item.priority.value);
  if (place.kind === 'unset') return absentReading(source);
  if (place.kind === 'unknown') {
    const problem = `${quoted(name)} is not among the site's priorities (${scheme.length} known)`;
    return unreadableReading(source, name, problem);
  }
  return placedReading({ factor, source, value: name, number: place.n, place: place.n });
}

/** Zero or less means that nobody estimated; `zeroIsEstimate` admits zero itself. */
export function readEffort(item: BacklogItem, factor: Factor, context: FactorContext): FactorReading {
  const reading = ownInput(item, factor) ?? item.effort;
  const read = readQuantity(reading, factor, sourceName(factor, context));
  if (read.number === null || read.value === null || read.number > 0 || factor.map !== null) return read;
  if (read.number === 0 && factor.zeroIsEstimate) return read;
  return unreadableReading(read.source, read.value, `${read.number} means that it was never estimated`);
}

/** 1 on the due date and after it, falling to 0 at `horizonDays` before. */
export function readUrgency(item: BacklogItem, factor: Factor, context: FactorContext): FactorReading {
  const reading = ownInput(item, factor) ?? item.due;
  const source = sourceName(factor, context);
  if (reading.kind === 'absent') return absentReading(source);
  if (reading.kind === 'unreadable') return unreadableReading(source, reading.raw, reading.problem);
  const text = String(reading.value);
  if (text.trim() === '') return absentReading(source);
  const due = dueDay(text, context.zone);
  if (due === null) return unreadableReading(source, text, `${quoted(text)} is not a date`);
  const place = 1 - horizonShare(due - dayOf(context.now, context.zone), factor.horizonDays);
  return placedReading({ factor, source, value: text, number: place, place });
}

/** Calendar days since creation, 1 at `horizonDays`. */
export function readAge(item: BacklogItem, factor: Factor, context: FactorContext): FactorReading {
  const source = sourceName(factor, context);
  const days = dayOf(context.now, context.zone) - dayOf(item.createdAt, context.zone);
  if (!Number.isFinite(days)) return unreadableReading(source, 'NaN', `the creation date is missing`);
  const age = Math.max(0, days);
  return placedReading({ factor, source, value: age, number: age, place: horizonShare(age, factor.horizonDays) });
}

/** A number or name: by the factor's map, else by its scale. */
export function readQuantity(reading: Reading<number | string>, factor: Factor, source: string): FactorReading {
  if (reading.kind === 'absent') return absentReading(source);
  if (reading.kind === 'unreadable') return unreadableReading(source, reading.raw, reading.problem);
  const raw = reading.value;
  if (typeof raw === 'string' && raw.trim() === '') return absentReading(source);
  if (factor.map !== null) return readMapped(raw, factor, source);
  const number = typeof raw === 'string' ? parseNumber(raw) : raw;
  if (number === null || !Number.isFinite(number)) {
    return unreadableReading(source, raw, `${quoted(raw)} is not a number`);
  }
  return placedReading({ factor, source, value: raw, number, place: placeOnScale(factor, number) });
}

function readMapped(raw: number | string, factor: Factor, source: string): FactorReading {
  const number = mapped(factor, raw);
  if (number === undefined) {
    return unreadableReading(source, raw, `the model's map has no entry for ${quoted(raw)}`);
  }
  return placedReading({ factor, source, value: raw, number, place: number });
}

/** A built-in factor that was given a field of its own finds it among the inputs. */
function ownInput(item: BacklogItem, factor: Factor): Reading<number | string> | undefined {
  return Object.hasOwn(item.inputs, factor.name) ? item.inputs[factor.name] : undefined;
}

function sourceName(factor: Factor, context: FactorContext): string {
  return context.sources?.[factor.name] ?? (factor.source === 'field' ? factor.name : factor.source);
}

function horizonShare(days: number, horizonDays: number): number {
  if (days <= 0) return 0;
  return horizonDays > 0 ? Math.min(1, days / horizonDays) : 1;
}
