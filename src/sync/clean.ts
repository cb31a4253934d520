import type { LabelRemoveChange } from '../change.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { applyChanges, type Applied } from './apply.ts';
import { problemsOfWriting } from './end-round.ts';
import { ownLabelsOf } from './labels.ts';
import type { RoundReport } from './ports.ts';
import { beginRound, type Round, type RoundParts, type RoundRequest } from './round.ts';
import { verify, type Verified } from './verify.ts';

/** Removes every label that Winnow owns from a backlog's reach, journaled like any round. Throws if it cannot read. */
export async function clean(request: RoundRequest, parts: RoundParts): Promise<RoundReport> {
  const round = beginRound(request, parts, 0);
  const { settings, model } = request;
  await parts.journal.openRound({
    id: round.id,
    backlog: settings.name,
    connection: settings.connection,
    mode: 'clean',
    startedAt: round.now,
    model: model.name,
    modelHash: model.hash,
    account: parts.backlog.self.id,
    site: parts.site ?? settings.connection,
  });
  const found = await parts.backlog.findLabelled([...round.own.all], round.read);
  const items = new Map(found.map((item): [ItemRef, BacklogItem] => [item.ref, item]));
  const changes = found.flatMap(item => removals(item, round));
  await parts.journal.recordPlan(round.id, { changes, withheld: [], order: null });
  const applied = await applyChanges(round, changes, { items, current: [], fixed: new Set() });
  const verified = await verify(round, { ...applied, items, current: [], comparable: false });
  const report = reportOf(round, { found, changes, applied, verified });
  await parts.journal.closeRound(report);
  await rereadNext(parts.state, settings.name, applied.written);
  return report;
}

/** The cached items still show the labels that are gone now. Pins, bands and drags are people's and must outlive a clean. */
async function rereadNext(state: RoundParts['state'], backlog: string, written: Applied['written']): Promise<void> {
  const snapshot = await state.load(backlog);
  if (snapshot === null) return;
  const { meta, items } = snapshot;
  const touched = new Set([...meta.touched, ...[...written].filter(ref => items.has(ref))]);
  await state.save(backlog, { meta: { ...meta, touched: [...touched] }, put: [], drop: [] });
}

function removals(item: BacklogItem, round: Round): readonly LabelRemoveChange[] {
  return ownLabelsOf(item, round.own, round.parts.backlog.can.labelsIgnoreCase).map(label => ({
    kind: 'label-remove',
    ref: item.ref,
    key: item.key,
    from: label,
    to: null,
    because: 'winnow clean was asked for',
  }));
}

function reportOf(
  round: Round,
  done: {
    readonly found: readonly BacklogItem[];
    readonly changes: readonly LabelRemoveChange[];
    readonly applied: Applied;
    readonly verified: Verified;
  },
): RoundReport {
  const { found, changes, applied, verified } = done;
  const failed = applied.outcomes.filter(o => o.status === 'failed');
  const problems = problemsOfWriting(applied.outcomes, verified, applied.endedBy);
  return {
    id: round.id,
    backlog: round.request.settings.name,
    mode: 'clean',
    status: problems.length > 0 ? 'partial' : changes.length > 0 ? 'applied' : 'nothing-to-do',
    startedAt: round.now,
    items: found.length,
    eligible: 0,
    scored: 0,
    changes,
    withheld: [],
    outcomes: { applied: changes.length - failed.length, failed: failed.length },
    problems,
    calls: round.parts.backlog.calls(),
    durationMs: Math.max(0, round.parts.clock.now().getTime() - round.now.getTime()),
  };
}
