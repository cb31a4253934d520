import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Change, Withheld } from '../../src/change.ts';
import { renderRound } from '../../src/cli/render-plan.ts';
import { createCapturedVoice } from '../../src/cli/terminal.ts';
import type { CommandRound } from '../../src/cli/command-round.ts';
import type { Tracker } from '../../src/item.ts';
import type { Store } from '../../src/store/open-store.ts';
import type { Hold } from '../../src/sync/ports.ts';
import { approve } from '../../src/sync/approve.ts';
import { openSite, openTestStore, trackers, type Backlog } from '../support/two-sites.ts';

const wide = { maxMoves: 900, maxMovedShare: 1, maxLabelChanges: 900, quietMinutes: 0, writesPerItemPerDay: 90 };
const limits = (over: Partial<typeof wide> = {}): string => `limits: ${JSON.stringify({ ...wide, ...over })}`;
const open: Backlog[] = [];
let store: Store;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

async function aBacklog(tracker: Tracker, more: string): Promise<Backlog> {
  const backlog = await openSite(tracker, store, more);
  open.push(backlog);
  return backlog;
}

const kinds = (changes: readonly Change[]): readonly string[] =>
  [...new Set(changes.map(change => change.kind))].sort();
const guards = (withheld: readonly Withheld[]): readonly string[] => [...new Set(withheld.map(w => w.guard))].sort();
const movesOf = ({ report }: CommandRound): readonly string[] =>
  report.changes.flatMap(change => (change.kind === 'move' ? [change.key] : []));
const { voice } = createCapturedVoice({ coloured: false, width: 120 });
const text = (round: CommandRound): string => renderRound(round, voice);
const keyAt = (round: CommandRound, place: number): string => {
  const ref = round.study?.desired.current.at(place);
  return (ref === undefined ? undefined : round.study?.pulled.states.get(ref)?.item.key) ?? '';
};

