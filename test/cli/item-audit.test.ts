import { describe, expect, it } from 'vitest';
import { itemRoundOf } from '../../src/cli/item-audit.ts';
import { itemRef } from '../../src/item.ts';
import type { JournaledEffect } from '../../src/sync/ports.ts';
import { aMove, aReport, withheld } from '../support/store-values.ts';

const at = new Date('2026-11-24T12:00:00Z');
const audit = { connection: 'c', model: 'default', modelHash: 'h', plan: 'p', account: 'u-1' };

function aWrite(over: Partial<JournaledEffect> = {}): JournaledEffect {
  const ref = itemRef('jira', 1);
  const values = { field: 'rank', from: '5', to: '3', status: 'applied' } as const;
  return { round: 'r1', ref, key: 'SHOP-1', ...values, intendedAt: at, closedAt: at, ...over };
}

const outcomes = (report: ReturnType<typeof aReport>, writes: readonly JournaledEffect[], item = 'SHOP-1'): unknown[] =>
  itemRoundOf({ report, audit }, item, writes).changes.map(c => [c.kind, c.outcome, c.guard]);

describe('cli/item-audit', () => {
  it('a change is told with what came of its last try', () => {
    const report = aReport('r1', { changes: [aMove(1), aMove(2)], outcomes: { applied: 2, failed: 0 } });

    expect(outcomes(report, [aWrite({ status: 'conflict' }), aWrite()])).toEqual([['move', 'applied', null]]);
  });

  it('what a guard kept back names the guard', () => {
    expect(outcomes(aReport('r1', { withheld: [withheld(aMove(1))] }), [])).toEqual([['move', 'withheld', 'observe']]);
  });

  it('a change of a plan was planned; one after the end of its round was not attempted', () => {
    const changes = [aMove(1)];

    expect(outcomes(aReport('r1', { status: 'planned', changes }), [])).toEqual([['move', 'planned', null]]);
    expect(outcomes(aReport('r1', { changes, outcomes: { applied: 0, failed: 1 } }), [])).toEqual([
      ['move', 'not-attempted', null],
    ]);
  });

  it('an item that made room for its neighbours was respread', () => {
    expect(outcomes(aReport('r1', { changes: [aMove(2)] }), [aWrite()])).toEqual([['respread', 'applied', null]]);
  });

  it('keys are found in any case, refs as they are', () => {
    const report = aReport('r1', { changes: [aMove(1)] });

    expect(outcomes(report, [aWrite()], 'shop-1')).toHaveLength(1);
    expect(outcomes(report, [aWrite()], 'jira:1')).toHaveLength(1);
  });
});
