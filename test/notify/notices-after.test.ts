import { describe, expect, it } from 'vitest';
import { noticesAfter, type AfterRound, type Told } from '../../src/notify/notices-after.ts';
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
  ...over,
});

/** Topics told after each of these states, one round after the other. */
function story(...rounds: readonly Partial<AfterRound>[]): string[][] {
  let told: Told = {};
  return rounds.map(over => {
    const answer = noticesAfter('shop', after(over), told);
    ({ told } = answer);
    return answer.notices.map(notice => notice.topic);
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

  it('notices say what, why and what to do', () => {
    const { notices } = noticesAfter('shop', after({ rounds: [waits('r7')], pauses: [breaker] }), {});

    expect(notices).toMatchObject([
      { title: 'shop: stopped after repeated failures', todo: 'winnow resume shop' },
      { title: 'shop: 1 moves wait for approval', todo: 'winnow approve shop' },
    ]);
    expect(notices[0]?.text).toContain('five failed');
    expect(notices[1]?.text).toContain('r7');
  });
});