describe.each(trackers)('limits on an emulated %s', tracker => {
  afterEach(async () => {
    for (const backlog of open.splice(0)) await backlog.close();
  });

  it('a new backlog only observes until --apply is said', async () => {
    const backlog = await aBacklog(tracker, limits());

    const observed = await backlog.round();
    expect(observed.report).toMatchObject({ mode: 'observe', status: 'observed', changes: [], calls: { write: 0 } });
    expect(guards(observed.report.withheld)).toEqual(['observe']);
    expect(text(observed)).toMatch(/-> write for once: winnow run backlog-\d+ --apply; from now on: mode: apply/);

    expect((await backlog.round({ apply: true })).report).toMatchObject({ mode: 'apply', status: 'applied' });
  });

  it('too many moves wait for approval while labels and scores are written', async () => {
    const backlog = await aBacklog(tracker, `mode: apply, ${limits({ maxMoves: 3 })}`);
    const first = await backlog.round();
    expect(first.report.status).toBe('needs-approval');
    expect(guards(first.report.withheld)).toEqual(['needs-approval']);
    expect(kinds(first.report.changes)).toEqual(['label-add', 'score-set']);
    expect(text(first)).toContain(`-> let the moves through: winnow approve ${backlog.name}`);

    const { now } = backlog.world;
    const granted = await approve(store.journal, { backlog: backlog.name, moves: null, by: 'alice', now });
    expect(granted.moves).toBe(first.report.withheld.length);
    backlog.later(1);
    const second = await backlog.round();
    expect(second.report).toMatchObject({ status: 'applied', withheld: [], outcomes: { failed: 0 } });
    expect(kinds(second.report.changes)).toEqual(['move']);
    backlog.later(1);
    expect((await backlog.round()).report).toMatchObject({ status: 'nothing-to-do', calls: { write: 0 } });
  });

  it('labels come a few a round, the longest idle first, until all are there', async () => {
    const backlog = await aBacklog(tracker, `mode: apply, ${limits({ maxLabelChanges: 5 })}`);
    const idle = (round: CommandRound, change: Change): number =>
      round.study?.desired.assessments.get(change.ref)?.idleDays ?? -1;
    for (let rounds = 0; ; rounds++) {
      expect(rounds).toBeLessThan(20);
      const round = await backlog.round();
      const { changes, withheld } = round.report;
      const added = changes.filter(change => change.kind === 'label-add');
      expect(added.length).toBeLessThanOrEqual(5);
      const leastIdle = Math.min(...added.map(change => idle(round, change)));
      for (const waiting of withheld) expect(idle(round, waiting)).toBeLessThanOrEqual(leastIdle);
      if (withheld.length === 0) break;
      expect(guards(withheld)).toEqual(['label-ramp']);
      expect(text(round)).toContain('-> new labels come 5 a round (limits.maxLabelChanges)');
      expect(added).toHaveLength(5);
      backlog.later(1);
    }
    backlog.later(1);

    expect((await backlog.round()).report.status).toBe('nothing-to-do');
  });

  it('an item written too often within a day waits for the next', async () => {
    const backlog = await aBacklog(tracker, `mode: apply, ${limits({ writesPerItemPerDay: 3 })}`);
    await backlog.round();
    const written = new Map<string, number>();
    let last = '';
    for (let hour = 0; hour < 6; hour++) {
      backlog.later(1);
      const shown = await backlog.round({ purpose: 'plan' });
      last ||= keyAt(shown, -1);
      backlog.setScore(last, hour + 100);
      backlog.later(1);
      const round = await backlog.round();
      const { report } = round;
      if (report.changes.some(change => change.key === last)) written.set(last, (written.get(last) ?? 0) + 1);
      else {
        expect(guards(report.withheld.filter(w => w.key === last))).toEqual(['write-budget']);
        expect(text(round)).toContain('-> written 3 times within a day (limits.writesPerItemPerDay)');
        expect(holdOf(round, last)).toMatchObject({
          kind: 'write-budget',
          by: expect.stringMatching(/writes within a day/),
        });
      }
    }
    // The first round wrote it too, once or twice.
    expect(written.get(last)).toBeLessThanOrEqual(2);
    backlog.later(25);

    const { report } = await backlog.round();

    expect(report.changes.map(change => change.key)).toContain(last);
  });

  it('an item that somebody works on is left alone until they have left it', async () => {
    const backlog = await aBacklog(tracker, `mode: apply, ${limits({ quietMinutes: 10 })}`);
    backlog.later(1);
    const first = await backlog.round();
    const last = keyAt(first, -1);
    backlog.later(2);
    const labelled = first.report.changes.find(
      c => c.kind === 'label-add' && c.to === 'winnow-stale' && c.key !== last,
    );
    backlog.raise(last);
    backlog.retitle(labelled?.key ?? '');
    backlog.later(0.1);

    const quiet = await backlog.round();
    expect(movesOf(quiet)).not.toContain(last);
    expect(quiet.report.withheld.filter(w => w.key === last && w.kind === 'move').map(w => w.guard)).toEqual(['quiet']);
    // One patch carries all of an Azure DevOps item, so its labels wait too; on Jira they do not.
    const removal = (round: CommandRound): boolean =>
      round.report.changes.some(c => c.kind === 'label-remove' && c.key === labelled?.key);
    expect(removal(quiet)).toBe(tracker === 'jira');
    expect(text(quiet)).toContain('-> somebody edited these within 10 minutes (limits.quietMinutes)');
    expect(holdOf(quiet, last)).toMatchObject({ kind: 'quiet', by: 'somebody is at work on it' });
    backlog.later(0.2);

    const later = await backlog.round();

    expect(movesOf(later)).toContain(last);
    expect(backlog.labels(labelled?.key ?? '')).not.toContain('winnow-stale');
    backlog.later(1);
    expect((await backlog.round()).report.status).toBe('nothing-to-do');
  });

  it('nothing is written outside the hours, across midnight and the change of clocks', async () => {
    const night = 'timezone: Europe/Berlin, writeHours: "22:00-06:00"';
    const backlog = await aBacklog(tracker, `mode: apply, ${night}, ${limits()}`);
    // The night of 29 March 2026 has no hour from two to three; noon of the 30th is 12:00 at UTC+2.
    expect(await written(backlog, '2026-03-30T10:00:00Z')).toBe('observed');
    expect(text(await backlog.round())).toContain('-> written from 22:00 to 06:00 only (writeHours, Europe/Berlin)');
    expect(await written(backlog, '2026-03-30T19:59:00Z')).toBe('observed');
    expect(await written(backlog, '2026-03-30T20:00:00Z')).toBe('applied');
    backlog.raise(keyAt(await backlog.round({ purpose: 'plan' }), -1));
    expect(await written(backlog, '2026-03-31T04:00:00Z')).toBe('observed');
    expect(await written(backlog, '2026-03-31T22:30:00Z')).toBe('applied');
  });

  it('a new item stays where it is for its days', async () => {
    const backlog = await aBacklog(tracker, `mode: apply, newItemsHoldDays: 3, ${limits()}`);
    await backlog.round();
    backlog.later(1);
    const key = backlog.create('Something new');
    backlog.raise(key);
    backlog.later(1);

    const young = await backlog.round();
    expect(movesOf(young)).not.toContain(key);
    expect(holdOf(young, key)).toMatchObject({ kind: 'new-item', until: expect.any(Date) });
    backlog.later(24 * 3);

    expect(movesOf(await backlog.round())).toContain(key);
  });

  it('a second instance on the account makes the backlog observe until it is resumed', async () => {
    const backlog = await aBacklog(tracker, `mode: apply, ${limits()}`);
    const first = await backlog.round();
    const bare = backlog.order().find(key => backlog.labels(key).length === 0) ?? '';
    backlog.later(1);
    backlog.addLabelAsOwner(bare, 'winnow-needs-input');
    for (const sweep of [false, false, true]) {
      backlog.later(1);
      const { report } = await backlog.round({ sweep });
      expect(report).toMatchObject({ status: 'observed', changes: [], calls: { write: 0 } });
      expect(report.problems.map(problem => problem.message).join()).toMatch(/second Winnow seems to write/);
    }
    backlog.later(1);
    await store.state.resume(backlog.name, { at: backlog.world.now, by: 'alice' });
    backlog.later(1);

    const resumed = await backlog.round({ sweep: true });

    expect(first.report.status).toBe('applied');
    expect(resumed.report.changes.map(change => [change.kind, change.key])).toEqual([['label-remove', bare]]);
  });

  it('a backlog that cannot be written is stopped after five rounds, says why, and goes on when resumed', async () => {
    const backlog = await aBacklog(tracker, `mode: apply, ${limits()}`);
    backlog.forbidWrites(true);
    for (let rounds = 0; rounds < 5; rounds++) {
      const { report } = await backlog.round();
      expect([report.status, report.outcomes.applied]).toEqual(['partial', 0]);
      backlog.later(1);
    }
    backlog.forbidWrites(false);

    const stopped = await backlog.round();
    expect(stopped.report).toMatchObject({ status: 'observed', changes: [], calls: { write: 0 } });
    expect(text(stopped)).toMatch(
      /-> stopped after repeated failures \(5 rounds in a row could not write .*until resumed/,
    );
    expect(text(stopped)).toContain(`-> go on writing: winnow resume ${backlog.name}`);
    await store.state.resume(backlog.name, { at: backlog.world.now, by: 'alice' });
    backlog.later(1);

    expect((await backlog.round()).report).toMatchObject({ status: 'applied', withheld: [], outcomes: { failed: 0 } });
  });

  it('a refused item is told; others are written, and it follows once it may', async () => {
    const backlog = await aBacklog(tracker, `mode: apply, ${limits()}`);
    const { study } = await backlog.round({ purpose: 'plan' });
    const ref = study?.guarded.changes.find(change => change.kind === 'score-set')?.ref;
    const key = (ref === undefined ? undefined : study?.pulled.states.get(ref)?.item.key) ?? '';
    backlog.refuse(key, true);
    const first = await backlog.round();
    expect(first.report.status).toBe('partial');
    expect(
      new Set(first.report.problems.flatMap(p => (/ refus|rule|rank|TF4013|cannot/i.test(p.message) ? [p.ref] : []))),
    ).toContain(ref);
    expect(first.report.outcomes.applied).toBeGreaterThan(10);
    backlog.refuse(key, false);
    backlog.retitle(key);
    backlog.later(1);

    const second = await backlog.round();

    expect(second.report.outcomes.failed).toBe(0);
    expect(second.report.changes.map(change => change.key)).toContain(key);
  });
});

/** What `winnow explain` tells as holding an item. */
function holdOf({ study }: CommandRound, key: string): Hold | undefined {
  const item = [...(study?.pulled.states.values() ?? [])].find(state => state.item.key === key);
  return item === undefined ? undefined : study?.desired.holds.get(item.item.ref);
}

async function written(backlog: Backlog, at: string): Promise<string> {
  backlog.world.now = new Date(at);
  return (await backlog.round()).report.status;
}
