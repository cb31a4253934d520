import { describe, expect, test } from 'vitest';
import type { GuardName } from '../../src/change.ts';
import { itemRef } from '../../src/item.ts';
import { quietEnd } from '../../src/service/quiet-end.ts';
import { aMove, aReport } from '../support/store-values.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 25, 10, minute));

function endOf(
  withheld: readonly [number, GuardName][],
  edits: Record<number, Date>,
  skewMs: number | null = 0,
): Date | null {
  return quietEnd({
    report: aReport('r1', { withheld: withheld.map(([id, guard]) => ({ ...aMove(id), guard })) }),
    skewMs,
    quietMinutes: 10,
    personAt: ref => Object.entries(edits).find(([id]) => ref === itemRef('jira', id))?.[1] ?? null,
  });
}

describe('service/quiet-end', () => {
  test('nothing quiet needs no further round', () => {
    expect(endOf([[1, 'needs-approval']], { 1: at(5) })).toBeNull();
  });

  test('one further round serves all, when the last may be changed', () => {
    const quiet: [number, GuardName][] = [
      [1, 'quiet'],
      [2, 'quiet'],
      [3, 'observe'],
    ];
    expect(endOf(quiet, { 1: at(5), 2: at(3), 3: at(9) })).toEqual(at(15));
  });

  test("times of the tracker's clock become ours", () => {
    expect(endOf([[1, 'quiet']], { 1: at(5) }, 120_000)).toEqual(at(13));
  });

  test('an item whose editor is not known adds nothing', () => {
    expect(endOf([[1, 'quiet']], {})).toBeNull();
  });
});
