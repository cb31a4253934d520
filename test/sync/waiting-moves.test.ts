import { describe, expect, it } from 'vitest';
import type { GuardName } from '../../src/change.ts';
import type { RoundReport } from '../../src/sync/ports.ts';
import { waitingMoves } from '../../src/sync/waiting-moves.ts';
import { aMove, aReport, withheld } from '../support/store-values.ts';

const round = (id: string, guards: readonly GuardName[], over: Partial<RoundReport> = {}): RoundReport =>
  aReport(id, { withheld: guards.map((guard, n) => ({ ...withheld(aMove(n + 1)), guard })), ...over });

describe('sync/waiting-moves', () => {
  it.each<[string, readonly RoundReport[], { round: string; moves: number } | null]>([
    ['no rounds', [], null],
    [
      'the newest waits',
      [round('r2', ['needs-approval', 'needs-approval']), round('r1', [])],
      { round: 'r2', moves: 2 },
    ],
    ['the newest wrote', [round('r2', []), round('r1', ['needs-approval'])], null],
    ['other guards are not counted', [round('r1', ['needs-approval', 'quiet'])], { round: 'r1', moves: 1 }],
    ['only quiet ones wait', [round('r2', ['quiet']), round('r1', ['needs-approval'])], null],
    [
      'the newest failed',
      [round('r2', [], { status: 'failed' }), round('r1', ['needs-approval'])],
      { round: 'r1', moves: 1 },
    ],
    ['the newest was paused', [round('r2', ['paused']), round('r1', ['needs-approval'])], { round: 'r1', moves: 1 }],
    [
      'the newest came out of hours',
      [round('r2', ['write-hours']), round('r1', ['needs-approval'])],
      { round: 'r1', moves: 1 },
    ],
    [
      'the newest only observed',
      [round('r2', ['observe']), round('r1', ['needs-approval'])],
      { round: 'r1', moves: 1 },
    ],
    [
      'the newest is an undo',
      [round('r2', [], { mode: 'undo' }), round('r1', ['needs-approval'])],
      { round: 'r1', moves: 1 },
    ],
    ['partial, and moves wait', [round('r1', ['needs-approval'], { status: 'partial' })], { round: 'r1', moves: 1 }],
  ])('%s', (_title, reports, expected) => {
    expect(waitingMoves(reports)).toEqual(expected);
  });
});
