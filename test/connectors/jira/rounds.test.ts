import { afterEach, describe, expect, it } from 'vitest';
import { createJiraConnection } from '../../../src/connectors/jira/index.ts';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../../src/demo/jira/index.ts';
import { itemRef } from '../../../src/item.ts';
import { silentLog } from '../../../src/log.ts';
import { builtinModel } from '../../../src/scoring/builtin.ts';
import type { Scope } from '../../../src/settings.ts';
import { reconcile, type RoundResult } from '../../../src/sync/reconcile.ts';
import type { RoundRequest } from '../../../src/sync/round.ts';
import { createInMemoryJournal, createInMemoryState } from '../../support/in-memory-store.ts';
import { someSettings } from '../../support/round-world.ts';
import { aCache } from './support/site.ts';

interface Backlog {
  readonly site: JiraSite;
  readonly board: number;
  round(over?: Partial<RoundRequest>): Promise<RoundResult>;
  pass(ms: number): void;
}

const open: JiraSite[] = [];

/** A lived-in backlog with everything a round needs, on an emulated Jira site. */
async function aBacklog(items: number, seed: number, jql: string | null = null, quietMinutes = 0): Promise<Backlog> {
  let time = Date.parse('2026-06-01T10:00:00Z');
  const clock = { now: () => new Date(time) };
  const site = await startJiraSite({ clock, records: believableJiraBacklog({ items, seed, now: clock.now() }) });
  open.push(site);
  const board = site.boards[0]?.id ?? 0;
  const scope: Scope = jql === null ? { kind: 'jira-board', board } : { kind: 'jira-jql', jql };
  const connection = createJiraConnection(
    {
      name: 'acme',
      tracker: 'jira',
      url: site.url,
      ignoreActors: [],
      auth: { kind: 'basic', email: site.email, apiToken: site.apiToken },
      webhook: null,
    },
    { clock, log: silentLog, metadata: aCache(), chance: () => 0, sleep: async ms => void (time += ms) },
  );
  const [journal, state] = [createInMemoryJournal(), createInMemoryState()];
  const limits = { maxMoves: 1e4, maxMovedShare: 1, maxLabelChanges: 1e4, writesPerItemPerDay: 1e3, quietMinutes };
  const settings = someSettings({ connection: 'acme', scope, limits });
  let rounds = 0;
  const request = {
    settings,
    model: builtinModel,
    purpose: 'run',
    apply: true,
    touched: [],
    liftLimits: false,
  } as const;
  return {
    site,
    board,
    pass: ms => void (time += ms),
    async round(over = {}) {
      time += 60_000;
      const backlog = await connection.openBacklog({
        name: 'shop',
        scope,
        sources: {},
        scoreField: null,
        blockerLinkTypes: ['Blocks'],
        ignoreActors: [],
        timezone: 'UTC',
      });
      const signal = new AbortController().signal;
      const parts = { connection, backlog, state, journal, clock, signal, log: silentLog, ignoreActors: [] };
      return reconcile(
        { ...request, sweep: false, otherWriters: [], savedPlan: null, ...over },
        { ...parts, newRoundId: () => `r${++rounds}`, progress: () => undefined },
      );
    },
  };
}

const quietSince = 16 * 60_000;

