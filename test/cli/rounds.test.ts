import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRound } from '../../src/cli/command-round.ts';
import type { RunOptions } from '../../src/cli/run-rounds.ts';
import type { Store } from '../../src/store/open-store.ts';
import { openSite, openTestStore, trackers, type Backlog } from '../support/two-sites.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** Of the ranked items: the lowest that blocks nothing and waits for nothing. */
function lowestFree({ study }: CommandRound): string {
  const bound = new Set([...(study?.desired.blockedBy ?? [])].flatMap(([ref, blockers]) => [ref, ...blockers]));
  const ref = study?.desired.current.findLast(one => !bound.has(one));
  return (ref === undefined ? undefined : study?.pulled.states.get(ref)?.item.key) ?? '';
}

/** A ranked item that bears such a label. */
function bearerOf(label: string, { study }: CommandRound): string {
  const bearer = study?.desired.current
    .map(ref => study.pulled.states.get(ref)?.item)
    .find(item => item?.labels.includes(label));
  if (bearer === undefined) throw new Error(`no item bears ${label}`);
  return bearer.key;
}

// One backlog lives through all of these, in this order.
describe.each(trackers)('whole rounds on an emulated %s', tracker => {
  let backlog: Backlog;
  const round = (over: Partial<RunOptions> = {}) => backlog.round({ liftLimits: true, ...over });

  beforeAll(async () => {
    backlog = await openSite(tracker, store, 'mode: apply');
  });
  afterAll(() => backlog.close());

  it('the first brings order and labels, the second writes nothing', async () => {
    const first = await round();
    expect(first.report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(first.report.changes.length).toBeGreaterThan(10);

    backlog.later(1);
    const second = await round();

    expect(second.report).toMatchObject({ status: 'nothing-to-do', changes: [], calls: { write: 0 } });
    expect(second.report.calls.read).toBeLessThanOrEqual(5);
  });

  it('a sweep finds nothing left to do either', async () => {
    const { report, study } = await round({ sweep: true });

    expect(report).toMatchObject({ status: 'nothing-to-do', calls: { write: 0 } });
    expect(study?.desired.order).toEqual(study?.desired.current);
  });

  it('one item changed by a person costs few calls', async () => {
    const key = lowestFree(await round({ purpose: 'plan' }));
    backlog.later(1);
    backlog.raise(key);
    backlog.later(1);

    const { report } = await round();

    expect(report.outcomes).toMatchObject({ failed: 0 });
    const moved = report.changes.filter(c => c.kind === 'move').map(c => c.key);
    // A pinned item keeps its index, so one beside it may have to change sides.
    expect(moved).toContain(key);
    expect(moved.length).toBeLessThanOrEqual(2);
    expect(report.calls.read + report.calls.write).toBeLessThanOrEqual(tracker === 'jira' ? 8 : 6);
    expect((await round()).report.changes).toEqual([]);
  });

  it('a label that a person takes off stays off while the item is fresh', async () => {
    const key = bearerOf('winnow-stale', await round({ purpose: 'plan' }));
    backlog.later(1);
    backlog.removeLabel(key, 'winnow-stale');
    backlog.later(1);

    const { report } = await round();

    expect(report.changes.filter(c => c.key === key && c.kind === 'label-add')).toEqual([]);
  });

  it('an item that starts loses its labels', async () => {
    const key = bearerOf('winnow-needs-estimate', await round({ purpose: 'plan' }));
    backlog.later(1);
    backlog.startWork(key);
    backlog.later(1);

    await round();

    expect(backlog.labels(key).filter(label => label.startsWith('winnow-'))).toEqual([]);
  });

  it('a rule that refuses an item is told once, then the item is quarantined until somebody edits it', async () => {
    const key = bearerOf('winnow-needs-detail', await round({ purpose: 'plan' }));
    backlog.later(1);
    backlog.removeLabel(key, 'winnow-needs-detail');
    backlog.troubles.breakRule(key, true);
    backlog.later(1);
    const first = await round();
    expect(first.report.status).toBe('partial');
    expect(first.report.problems.map(p => p.message).join()).toMatch(/left alone until somebody edits it/);

    const second = await round();
    expect(second.report.calls.write).toBe(0);
    expect(second.report.withheld.map(w => [w.key, w.guard])).toContainEqual([key, 'quarantine']);

    backlog.troubles.breakRule(key, false);
    backlog.retitle(key);
    backlog.later(1);
    expect((await round()).report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(backlog.labels(key)).toContain('winnow-needs-detail');
  });

  it.each<[string, (on: boolean) => void]>([
    ['fails half-way', on => backlog.troubles.cutReads(on)],
    ['sees too few items', on => backlog.troubles.hideItems(on)],
  ])('a read that %s fails the round, and nothing is written', async (_what, trouble) => {
    backlog.later(25);
    const before = backlog.order();
    trouble(true);

    const { report } = await round({ sweep: true });
    trouble(false);

    expect(report).toMatchObject({ status: 'failed', calls: { write: 0 } });
    expect(backlog.order()).toEqual(before);
  });

  it('a token that no longer works says what to do', async () => {
    backlog.revoke(true);
    const { report } = await round();
    backlog.revoke(false);

    expect(report).toMatchObject({ status: 'failed', calls: { write: 0 } });
    expect(report.problems[0]?.message).toMatch(/Check e-mail and API token|Renew the token/);
    expect((await round()).report).toMatchObject({ status: 'nothing-to-do' });
  });
});
