import { describe, expect, it } from 'vitest';
import { believableAzureDevOpsBacklog } from '../../../src/demo/azure-devops/believable.ts';
import { startAzureDevOpsSite } from '../../../src/demo/azure-devops/site.ts';
import { createAzureDevOpsConnection } from '../../../src/connectors/azure-devops/index.ts';
import { itemRef } from '../../../src/item.ts';
import { silentLog } from '../../../src/log.ts';
import { builtinModel } from '../../../src/scoring/builtin.ts';
import { reconcile, type RoundResult } from '../../../src/sync/reconcile.ts';
import type { RoundRequest } from '../../../src/sync/round.ts';
import { createInMemoryJournal, createInMemoryState } from '../../support/in-memory-store.ts';
import { someSettings } from '../../support/round-world.ts';
import { aRequest } from './support/values.ts';
import { memoryCache } from './support/wire.ts';

/** A lived-in backlog with everything a round needs, on Azure DevOps. */
async function aBacklog(items: number, seed: number, quietMinutes = 0) {
  let time = Date.parse('2026-06-01T10:00:00Z');
  const clock = { now: () => new Date(time) };
  const site = await startAzureDevOpsSite({
    clock,
    records: believableAzureDevOpsBacklog({ items, seed, now: clock.now() }),
  });
  const metadata = memoryCache();
  const [project] = site.projects;
  if (project === undefined) throw new Error('no project');
  const scope = { kind: 'azure-devops' as const, project: project.name, team: null, level: null };
  const connection = createAzureDevOpsConnection(
    {
      name: 'ado',
      tracker: 'azure-devops',
      url: site.url,
      ignoreActors: [],
      auth: { kind: 'pat', pat: site.pat },
      webhook: null,
    },
    { clock, log: silentLog, metadata, chance: () => 0 },
  );
  const [journal, state] = [createInMemoryJournal(), createInMemoryState()];
  const limits = { maxMoves: 1e4, maxMovedShare: 1, maxLabelChanges: 1e4, writesPerItemPerDay: 1e3, quietMinutes };
  const settings = someSettings({
    tracker: 'azure-devops',
    connection: 'ado',
    scope,
    limits,
    blockers: { linkTypes: ['Dependency-Forward'] },
  });
  let rounds = 0;
  const round = async (over: Partial<RoundRequest> = {}): Promise<RoundResult> => {
    time += 60_000;
    const backlog = await connection.openBacklog(aRequest({ scope, blockerLinkTypes: ['Dependency-Forward'] }));
    return reconcile(
      {
        settings,
        model: builtinModel,
        purpose: 'run',
        apply: true,
        sweep: false,
        touched: [],
        liftLimits: false,
        otherWriters: [],
        savedPlan: null,
        ...over,
      },
      {
        connection,
        backlog,
        state,
        journal,
        clock,
        log: silentLog,
        newRoundId: () => `r${++rounds}`,
        progress: () => undefined,
        signal: new AbortController().signal,
        ignoreActors: [],
      },
    );
  };
  const close = async (): Promise<void> => {
    await connection.close();
    await site.close();
  };
  return { site, round, close, project: project.name, pass: (ms: number) => void (time += ms) };
}

describe('connectors/azure-devops/rounds', () => {
  it('a round reaches what it planned, and a second one plans nothing', async () => {
    const { site, round, close, pass } = await aBacklog(120, 5);
    const first = await round();
    const second = await round();
    pass(16 * 60_000);
    const third = await round();
    const swept = await round({ sweep: true });
    await close();

    expect(first.error).toBeNull();
    expect(first.report.status).toBe('applied');
    expect(first.report.problems.filter(({ message }) => /does not/.test(message))).toEqual([]);
    for (const later of [second, third, swept]) {
      expect(later.report).toMatchObject({ status: 'nothing-to-do', changes: [], withheld: [] });
    }
    expect(third.report.calls).toEqual({ read: 2, write: 0 });
    expect(site.faults.pending()).toBe(0);
  });

  it('a person drags an item after a round, and it stays there', async () => {
    const { site, round, close, pass, project } = await aBacklog(60, 9);
    await round();
    pass(3_600_000);
    const order = site.order(project);
    const [dragged = 0] = order.slice(-1);
    site.reorder(dragged, { before: order[0] ?? 0 }, 'Ada Park');

    const after = await round();
    await close();

    expect(after.report.status).toBe('nothing-to-do');
    expect(site.order(project)[0]).toBe(dragged);
  });

  it('writes that conflict or get lost are made good by the next round', async () => {
    const { site, round, close } = await aBacklog(60, 11);
    site.faults.next({ kind: 'reset-after', method: 'PATCH', skip: 2 });
    site.faults.next({ kind: 'reset-before', method: 'PATCH', skip: 3 });
    const [racing = 0] = site.ids(site.projects[0]?.name ?? '').slice(-1);
    site.switches.raceOn(racing);

    const first = await round();
    const second = await round();
    const third = await round();
    await close();

    expect(first.error).toBeNull();
    expect(['applied', 'partial']).toContain(first.report.status);
    expect(['applied', 'nothing-to-do']).toContain(second.report.status);
    expect(third.report).toMatchObject({ status: 'nothing-to-do', changes: [] });
  });

  it('an item that a person edits between read and write waits, and keeps the edit', async () => {
    const { site, round, close, pass, project } = await aBacklog(60, 11, 10);
    const planned = await round({ purpose: 'plan' });
    const change = planned.report.changes.find(({ kind, to }) => kind === 'label-add' && to === 'winnow-stale');
    const id = Number(change?.key);
    const edit = (json: unknown): unknown => {
      site.edit(id, { 'System.Title': 'No longer forgotten' }, 'Ada Park');
      return json;
    };
    site.faults.next({ kind: 'alter', path: /workitemsbatch/i, alter: edit });

    const first = await round({ sweep: true });
    pass(11 * 60_000);
    const second = await round();
    const third = await round();
    await close();

    expect(first.report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(first.report.withheld.map(w => [w.key, w.guard])).toContainEqual([String(id), 'quiet']);
    expect(first.report.changes.map(c => c.key)).not.toContain(String(id));
    expect(site.item(id).fields).toMatchObject({ 'System.Title': 'No longer forgotten' });
    expect(String(site.item(id).fields['System.Tags'] ?? '')).not.toContain('winnow-stale');
    expect(second.study?.pulled.states.get(itemRef('azure-devops', id))?.clock.who).toBe('Ada Park');
    expect(third.report.changes).toEqual([]);
    expect(site.order(project)).toContain(id);
  });
});