describe('connectors/jira/rounds', () => {
  afterEach(async () => {
    for (const site of open.splice(0)) await site.close();
  });

  it('a round reaches what it planned, and later ones plan nothing', async () => {
    const { site, round, pass } = await aBacklog(200, 5);
    const first = await round();
    const second = await round();
    pass(quietSince);
    const third = await round();
    const fourth = await round();
    const swept = await round({ sweep: true });

    expect(first.error).toBeNull();
    expect(first.report.status).toBe('applied');
    expect(first.report.problems.filter(({ message }) => /does not|could not/.test(message))).toEqual([]);
    for (const later of [second, third, fourth, swept]) {
      expect(later.report).toMatchObject({ status: 'nothing-to-do', changes: [], withheld: [] });
    }
    expect(fourth.report.calls).toEqual({ read: 1, write: 0 });
    expect(site.mails()).toEqual([]);
  });

  it('one changed issue costs three reads, its writes and one look back', async () => {
    const { site, board, round, pass } = await aBacklog(80, 7, 'project = SHOP AND statusCategory = "To Do"');
    await round();
    pass(quietSince);
    await round();
    const key = site.order(board).findLast(one => /To Do/.test(site.issue(one).status)) ?? '';
    site.editIssue(key, { priority: { name: 'Highest' }, description: 'short' }, 'Ada Park');
    pass(quietSince);

    const { report } = await round();

    expect(report.changes.map(change => change.kind).sort()).toEqual(['label-add', 'label-remove', 'move']);
    expect(report.calls).toEqual({ read: 4, write: 2 });
    expect(report.problems.filter(p => /does not/.test(p.message))).toEqual([]);
  });

  it('a person drags an issue after a round, and it stays there', async () => {
    const { site, board, round, pass } = await aBacklog(60, 9);
    await round();
    pass(3_600_000);
    const order = site.order(board);
    const [top = '', dragged = ''] = [order[0], order.at(-1)];
    site.rank(dragged, { before: top }, 'Ada Park');

    const after = await round();

    expect(after.error).toBeNull();
    expect(site.order(board)[0]).toBe(dragged);
  });

  it('an edit between read and write is read by the next round, not the next sweep', async () => {
    const { site, round, pass } = await aBacklog(60, 9);
    const planned = await round({ purpose: 'plan' });
    const change = planned.report.changes.find(({ kind, to }) => kind === 'label-add' && to === 'winnow-stale');
    const key = change?.key ?? '';
    site.faults.next({ kind: 'alter', path: '/changelog/bulkfetch', alter: afterwards(() => edit(site, key)) });

    const first = await round({ sweep: true });
    pass(quietSince);
    const second = await round();
    const third = await round();

    expect(first.error).toBeNull();
    expect(site.faults.pending()).toBe(0);
    expect(second.report.changes.map(c => [c.key, c.kind, c.from])).toContainEqual([
      key,
      'label-remove',
      'winnow-stale',
    ]);
    expect(site.issue(key).labels).not.toContain('winnow-stale');
    expect(third.report).toMatchObject({ status: 'nothing-to-do', changes: [] });
  });

  it('an issue that a person drags while a long round reads stays where it was put', async () => {
    const { site, board, round, pass } = await aBacklog(60, 9, null, 10);
    const planned = await round({ purpose: 'plan' });
    const key = planned.report.changes.findLast(({ kind }) => kind === 'move')?.key ?? '';
    const order = site.order(board);
    const anchor = order.find(other => other !== key) ?? '';
    const slowly = afterwards(() => {
      pass(60_000);
      site.rank(key, { after: anchor }, 'Ada Park');
    });
    site.faults.next({ kind: 'alter', path: '/changelog/bulkfetch', alter: slowly });

    const first = await round({ sweep: true });
    const second = await round();

    expect(first.error).toBeNull();
    expect(site.faults.pending()).toBe(0);
    expect(first.report.withheld.map(w => [w.key, w.kind, w.guard])).toContainEqual([key, 'move', 'quiet']);
    expect(site.order(board).indexOf(key)).toBe(site.order(board).indexOf(anchor) + 1);
    expect(second.study?.desired.holds.get(itemRef('jira', site.issue(key).id))?.kind).toBe('drag');
  });

  it('lost answers and locked issues are made good by the next round', async () => {
    const { site, board, round } = await aBacklog(60, 11);
    site.faults.next({ kind: 'reset-after', method: 'PUT', skip: 1 });
    site.faults.next({ kind: 'reset-before', method: 'PUT', skip: 4 });
    const locked = site.order(board)[3] ?? '';
    site.switches.lock(locked);
    const first = await round();
    site.switches.unlock(locked);
    const second = await round();
    const third = await round();

    expect(first.error).toBeNull();
    expect(['applied', 'partial']).toContain(first.report.status);
    expect(second.error).toBeNull();
    expect(third.report).toMatchObject({ status: 'nothing-to-do', changes: [] });
  });

  it('a lost browse permission never looks like an empty backlog', async () => {
    const { site, round } = await aBacklog(40, 13);
    await round();
    site.forget();
    site.switches.noBrowse('SHOP');

    const blind = await round({ sweep: true });
    site.switches.noBrowse('SHOP', false);
    const again = await round({ sweep: true });

    expect(blind.report.status).toBe('failed');
    expect(blind.error?.name).toBe('ShortReadError');
    expect(site.calls().write).toBe(0);
    expect(again.report).toMatchObject({ status: 'nothing-to-do', changes: [] });
  });

  it('a first read that sees nothing fails', async () => {
    const { site, round } = await aBacklog(40, 13);
    site.switches.noBrowse('SHOP');

    const { error, report } = await round();

    expect(error).not.toBeNull();
    expect(report).toMatchObject({ status: 'failed', changes: [], calls: { write: 0 } });
  });

  it('a revoked token is a matter of the credential', async () => {
    const { site, round } = await aBacklog(20, 17);
    await round();
    site.switches.revokeToken();

    expect((await round()).error?.name).toBe('CredentialError');
  });

  it('without rights to quiet edits at most one project mail is risked', async () => {
    const { site, round } = await aBacklog(60, 19);
    site.switches.noNotifyAdmin();

    const first = await round();
    const second = await round();

    expect(first.report.problems.filter(p => /does not/.test(p.message))).toEqual([]);
    expect(second.report).toMatchObject({ status: 'nothing-to-do' });
    expect(new Set(site.mails().map(mail => mail.key)).size).toBeLessThanOrEqual(1);
  });

  it('a rebalance of all ranks moves nothing', async () => {
    const { site, round, pass } = await aBacklog(60, 23);
    await round();
    pass(quietSince);
    await round();
    site.rebalance();
    const quiet = await round();
    const swept = await round({ sweep: true });

    expect([quiet.report.changes, swept.report.changes]).toEqual([[], []]);
  });

  it('an issue that leaves a query loses its labels at once', async () => {
    const { site, round, pass } = await aBacklog(
      60,
      29,
      'project = SHOP AND statusCategory = "To Do" AND sprint is EMPTY',
    );
    await round();
    pass(quietSince);
    const labelled = site
      .order(site.boards[0]?.id ?? 0)
      .find(key => isMarked(site, key) && /To Do|Backlog|Open/.test(site.issue(key).status));
    expect(labelled).toBeDefined();
    site.transition(labelled ?? '', 'In Progress', 'Ada Park');

    const after = await round();

    expect(after.error).toBeNull();
    expect(isMarked(site, labelled ?? '')).toBe(false);
  });
});

/** Lets an answer go out as it is, and then something happen. */
function afterwards(happen: () => void): (json: unknown) => unknown {
  return json => {
    happen();
    return json;
  };
}

function edit(site: JiraSite, key: string): void {
  site.editIssue(key, { summary: 'No longer forgotten' }, 'Ada Park');
}

function isMarked(site: JiraSite, key: string): boolean {
  return site.issue(key).labels.some(label => label.startsWith('winnow-'));
}
