import type { Change, Outcome } from '../change.ts';
import type { ItemResult, Write } from '../connectors/connector.ts';
import { messageOf, StoppedError, TrackerBusyError, UncertainWriteError } from '../errors.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { landedResults } from './landed.ts';
import { orderAfter } from './moves-apply.ts';
import { trackerTime, type Round } from './round.ts';
import { holdsScore } from './verify.ts';

/** The only caller of `perform`: carries out a plan write by write, each journaled before and after. */
export interface Applied {
  readonly outcomes: readonly Outcome[];
  /** Every item that a write named, in any field. */
  readonly written: ReadonlySet<ItemRef>;
  /** Items that the tracker's own rules refuse as they stand. */
  readonly repeats: readonly { readonly ref: ItemRef; readonly problem: string }[];
  /** Set when applying ended early: the tracker asked for a pause, the credential died, or somebody stopped us. */
  readonly endedBy: Error | null;
}

const conflictTries = 3;

interface Ledger {
  readonly results: Map<Change, Outcome>;
  readonly written: Set<ItemRef>;
  readonly repeats: Map<ItemRef, string>;
  readonly conflicts: Map<ItemRef, string>;
}

/** The backlog that changes are applied to. */
export interface Ground {
  /** All of the scope as read. */
  readonly items: ReadonlyMap<ItemRef, BacklogItem>;
  /** Eligible items as they stand. */
  readonly current: readonly ItemRef[];
  /** Items that no move may touch, not even as a neighbour. */
  readonly fixed: ReadonlySet<ItemRef>;
}

export async function applyChanges(round: Round, changes: readonly Change[], ground: Ground): Promise<Applied> {
  const ledger: Ledger = { results: new Map(), written: new Set(), repeats: new Map(), conflicts: new Map() };
  const work = { ...ground, changes, desired: orderAfter(ground.current, changes) };
  let endedBy: Error | null = null;
  try {
    await performAll(round, { ...work, prefix: 'w' }, ledger);
    await retryConflicts(round, work, ledger);
  } catch (error) {
    endedBy = error instanceof Error ? error : new Error(String(error));
  }
  const outcomes = changes.map((change): Outcome => {
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
  return { outcomes, written: ledger.written, repeats, endedBy };
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
    const named: Write = { ...write, id: `${work.prefix}${write.id}` };
    const results = await performOne(round, named, work.items);
    settle(named, results, ledger);
    progress({ what: 'writing', done: ++done, of: writes.length });
  }
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
      results = landedResults(write, await backlog.locate(refs, round.read), items, messageOf(error));
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
  return { status: 'failed', change, problem: result.problem };
}

/** Items that changed under our hands: read again, keep what is still wanted, try again, at most three times. */
async function retryConflicts(round: Round, work: Omit<Work, 'prefix'>, ledger: Ledger): Promise<void> {
  let items = work.items;
  for (let attempt = 1; attempt <= conflictTries && ledger.conflicts.size > 0; attempt++) {
    const refs = [...ledger.conflicts.keys()];
    ledger.conflicts.clear();
    const found = await round.parts.backlog.locate(refs, round.read);
    const fresh = new Map(items);
    const again: Change[] = [];
    for (const change of work.changes) {
      if (!refs.includes(change.ref)) continue;
      const where = found.get(change.ref);
      const verdict = stillWanted(change, where?.state === 'in-scope' ? where.item : null, work.items.get(change.ref));
      ledger.results.delete(change);
      if (verdict === 'again') again.push(change);
      else
        ledger.results.set(
          change,
          verdict === 'done' ? { status: 'applied', change } : { status: 'failed', change, problem: verdict },
        );
      if (where?.state === 'in-scope') fresh.set(change.ref, where.item);
    }
    items = fresh;
    if (again.length > 0) await performAll(round, { ...work, changes: again, items, prefix: `c${attempt}-` }, ledger);
  }
}

function stillWanted(change: Change, fresh: BacklogItem | null, before: BacklogItem | undefined): string {
  if (fresh === null) return `${change.key} left the backlog meanwhile`;
  switch (change.kind) {
    case 'move':
      return fresh.order === (before?.order ?? null) ? 'again' : `${change.key} was moved by somebody meanwhile`;
    case 'label-add':
      return fresh.labels.includes(change.to) ? 'done' : 'again';
    case 'label-remove':
      return fresh.labels.includes(change.from) ? 'again' : 'done';
    case 'score-set':
      return holdsScore(fresh, change.to) ? 'done' : 'again';
    default:
      return change satisfies never;
  }
}
