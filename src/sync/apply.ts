import type { Change, Outcome } from '../change.ts';
import type { ItemResult, Whereabouts, Write } from '../connectors/connector.ts';
import { messageOf, StoppedError, TrackerBusyError, UncertainWriteError } from '../errors.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { verdictOn, type Encounter } from './conflicts.ts';
import { landedResults } from './landed.ts';
import { orderAfter } from './moves-apply.ts';
import { trackerTime, type Round } from './round.ts';

/** The only caller of `perform`: carries out a plan write by write, each journaled before and after. */
export interface Applied {
  readonly outcomes: readonly Outcome[];
  /** Changes of items that somebody changed meanwhile: left for the next round, which reads what was done. */
  readonly waiting: readonly Change[];
  /** Changes that were not made because somebody paused the backlog meanwhile. */
  readonly stopped: readonly Change[];
  /** Every item that a write named, in any field. */
  readonly written: ReadonlySet<ItemRef>;
  /** Items that the tracker's own rules refuse as they stand. */
  readonly repeats: readonly { readonly ref: ItemRef; readonly problem: string }[];
  /** Set when applying ended early: the tracker asked for a pause, the credential died, or somebody stopped us. */
  readonly endedBy: Error | null;
}

/** What came of a round that writes nothing. */
export const nothingApplied: Applied = {
  outcomes: [],
  waiting: [],
  stopped: [],
  written: new Set(),
  repeats: [],
  endedBy: null,
};

const conflictTries = 3;

interface Ledger {
  readonly results: Map<Change, Outcome>;
  readonly waiting: Set<Change>;
  readonly written: Set<ItemRef>;
  /** Items that a move was meant for and that do not stand where it was to put them. */
  readonly unmoved: Set<ItemRef>;
  readonly repeats: Map<ItemRef, string>;
  readonly conflicts: Map<ItemRef, string>;
  /** Somebody paused the backlog: no further write. */
  paused: boolean;
}

/** The backlog that changes are applied to. */
export interface Ground {
  /** All of the scope as read. */
  readonly items: ReadonlyMap<ItemRef, BacklogItem>;
  /** Eligible items as they stand. */
  readonly current: readonly ItemRef[];
  /** Items that no move may touch, not even as a neighbour. */
  readonly fixed: ReadonlySet<ItemRef>;
  /** Asked before each write; false ends writing there. Absent: nothing but a stop of the process does. */
  readonly mayGoOn?: () => Promise<boolean>;
}

export async function applyChanges(round: Round, changes: readonly Change[], ground: Ground): Promise<Applied> {
  const ledger: Ledger = {
    results: new Map(),
    waiting: new Set(),
    written: new Set(),
    unmoved: new Set(),
    repeats: new Map(),
    conflicts: new Map(),
    paused: false,
  };
  const work = { ...ground, changes, desired: orderAfter(ground.current, changes) };
  let endedBy: Error | null = null;
  try {
    await performAll(round, { ...work, prefix: 'w' }, ledger);
    await retryConflicts(round, work, ledger);
  } catch (error) {
    endedBy = error instanceof Error ? error : new Error(String(error));
  }
  const stopped = changes.filter(change => isStopped(change, ledger));
  const tried = changes.filter(change => !ledger.waiting.has(change) && !stopped.includes(change));
  const outcomes = tried.map((change): Outcome => {
    const known = ledger.results.get(change);
    return (
      known ?? {
        status: 'failed',
        change,
        problem: `not attempted: ${messageOf(endedBy ?? 'no call was made for it')}`,
      }
    );
  });
  const repeats = [...ledger.repeats].map(([ref, problem]) => ({ ref, problem }));
  return { outcomes, waiting: [...ledger.waiting], stopped, written: ledger.written, repeats, endedBy };
}

/** Not tried, or to be tried again, when the pause came. */
function isStopped(change: Change, { paused, waiting, results, conflicts }: Ledger): boolean {
  return paused && !waiting.has(change) && (!results.has(change) || conflicts.has(change.ref));
}

interface Work extends Ground {
  readonly changes: readonly Change[];
  readonly desired: readonly ItemRef[];
  readonly prefix: string;
}

async function performAll(round: Round, work: Work, ledger: Ledger): Promise<void> {
  const { backlog, progress } = round.parts;
  const writes = backlog.prepare(work);
  let done = 0;
  for (const write of writes) {
    if (round.parts.signal.aborted) throw new StoppedError('stopped between two writes; the next round goes on');
    if (work.mayGoOn !== undefined && !(await work.mayGoOn())) {
      ledger.paused = true;
      return;
    }
    const named: Write = { ...write, id: `${work.prefix}${write.id}` };
    const astray = (write.besides ?? []).some(ref => ledger.unmoved.has(ref));
    const results = astray ? withoutNeighbour(named) : await performOne(round, named, work.items);
    settle(named, results, ledger);
    progress({ what: 'writing', done: ++done, of: writes.length });
  }
}

/** Not made at all: it would put its items beside one that is not where it should be. */
function withoutNeighbour(write: Write): readonly ItemResult[] {
  const problem = 'the item above it could not be moved';
  return write.effects.map(({ ref }) => ({ ref, status: 'conflict', problem }));
}

