import type { ReadItem } from '../connectors/connector.ts';
import type { Activity, ItemRef } from '../item.ts';
import { stageOf, thresholdsFor } from '../scoring/staleness.ts';
import { daysBetween } from '../calendar.ts';
import { readClock, type ClockContext, type ClockReading, type Stranger } from './activity.ts';
import { effectKey } from './own-writes.ts';
import type { ItemState, OwnWrite, Snapshot } from './ports.ts';
import type { Round } from './round.ts';

/** What was read so far. */
export interface Findings {
  readonly states: Map<ItemRef, ItemState>;
  readonly changed: Set<ItemRef>;
  readonly strangers: Stranger[];
  /** Items that we ranked after a person had. */
  readonly overtaken: Set<ItemRef>;
  /** Effects of unknown outcome that histories prove to have arrived, by `effectKey`. */
  readonly proven: Set<string>;
}

/** Turns what a connector reads into item states, page by page, so that histories need not be kept. */
export interface ItemReader extends Findings {
  /** Also loads what the journal holds of the page's items: a site's whole journal may be years of other backlogs. */
  take(page: readonly ReadItem[]): Promise<void>;
  /** Further entries (comments, worklogs) of an item already taken. */
  hear(ref: ItemRef, entries: readonly Activity[]): void;
}

export async function createReader(round: Round, snapshot: Snapshot | null): Promise<ItemReader> {
  const { journal } = round.parts;
  const ownWrites = new Map<ItemRef, readonly OwnWrite[]>();
  const context = await contextsOf(round, ownWrites);
  const found: Findings = {
    states: new Map(),
    changed: new Set(),
    strangers: [],
    overtaken: new Set(),
    proven: new Set(),
  };
  return {
    ...found,
    async take(page) {
      const refs = page.map(({ item }) => item.ref);
      const journaled = await journal.ownWrites(round.request.settings.connection, refs);
      for (const [ref, writes] of journaled) ownWrites.set(ref, writes);
      for (const { item, history } of page) {
        const known = snapshot?.items.get(item.ref) ?? null;
        const reading = readClock(item, history, known === null ? null : readingOf(known), context(item.ref));
        note(found, { ...stateOf(item, reading, known), unheard: mayHideTalk(item, reading) }, reading);
      }
    },
    hear(ref, entries) {
      const state = found.states.get(ref);
      if (state === undefined) return;
      const reading = readClock(state.item, { ...continued, entries }, readingOf(state), context(ref));
      note(found, { ...stateOf(state.item, reading, state), unheard: false }, reading);
    },
  };
}

function note(
  { states, changed, strangers, overtaken, proven }: Findings,
  state: ItemState,
  reading: ClockReading,
): void {
  const { ref, key } = state.item;
  states.set(ref, state);
  changed.add(ref);
  if (reading.overtaken === true) overtaken.add(ref);
  if (reading.stranger !== null) strangers.push(named(key, reading.stranger));
  for (const write of reading.proven ?? []) proven.add(effectKey(ref, write, write.intendedAt));
}

function named(key: string, { at, what }: Stranger): Stranger {
  return { at, what: `${key}: ${what}` };
}

const continued = { since: null, before: null, continues: true };

/**
 * Reads comments and worklogs where they could still change an item's stage: of items that changed, and of those that
 * nobody has touched since but that time has brought to a threshold.
 */
export async function hearTalk(reader: ItemReader, round: Round): Promise<void> {
  const candidates = [...reader.states.values()].filter(state => talkMatters(state, round)).map(({ item }) => item.ref);
  if (candidates.length === 0) return;
  const talk = await round.parts.backlog.readTalk(candidates, round.read);
  for (const ref of candidates) reader.hear(ref, talk.get(ref) ?? []);
}

/** What the journal covers is told on our clock; histories are on the tracker's. */
async function contextsOf(
  round: Round,
  ownWrites: ReadonlyMap<ItemRef, readonly OwnWrite[]>,
): Promise<(ref: ItemRef) => ClockContext> {
  const { settings } = round.request;
  const { journal, backlog } = round.parts;
  const there = (at: Date): Date => new Date(at.getTime() + backlog.self.skewMs);
  const since = await journal.coversSince(settings.connection);
  const lost = await journal.lostSpans(settings.name);
  const fixed = {
    self: backlog.self,
    ignoreActors: round.parts.ignoreActors,
    ownLabels: round.own.all,
    stageLabels: round.own.stages,
    labelsIgnoreCase: backlog.can.labelsIgnoreCase,
    blanksMayBeOurs: backlog.can.explanation?.untold === true,
    coversSince: since === null ? null : there(since),
    lost: lost.map(span => ({ from: there(span.from), to: there(span.to) })),
    readAt: round.trackerNow,
  };
  return ref => ({ ...fixed, ownWrites: ownWrites.get(ref) ?? [] });
}

function readingOf(state: ItemState): ClockReading {
  return { clock: state.clock, personAt: state.personAt, rankedByPerson: state.rankedByPerson, stranger: null };
}

function stateOf(item: ItemState['item'], reading: ClockReading, known: ItemState | null): ItemState {
  return {
    item,
    clock: reading.clock,
    personAt: reading.personAt,
    rankedByPerson: reading.rankedByPerson,
    band: known?.band ?? null,
    hold: known?.hold ?? null,
  };
}

/** Only where something newer than its clock exists. */
function mayHideTalk({ changedAt }: ItemState['item'], { clock }: ClockReading): boolean {
  return changedAt.getTime() > clock.at.getTime() + 1_000;
}

/** A comment that was not read yet can matter only where the item would be past a threshold without it. */
function talkMatters({ item, clock, unheard }: ItemState, round: Round): boolean {
  if (unheard !== true) return false;
  const { model, settings } = round.request;
  const idleDays = daysBetween(clock.at, round.now, settings.timezone);
  if (stageOf(item, idleDays, 0, model).stage !== 'fresh') return true;
  return model.staleness.decayHalfLifeDays !== null && idleDays > thresholdsFor(item, model).stale.days;
}
