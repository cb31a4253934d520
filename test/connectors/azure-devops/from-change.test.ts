import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/change.ts';
import { prepare, type PatchRequest } from '../../../src/connectors/azure-devops/from-change.ts';
import { InternalError } from '../../../src/errors.ts';
import type { BacklogItem, ItemRef } from '../../../src/item.ts';
import { planMoves } from '../../../src/sync/moves-plan.ts';
import { aWorkItem, ref, stackRank } from './support/values.ts';

const fields = { order: stackRank, score: 'Custom.Score' };
const because = 'for a test';
const base = (id: number) => ({ ref: ref(id), key: String(id), because });
const add = (id: number, to: string): Change => ({ ...base(id), kind: 'label-add', from: null, to });
const drop = (id: number, from: string): Change => ({ ...base(id), kind: 'label-remove', from, to: null });
const move = (id: number): Change => ({ ...base(id), kind: 'move', from: 3, to: 1, after: null });
const score = (id: number, to: number | null): Change => ({ ...base(id), kind: 'score-set', from: null, to });

function prepared(items: readonly BacklogItem[], desired: readonly number[], changes: readonly Change[]) {
  const refs = desired.map(ref);
  const known = new Map(items.map(item => [item.ref, item]));
  return prepare({ changes, items: known, desired: refs, current: refs, fixed: new Set() }, fields);
}

const patchesOf = (writes: ReturnType<typeof prepared>) => writes.map(write => write.request as PatchRequest);

describe('connectors/azure-devops/from-change', () => {
  it('one patch per item carries rank, tags and score, guarded by its revision', () => {
    const item = aWorkItem(3, { version: '7', labels: ['ui'] });
    const writes = prepared(
      [aWorkItem(1), aWorkItem(2), item],
      [3, 1, 2],
      [move(3), add(3, 'winnow-stale'), score(3, 71)],
    );

    expect(patchesOf(writes)).toEqual([
      {
        id: 3,
        rev: 7,
        patch: [
          { op: 'test', path: '/rev', value: 7 },
          { op: 'add', path: `/fields/${stackRank}`, value: 500 },
          { op: 'replace', path: '/fields/System.Tags', value: 'ui; winnow-stale' },
          { op: 'add', path: '/fields/Custom.Score', value: 71 },
        ],
      },
    ]);
    expect(writes[0]?.effects.map(({ field, from, to }) => [field, from, to])).toEqual([
      ['rank', '3000', '500'],
      ['label', null, 'winnow-stale'],
      ['score', null, '71'],
    ]);
  });

  it.each([
    ['the first tag is added', [], [add(1, 'a')], { op: 'add', path: '/fields/System.Tags', value: 'a' }],
    [
      'a tag in another case goes',
      ['Winnow-Stale', 'ui'],
      [drop(1, 'winnow-stale')],
      { op: 'replace', path: '/fields/System.Tags', value: 'ui' },
    ],
    ['the last tag is removed', ['a'], [drop(1, 'A')], { op: 'remove', path: '/fields/System.Tags' }],
    [
      'a swap is one step',
      ['a', 'ui'],
      [drop(1, 'a'), add(1, 'b')],
      { op: 'replace', path: '/fields/System.Tags', value: 'ui; b' },
    ],
  ])('%s', (_name, labels, changes, step) => {
    const [request] = patchesOf(prepared([aWorkItem(1, { labels })], [1], changes));

    expect(request?.patch).toEqual([{ op: 'test', path: '/rev', value: 1 }, step]);
  });

  it('clearing a score removes the field', () => {
    const [request] = patchesOf(prepared([aWorkItem(1)], [1], [score(1, null)]));

    expect(request?.patch.at(-1)).toEqual({ op: 'remove', path: '/fields/Custom.Score' });
  });

  it('a respread neighbour is journaled without a change of its own', () => {
    const items = [aWorkItem(1, { order: 1e9 }), aWorkItem(2, { order: 1e9 + 2e-7 }), aWorkItem(3, { order: 2e9 })];
    const writes = prepared([...items, aWorkItem(4, { order: 3e9 })], [1, 4, 2, 3], [move(4)]);

    const effects = writes.flatMap(write => write.effects);

    expect(effects.filter(effect => effect.change === null)).toHaveLength(1);
    expect(writes.map(write => write.id)).toEqual(['0', '1']);
  });

  it('an item that left the scope is written without a place', () => {
    const writes = prepared([aWorkItem(1), aWorkItem(9, { labels: ['winnow-stale'] })], [1], [drop(9, 'winnow-stale')]);

    expect(patchesOf(writes).map(({ id }) => id)).toEqual([9]);
  });

  it('a value that our own write made since the read is built upon', () => {
    const items = new Map([aWorkItem(1), aWorkItem(2), aWorkItem(3)].map(item => [item.ref, item]));
    const desired = [3, 2, 1].map(ref);
    const newer = (of: string) => (of === ref(3) ? { rev: 2, order: -1000 } : null);

    const writes = prepare({ changes: [move(2)], items, desired, current: desired, fixed: new Set() }, fields, newer);

    expect((writes[0]?.request as PatchRequest).patch[1]).toMatchObject({ value: 0 });
  });

  it('a change of an unknown item is our own mistake', () => {
    expect(() => prepared([], [], [add(1, 'a')])).toThrow(InternalError);
  });

  it('after every single write, items of one band stand as they stood', () => {
    const bands = fc.array(fc.nat(3), { minLength: 2, maxLength: 14 });
    fc.assert(
      fc.property(bands, fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (bandOf, gaps) => {
        let at = 0;
        const items = bandOf.map((_, id) => aWorkItem(id, { order: (at += 1_000 * (gaps.next().value as number)) }));
        const current = items.map(item => item.ref);
        const band = new Map(items.map((item, id) => [item.ref, bandOf[id] ?? 0]));
        const desired = [...current].sort((a, b) => (band.get(b) ?? 0) - (band.get(a) ?? 0));
        const prices = { item: 1, call: 1 };
        const moves = planMoves({ current, desired, perCall: 1, prices, unanchored: new Set() });
        const changes = moves.map((to): Change => ({ kind: 'move', key: '', because: '', ...to }));
        const known = new Map(items.map(item => [item.ref, item]));
        const values = new Map(items.map(({ ref: item, order }): [ItemRef, number] => [item, Number(order)]));

        for (const { effects } of prepare({ changes, items: known, desired, current, fixed: new Set() }, fields)) {
          for (const effect of effects) values.set(effect.ref, Number(effect.to));
          const stands = [...current].sort((a, b) => (values.get(a) ?? 0) - (values.get(b) ?? 0));
          for (const one of [0, 1, 2, 3]) {
            const ofBand = (list: readonly ItemRef[]) => list.filter(item => band.get(item) === one);
            expect(ofBand(stands)).toEqual(ofBand(current));
          }
        }
      }),
      { seed: 31, numRuns: 300 },
    );
  });
});