/** Intent, write, outcome. An unknown effect is read back, never repeated. */
async function performOne(
  round: Round,
  write: Write,
  items: ReadonlyMap<ItemRef, BacklogItem>,
): Promise<readonly ItemResult[]> {
  const { journal, backlog, log, signal } = round.parts;
  await journal.intend(round.id, write, trackerTime(round));
  let results: readonly ItemResult[];
  try {
    results = await backlog.perform(write, signal);
  } catch (error) {
    if (error instanceof UncertainWriteError) {
      log.warn(
        { round: round.id, write: write.id, why: messageOf(error) },
        'the answer to a write was lost: reading back',
      );
      const refs = [...new Set(write.effects.map(effect => effect.ref))];
      const before = { items, why: messageOf(error), sense: backlog.can };
      results = landedResults(write, await backlog.locate(refs, round.read), before);
    } else {
      if (!(error instanceof TrackerBusyError))
        await journal.outcome(round.id, write.id, refused(write, error), trackerTime(round));
      throw error;
    }
  }
  await journal.outcome(round.id, write.id, results, trackerTime(round));
  return results;
}

function refused(write: Write, error: unknown): readonly ItemResult[] {
  const refs = [...new Set(write.effects.map(effect => effect.ref))];
  return refs.map(ref => ({ ref, status: 'failed', problem: messageOf(error), repeats: false }));
}

function settle(write: Write, results: readonly ItemResult[], ledger: Ledger): void {
  const byRef = new Map(results.map(result => [result.ref, result]));
  for (const effect of write.effects) {
    ledger.written.add(effect.ref);
    const result = byRef.get(effect.ref);
    if (effect.field === 'rank' && result?.status === 'applied') ledger.unmoved.delete(effect.ref);
    else if (effect.field === 'rank') ledger.unmoved.add(effect.ref);
    if (result?.status === 'conflict') ledger.conflicts.set(effect.ref, result.problem);
    if (result?.status === 'failed' && result.repeats) ledger.repeats.set(effect.ref, result.problem);
    if (effect.change === null) continue;
    const before = ledger.results.get(effect.change);
    if (before?.status !== 'failed') ledger.results.set(effect.change, outcomeOf(effect.change, result));
  }
}

function outcomeOf(change: Change, result: ItemResult | undefined): Outcome {
  if (result === undefined) return { status: 'failed', change, problem: 'the tracker did not say what came of it' };
  if (result.status === 'applied') return { status: 'applied', change };
  const next = result.status === 'failed' && result.repeats ? '; it is left alone until somebody edits it' : '';
  return { status: 'failed', change, problem: `${result.problem.replace(/[.;\s]+$/, '')}${next}` };
}

/**
 * Items that changed under our hands: read again; what is still wanted is tried again, at most three times. Items that could
 * not be moved are left out of the order that the others are put into, for they do not stand where it has them.
 */
async function retryConflicts(round: Round, work: Omit<Work, 'prefix'>, ledger: Ledger): Promise<void> {
  let items = work.items;
  for (let attempt = 1; attempt <= conflictTries && ledger.conflicts.size > 0 && !ledger.paused; attempt++) {
    const refs = [...ledger.conflicts.keys()];
    ledger.conflicts.clear();
    const found = await round.parts.backlog.locate(refs, round.read);
    const again = work.changes.filter(change => refs.includes(change.ref) && judge(change));
    items = withFresh(items, found);
    const moving = new Set(again.filter(change => change.kind === 'move').map(change => change.ref));
    const desired = work.desired.filter(ref => moving.has(ref) || !ledger.unmoved.has(ref));
    if (again.length === 0) continue;
    await performAll(round, { ...work, changes: again, items, desired, prefix: `c${attempt}-` }, ledger);

    /** Whether to try again; all else is settled at once. */
    function judge(change: Change): boolean {
      const where = found.get(change.ref);
      const now = where?.state === 'in-scope' ? where.item : null;
      const verdict = verdictOn({ ...circumstances(round), change, now, before: items.get(change.ref) });
      ledger.results.delete(change);
      if (verdict.kind === 'waits') ledger.waiting.add(change);
      if (verdict.kind === 'done') ledger.results.set(change, { status: 'applied', change });
      if (verdict.kind === 'failed') ledger.results.set(change, { status: 'failed', change, problem: verdict.problem });
      return verdict.kind === 'again';
    }
  }
}

function circumstances({ request, own, parts }: Round): Pick<Encounter, 'impatient' | 'stageLabels' | 'sense'> {
  const impatient = request.liftLimits || request.settings.limits.quietMinutes === 0;
  return { impatient, stageLabels: own.stages, sense: parts.backlog.can };
}

function withFresh(
  items: ReadonlyMap<ItemRef, BacklogItem>,
  found: ReadonlyMap<ItemRef, Whereabouts>,
): ReadonlyMap<ItemRef, BacklogItem> {
  const fresh = new Map(items);
  for (const [ref, where] of found) if (where.state === 'in-scope') fresh.set(ref, where.item);
  return fresh;
}
