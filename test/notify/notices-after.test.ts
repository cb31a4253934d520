import { describe, expect, it } from 'vitest';
import type { AfterRound } from '../../src/notify/after-round.ts';
import { noticesAfter } from '../../src/notify/notices-after.ts';
import type { Told } from '../../src/notify/told.ts';
import type { Approval, Pause, RoundReport } from '../../src/sync/ports.ts';
import { aMove, aReport, withheld } from '../support/store-values.ts';

const noon = new Date('2026-11-24T12:00:00Z');
const waits = (id: string): RoundReport =>
  aReport(id, { status: 'needs-approval', withheld: [{ ...withheld(aMove(1)), guard: 'needs-approval' }] });
const fine = aReport('ok', { status: 'applied', withheld: [] });
const failed = (id: string): RoundReport =>
  aReport(id, { status: 'failed', withheld: [], problems: [{ ref: null, message: 'the site is away' }] });
const breaker: Pause = { reason: 'breaker', by: 'five failed', since: noon, until: null };
const second: Pause = { reason: 'second-instance', by: 'SHOP-1', since: noon, until: null };
const grant: Approval = { backlog: 'shop', round: 'r1', moves: 1, by: 'alice', grantedAt: noon, until: noon };

const after = (over: Partial<AfterRound>): AfterRound => ({
  rounds: [fine],
  hopeless: false,
  pauses: [],
  approval: null,
  digest: null,
  now: noon,
  ...over,
});

/** Topics told after each of these states, one round after the other. */
function story(...rounds: readonly Partial<AfterRound>[]): string[][] {
  let told: Told = {};
  return rounds.map(over => {
    const answer = noticesAfter('shop', after(over), told);
    ({ told } = answer);
    return answer.due.map(({ notice }) => notice.topic);
  });
}

describe('notify/notices-after', () => {
  it('a wait for approval is told once, and anew when it begins anew', () => {
    const waiting = { rounds: [waits('r1')] };

    expect(story(waiting, waiting, {}, waiting)).toEqual([['approval'], [], [], ['approval']]);
  });

  it('a grant that did not suffice is told', () => {
    const waiting = { rounds: [waits('r1')] };

    expect(story(waiting, { ...waiting, approval: grant }, { ...waiting, approval: grant })).toEqual([
      ['approval'],
      ['approval'],
      [],
    ]);
  });

  it('failures are told when they repeat, and their end', () => {
    const [one, two, three] = [failed('f1'), failed('f2'), failed('f3')];

    expect(
      story(
        { rounds: [one, fine] },
        { rounds: [two, one, fine] },
        { rounds: [three, two, one, fine] },
        { rounds: [failed('f4'), three, two, one] },
        { rounds: [fine, three] },
        { rounds: [fine] },
      ),
    ).toEqual([[], [], ['failing'], [], ['recovered'], []]);
  });

  it('what no retry heals is told at once, and nothing is recovered that was not told', () => {
    expect(story({ rounds: [failed('f1'), fine], hopeless: true })).toEqual([['failing']]);
    expect(story({ rounds: [failed('f1'), fine] }, { rounds: [fine] })).toEqual([[], []]);
  });

  it('a stopped backlog and a second instance are told once each', () => {
    expect(story({ pauses: [breaker] }, { pauses: [breaker, second] }, { pauses: [breaker, second] })).toEqual([
      ['breaker'],
      ['second-instance'],
      [],
    ]);
  });

  it('a stop after a resume is a new one', () => {
    const again: Pause = { ...breaker, since: new Date('2026-11-25T12:00:00Z') };

    expect(story({ pauses: [breaker] }, { pauses: [again] })).toEqual([['breaker'], ['breaker']]);
  });

  it('a pause that a person made is nobody else’s news', () => {
    expect(
      story({
        pauses: [
          { ...breaker, reason: 'person' },
          { ...breaker, reason: 'undo' },
        ],
      }),
    ).toEqual([[]]);
  });

  it('a pause that ends by itself is told, one that somebody ended is not', () => {
    const one = new Date('2026-11-24T13:00:00Z');
    const pause: Pause = { ...breaker, reason: 'person', until: one };
    const running = { pauses: [pause] };

    expect(story(running, running, { now: one }, { now: one })).toEqual([[], [], ['resumed'], []]);
    expect(story(running, {}, { now: one })).toEqual([[], [], []]);
    expect(story(running, { pauses: [breaker], now: one })).toEqual([[], ['breaker']]);
  });

  it('a digest is told when figures change, once a day, never where nothing asks for anybody', () => {
    const digest = (day: number, stale: number) => ({
      digest: { day, items: 9, waiting: 0, labels: { 'winnow-stale': stale } },
    });

    expect(story(digest(1, 2), digest(1, 3), digest(2, 2), digest(3, 3), {}, digest(4, 0), digest(5, 3))).toEqual([
      ['digest'],
      [],
      [],
      ['digest'],
      [],
      [],
      [],
    ]);
  });

  it('a digest says how many, how many more, of how many, and what waits', () => {
    const first = { day: 1, items: 340, waiting: 0, labels: { 'winnow-stale': 10, 'winnow-needs-input': 1 } };
    const next = { day: 2, items: 341, waiting: 7, labels: { 'winnow-stale': 12, 'winnow-needs-estimate': 5 } };
    const told = noticesAfter('shop', after({ digest: first }), {});
    const again = noticesAfter('shop', after({ digest: next }), told.told);

    expect([...told.due, ...again.due].map(({ notice }) => notice.text)).toEqual([
      'winnow-needs-input 1, winnow-stale 10, of 340 ranked items.',
      'winnow-needs-estimate 5 (+5), winnow-needs-input 0 (-1), winnow-stale 12 (+2), of 341 ranked items; 7 moves wait for approval.',
    ]);
  });

  it('notices say what, why and what to do', () => {
    const { due } = noticesAfter('shop', after({ rounds: [waits('r7')], pauses: [breaker] }), {});

    const notices = due.map(({ notice }) => notice);
    expect(notices).toMatchObject([
      { title: 'shop: stopped after repeated failures', todo: 'winnow resume shop' },
      { title: 'shop: 1 move waits for approval', todo: 'winnow approve shop' },
    ]);
    expect(notices[0]?.text).toContain('five failed');
    expect(notices[1]?.text).toContain('r7');
  });
});
