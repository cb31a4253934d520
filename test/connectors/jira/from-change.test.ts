import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/change.ts';
import type { WriteBatch } from '../../../src/connectors/connector.ts';
import { prepare } from '../../../src/connectors/jira/from-change.ts';
import type { JiraRequest } from '../../../src/connectors/jira/request.ts';
import { itemRef, type ItemRef } from '../../../src/item.ts';
import { anItem } from '../../support/items.ts';

const ref = (id: number | string): ItemRef => itemRef('jira', id);
const base = (id: number): { ref: ItemRef; key: string; because: string } => ({
  ref: ref(id),
  key: `SHOP-${id}`,
  because: 'test',
});
const move = (id: number, to: number, after: number | null): Change => ({
  kind: 'move',
  ...base(id),
  from: 500,
  to,
  after: after === null ? null : ref(after),
});
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const add = (id: number, label: string): Change => ({ kind: 'label-add', ...base(id), from: null, to: label });
const remove = (id: number, label: string): Change => ({ kind: 'label-remove', ...base(id), from: label, to: null });
const score = (id: number, to: number | null): Change => ({ kind: 'score-set', ...base(id), from: null, to });

function requests(
  changes: readonly Change[],
  over: { desired?: readonly number[]; loud?: readonly string[] } = {},
): readonly JiraRequest[] {
  const batch: WriteBatch = {
    changes,
    items: new Map(),
    desired: (over.desired ?? []).map(ref),
    current: [],
    fixed: new Set(),
  };
  return prepare(batch, { loud: new Set(over.loud ?? []) }).map(write => write.request as JiraRequest);
}

