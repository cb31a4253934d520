import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/open-store.ts';
import type { Tracker } from '../../src/item.ts';
import { openSite, openTestStore, trackers, type Backlog } from '../support/two-sites.ts';

const free =
  'mode: apply, limits: { maxMoves: 900, maxMovedShare: 1, maxLabelChanges: 900, quietMinutes: 0, writesPerItemPerDay: 90 }';
const open: Backlog[] = [];
let store: Store;

async function aBacklog(tracker: Tracker): Promise<Backlog> {
  const backlog = await openSite(tracker, store, free);
  open.push(backlog);
  return backlog;
}

const told = (problems: readonly { readonly message: string }[]): string => problems.map(p => p.message).join('\n');

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe.each(trackers)('undo on an emulated %s', tracker => {
  afterEach(async () => {
    for (const backlog of open.splice(0)) await backlog.close();
  });

  it('brings order, labels and scores back, and again by undoing the undo', async () => {
    const backlog = await aBacklog(tracker);
    const before = await backlog.picture();
    backlog.later(1);
    const first = await backlog.round();
    expect(first.report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    const after = await backlog.picture();
    expect(after).not.toEqual(before);
    backlog.later(1);

    const undone = await backlog.undo(first.report.id);

    expect(undone.report).toMatchObject({ mode: 'undo', status: 'applied', problems: [], outcomes: { failed: 0 } });
    expect(await backlog.picture()).toEqual(before);
    const moves = ({ report }: typeof first): number => report.changes.filter(c => c.kind === 'move').length;
    expect(moves(undone)).toBeLessThanOrEqual(moves(first));

    backlog.later(1);
    const paused = await backlog.round();
    expect(paused.report).toMatchObject({ status: 'observed', calls: { write: 0 } });
    expect(new Set(paused.report.withheld.map(w => w.guard))).toEqual(new Set(['paused']));

    backlog.later(1);
    const again = await backlog.undo(undone.report.id);
    expect(again.report).toMatchObject({ status: 'applied', problems: [] });
    expect(await backlog.picture()).toEqual(after);

    await store.state.resume(backlog.name, { at: backlog.world.now, by: 'alice' });
    backlog.later(1);
    expect((await backlog.round({ sweep: true })).report).toMatchObject({
      status: 'nothing-to-do',
      calls: { write: 0 },
    });
  });

  it('a dry run shows what would come back, and neither writes nor pauses', async () => {
    const backlog = await aBacklog(tracker);
    const first = await backlog.round();
    backlog.later(1);
    const before = await backlog.picture();

    const shown = await backlog.undo(first.report.id, true);

    expect(shown.report).toMatchObject({ mode: 'undo', purpose: 'plan', status: 'planned', calls: { write: 0 } });
    expect(await store.state.pauses(backlog.name, backlog.world.now)).toEqual([]);
    expect(await backlog.picture()).toEqual(before);
    const undone = await backlog.undo(first.report.id);
    expect(undone.report.changes).toEqual(shown.report.changes);
  });

  it('a token that does not work any more is a failed round in the journal', async () => {
    const backlog = await aBacklog(tracker);
    const first = await backlog.round();
    backlog.later(1);
    backlog.revoke(true);

    const failed = await backlog.undo(first.report.id);

    expect(failed.report).toMatchObject({ mode: 'undo', status: 'failed', changes: [], calls: { write: 0 } });
    expect(told(failed.report.problems)).toMatch(/token/i);
    const [newest] = await store.journal.rounds({ backlog: backlog.name, limit: 1 });
    expect(newest).toMatchObject({ id: failed.report.id, mode: 'undo', status: 'failed' });
    backlog.revoke(false);
    expect((await backlog.undo(first.report.id)).report.status).toBe('applied');
  });

  it('leaves what people did since, and tells it', async () => {
    const backlog = await aBacklog(tracker);
    const before = await backlog.picture();
    backlog.later(1);
    const { report } = await backlog.round();
    const moved = report.changes.flatMap(c => (c.kind === 'move' ? [c.key] : []));
    const labelled = report.changes.flatMap(c =>
      c.kind === 'label-add' && !moved.slice(0, 3).includes(c.key) ? [c] : [],
    );
    const [dragged = '', removed = '', started = ''] = moved;
    const [off, on] = [labelled[0], labelled.find(c => c.key !== labelled[0]?.key)];
    backlog.later(2);
    backlog.dragDown(dragged);
    backlog.remove(removed);
    backlog.startWork(started);
    backlog.removeLabel(off?.key ?? '', off?.to ?? '');
    backlog.removeLabel(on?.key ?? '', on?.to ?? '');
    backlog.later(1);
    backlog.addLabel(on?.key ?? '', on?.to ?? '');
    const scored = report.changes.find(c => c.kind === 'score-set' && ![dragged, removed, started].includes(c.key));
    backlog.setScore(scored?.key ?? '', 3);
    backlog.later(1);

    const undone = await backlog.undo(report.id);

    expect(undone.report.status).toBe('applied');
    const problems = told(undone.report.problems);
    expect(problems).toMatch(new RegExp(`^${dragged}: its place is left: (somebody|Ada Park) moved it`, 'm'));
    expect(problems).toMatch(new RegExp(`^${removed}: its place is left: it is deleted`, 'm'));
    expect(problems).toMatch(new RegExp(`^${started}: its place is left: it is not ranked now`, 'm'));
    expect(problems).toMatch(new RegExp(`^${on?.key}: ${on?.to} is left: Ada Park changed it`, 'm'));
    expect(problems).toMatch(new RegExp(`^${scored?.key}: its score is left: somebody changed it since`, 'm'));
    expect(backlog.labels(on?.key ?? '')).toContain(on?.to);
    expect(backlog.labels(off?.key ?? '')).not.toContain(off?.to);
    expect(backlog.score(scored?.key ?? '')).toBe(3);
    const others = (picture: typeof before): string[] =>
      picture.map(item => item.key).filter(key => ![dragged, removed, started].includes(key));
    expect(others(await backlog.picture())).toEqual(others(before));
    expect(undone.report.changes.some(c => c.kind === 'move' && c.key === dragged)).toBe(false);
  });

  it('of a round that was cut off takes back what arrived', async () => {
    const backlog = await aBacklog(tracker);
    const before = await backlog.picture();
    const { journal } = store;
    const { outcome } = journal;
    let writes = 0;
    // The journal goes away after the third write, as when the process is killed there.
    journal.outcome = async (...args) => {
      if (++writes > 3) throw new Error('killed');
      await outcome(...args);
    };
    backlog.later(1);
    const cut = await backlog.round();
    journal.outcome = outcome;
    expect(cut.error?.message).toBe('killed');
    expect(await store.journal.openIntents(backlog.name)).not.toEqual([]);
    backlog.later(1);

    const undone = await backlog.undo(cut.report.id);

    expect(undone.report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(await backlog.picture()).toEqual(before);
    expect(await store.journal.openIntents(backlog.name)).toEqual([]);
  });

  it('its writes are no activity, no drag and no second instance', async () => {
    const backlog = await aBacklog(tracker);
    const clocks = async (): Promise<readonly unknown[]> => {
      const { study } = await backlog.round({ purpose: 'plan', sweep: true });
      expect(study?.pulled.strangers).toEqual([]);
      return [...(study?.pulled.states.values() ?? [])].map(({ item, clock, hold, rankedByPerson }) => {
        return { key: item.key, at: clock.at, hold, ranked: rankedByPerson?.at ?? null };
      });
    };
    const before = await clocks();
    backlog.later(1);
    const { report } = await backlog.round();
    backlog.later(1);
    await backlog.undo(report.id);
    backlog.later(1);

    const after = await clocks();

    expect(new Set(after.map(one => JSON.stringify(one)))).toEqual(new Set(before.map(one => JSON.stringify(one))));
  });

  it('says what is wrong with a round that cannot be undone', async () => {
    const backlog = await aBacklog(tracker);
    const { report } = await backlog.round({ purpose: 'plan' });

    await expect(backlog.undo('r0')).rejects.toThrow(
      'The journal holds no round r0. "winnow rounds" lists those it holds.',
    );
    await expect(backlog.undo(report.id)).rejects.toThrow(`Round ${report.id} wrote nothing`);
  });
});
