import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, GuardName } from '../../src/change.ts';
import { itemRef, type ItemRef } from '../../src/item.ts';
import { guard, type GuardContext } from '../../src/sync/guard.ts';
import { ownLabels } from '../../src/sync/labels.ts';

const ref = (n: number): ItemRef => itemRef('jira', n);
const base = (n: number) => ({ ref: ref(n), key: `SHOP-${n}`, because: 'of a test' });
const move = (n: number): Change => ({ kind: 'move', ...base(n), from: n, to: n + 1, after: null });
const add = (n: number, label = 'winnow-stale'): Change => ({ kind: 'label-add', ...base(n), from: null, to: label });
const remove = (n: number, label = 'winnow-aging'): Change => ({
  kind: 'label-remove',
  ...base(n),
  from: label,
  to: null,
});
const limits = { maxMoves: 3, maxMovedShare: 0.5, maxLabelChanges: 2, writesPerItemPerDay: 12, quietMinutes: 10 };

function aContext(over: Partial<GuardContext> = {}): GuardContext {
  return {
    mode: 'apply',
    skipObserve: false,
    paused: false,
    withinWriteHours: true,
    limits,
    eligible: 100,
    approvedMoves: null,
    suspended: new Map(),
    idleDays: new Map(),
    stageLabels: ownLabels('winnow-').stages,
    editsAreOnePatch: false,
    ...over,
  };
}

const run = (changes: readonly Change[], over: Partial<GuardContext> = {}) =>
  guard({ changes, withheld: [] }, aContext(over));
const guards = (changes: readonly Change[], over: Partial<GuardContext> = {}): (readonly [string, GuardName])[] =>
  run(changes, over).withheld.map(w => [w.key, w.guard] as const);

describe('sync/guard', () => {
  it('a plan within all limits passes whole', () => {
    const changes = [move(1), add(2), remove(3)];

    expect(run(changes)).toEqual({ changes, withheld: [] });
  });

  it.each<[string, Partial<GuardContext>, GuardName]>([
    ['observe mode', { mode: 'observe' }, 'observe'],
    ['a pause', { paused: true }, 'paused'],
    ['closed write hours', { withinWriteHours: false }, 'write-hours'],
  ])('%s withholds everything', (_name, over, name) => {
    expect(guards([move(1), add(2)], over)).toEqual([
      ['SHOP-1', name],
      ['SHOP-2', name],
    ]);
  });

  it('planning skips observe and nothing else', () => {
    expect(guards([move(1)], { mode: 'observe', skipObserve: true })).toEqual([]);
    expect(guards([move(1)], { mode: 'observe', skipObserve: true, paused: true })).toEqual([['SHOP-1', 'paused']]);
  });

  it.each([
    ['as many as maxMoves pass', 3, 100, 0],
    ['one more than maxMoves waits', 4, 100, 4],
    ['a share over the limit waits', 3, 5, 3],
    ['a share at the limit passes', 3, 6, 0],
  ])('%s', (_name, count, eligible, withheld) => {
    const moves = Array.from({ length: count }, (_, i) => move(i + 1));

    expect(run([...moves, add(9)], { eligible }).withheld).toHaveLength(withheld);
  });

  it('an approval lets up to its bound of moves pass', () => {
    const moves = [1, 2, 3, 4].map(move);

    expect(run(moves, { approvedMoves: 4 }).withheld).toHaveLength(0);
    expect(run(moves, { approvedMoves: 3 }).withheld).toHaveLength(4);
  });

  it('the label ramp lets the longest idle first', () => {
    const idleDays = new Map([
      [ref(1), 10],
      [ref(2), 300],
      [ref(3), 200],
    ]);

    expect(guards([add(1), add(2), add(3)], { idleDays })).toEqual([['SHOP-1', 'label-ramp']]);
  });

  it('a stage swap waits with both its halves', () => {
    const idleDays = new Map([
      [ref(1), 10],
      [ref(2), 300],
      [ref(3), 200],
    ]);
    const { changes } = run([remove(1), add(1), add(2), add(3)], { idleDays });

    expect(changes.map(c => c.key)).toEqual(['SHOP-2', 'SHOP-3']);
  });

  it('removals are never ramped', () => {
    expect(run([1, 2, 3, 4, 5].map(n => remove(n))).withheld).toEqual([]);
  });

  it('a quiet item keeps its labels moving where they are a write of their own', () => {
    const suspended = new Map<ItemRef, GuardName>([[ref(1), 'quiet']]);

    expect(guards([move(1), add(1)], { suspended })).toEqual([['SHOP-1', 'quiet']]);
    expect(guards([move(1), add(1)], { suspended, editsAreOnePatch: true })).toHaveLength(2);
  });

  it.each<GuardName>(['write-budget', 'quarantine'])('%s withholds every change of the item', name => {
    const suspended = new Map<ItemRef, GuardName>([[ref(1), name]]);

    expect(guards([move(1), add(1), add(2)], { suspended })).toEqual([
      ['SHOP-1', name],
      ['SHOP-1', name],
    ]);
  });

  it('never adds, never loses, never reorders', () => {
    const change = fc.oneof(
      fc.nat(20).map(move),
      fc.nat(20).map(n => add(n)),
      fc.nat(20).map(n => remove(n)),
    );
    const context = fc.record({
      mode: fc.constantFrom('observe' as const, 'apply' as const),
      paused: fc.boolean(),
      withinWriteHours: fc.boolean(),
      eligible: fc.nat(30),
      editsAreOnePatch: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), context, (changes, over) => {
        const { changes: left, withheld } = run(changes, over);

        expect(left.length + withheld.length).toBe(changes.length);
        expect(changes.filter(c => left.includes(c))).toEqual(left);
      }),
      { seed: 7 },
    );
  });
});