describe('connectors/jira/from-change', () => {
  it('chains neighbours into one request', () => {
    expect(requests([move(5, 2, 1), move(6, 3, 5), move(9, 5, 7)], { desired: [1, 5, 6, 7, 9] })).toMatchObject([
      { kind: 'rank', issues: ['5', '6'], anchor: { after: '1' } },
      { kind: 'rank', issues: ['9'], anchor: { after: '7' } },
    ]);
  });

  it('puts a head block before the first that stays', () => {
    expect(requests([move(5, 1, null), move(6, 2, 5)], { desired: [5, 6, 1, 2] })).toMatchObject([
      { kind: 'rank', issues: ['5', '6'], anchor: { before: '1' } },
    ]);
  });

  it('splits a long block after fifty, the rest behind them', () => {
    const moves = Array.from({ length: 120 }, (_, i) => move(i + 2, i + 2, i + 1));

    const desired = range(121);

    expect(requests(moves, { desired }).map(r => (r.kind === 'rank' ? [r.issues.length, r.anchor] : []))).toEqual([
      [50, { after: '1' }],
      [50, { after: '51' }],
      [20, { after: '101' }],
    ]);
  });

  it('what goes on behind an earlier request says so', () => {
    const moves = Array.from({ length: 60 }, (_, i) => move(i + 2, i + 2, i + 1));
    const desired = range(61).map(ref);

    const writes = prepare(
      { changes: moves, items: new Map(), desired, current: [], fixed: new Set() },
      { loud: new Set() },
    );

    expect(writes.map(write => write.besides)).toEqual([undefined, [ref(51)]]);
  });

  it('an issue goes beside what stands above it, whatever its neighbour was to be', () => {
    expect(requests([move(6, 3, 5)], { desired: [1, 6, 7] })).toMatchObject([
      { kind: 'rank', issues: ['6'], anchor: { after: '1' } },
    ]);
  });

  it('what goes down comes last, the lowest first', () => {
    const down = (id: number, to: number): Change => ({ ...move(id, to, null), from: 1 }) as Change;
    const made = requests([down(5, 2), down(6, 4), move(9, 6, 3)], { desired: [1, 5, 2, 6, 3, 9] });

    expect(made.map(r => (r.kind === 'rank' ? r.issues : []))).toEqual([['9'], ['6'], ['5']]);
  });

  it('needs no anchor when nothing stays', () => {
    expect(requests([move(2, 1, null), move(1, 2, 2)], { desired: [2, 1] })).toMatchObject([
      { kind: 'rank', issues: ['2', '1'], anchor: null },
    ]);
  });

  it('journals the rank before and the neighbour after', () => {
    const items = new Map([[ref(5), anItem({ id: 5, order: '0|x:' })]]);
    const [write] = prepare(
      { changes: [move(5, 2, 1)], items, desired: [ref(1), ref(5)], current: [], fixed: new Set() },
      { loud: new Set() },
    );

    expect(write?.effects).toMatchObject([{ field: 'rank', from: '0|x:', to: 'after jira:1' }]);
  });

  it('labels and score of one issue go together', () => {
    expect(requests([add(1, 'a'), remove(1, 'b'), score(1, 42.5)])).toEqual([
      { kind: 'edit', issue: '1', project: 'SHOP', add: ['a'], remove: ['b'], score: 42.5 },
    ]);
  });

  it.each([
    [20, 'edit', 20],
    [21, 'bulk-label', 1],
  ])('%i equal labels become %s requests', (count, kind, calls) => {
    const found = requests(Array.from({ length: count }, (_, i) => add(i + 1, 'x')));

    expect([found.length, found[0]?.kind]).toEqual([calls, kind]);
  });

  it('a stage swap of many removes first, then adds', () => {
    const changes = Array.from({ length: 30 }, (_, i) => [add(i + 1, 'prune'), remove(i + 1, 'stale')]).flat();

    expect(requests(changes)).toMatchObject([
      { kind: 'bulk-label', option: 'REMOVE', label: 'stale' },
      { kind: 'bulk-label', option: 'ADD', label: 'prune' },
    ]);
  });

  it('a bulk edit holds at most a thousand issues', () => {
    const found = requests(Array.from({ length: 1001 }, (_, i) => add(i + 1, 'x')));

    expect(found.map(r => (r.kind === 'bulk-label' ? r.issues.length : 0))).toEqual([1000, 1]);
  });

  it('where quiet edits are refused one label is a bulk edit', () => {
    expect(requests([add(1, 'x'), score(1, 3)], { loud: ['SHOP'] })).toEqual([
      { kind: 'bulk-label', issues: [{ id: '1', project: 'SHOP' }], option: 'ADD', label: 'x' },
      { kind: 'edit', issue: '1', project: 'SHOP', add: [], remove: [], score: 3 },
    ]);
  });

  it('every change is an effect of exactly one write', () => {
    const change = fc.record({ id: fc.integer({ min: 1, max: 60 }), what: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(change, { selector: c => `${c.id} ${c.what}`, maxLength: 150 }),
        fc.boolean(),
        (chosen, loud) => {
          const changes = chosen.map(
            ({ id, what }) => [add(id, 'x'), remove(id, 'y'), score(id, id), move(id, id, null)][what] as Change,
          );
          const writes = prepare(
            { changes, items: new Map(), desired: range(60).map(ref), current: [], fixed: new Set() },
            { loud: new Set(loud ? ['SHOP'] : []) },
          );
          const effects = writes.flatMap(write => write.effects.map(effect => effect.change));

          expect(effects).toHaveLength(changes.length);
          expect(new Set(effects)).toEqual(new Set(changes));
          expect(new Set(writes.map(write => write.id)).size).toBe(writes.length);
        },
      ),
    );
  });

  it('performing the requests gives the desired order', () => {
    const order = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(order, fc.infiniteStream(fc.nat(1000)), fc.infiniteStream(fc.boolean()), (current, keys, stays) => {
        const keyed = current
          .map(id => [keys.next().value as number, id] as const)
          .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        const desired = keyed.map(([, id]) => id);
        const staying = increasing(current, desired, () => stays.next().value as boolean);
        const changes = desired.flatMap((id, i) => (staying.has(id) ? [] : [move(id, i + 1, desired[i - 1] ?? null)]));

        expect(performed(current, requests(changes, { desired }))).toEqual(desired);
      }),
    );
  });
});

/** Some ids that stand in the same relative order in both lists. */
function increasing(
  current: readonly number[],
  desired: readonly number[],
  chosen: () => boolean,
): ReadonlySet<number> {
  const kept = new Set<number>();
  let last = -1;
  for (const id of current) {
    const at = desired.indexOf(id);
    if (at > last && chosen()) {
      kept.add(id);
      last = at;
    }
  }
  return kept;
}

/** As Jira ranks: the block is taken out and put beside its anchor. */
function performed(current: readonly number[], all: readonly JiraRequest[]): readonly number[] {
  let order = current.map(String);
  for (const request of all) {
    if (request.kind !== 'rank') continue;
    const anchor = request.anchor ?? { after: request.issues[0] ?? '' };
    const block = request.anchor === null ? request.issues.slice(1) : request.issues;
    order = order.filter(id => !block.includes(id));
    const at = 'after' in anchor ? order.indexOf(anchor.after) + 1 : order.indexOf(anchor.before);
    order.splice(at, 0, ...block);
  }
  return order.map(Number);
}
