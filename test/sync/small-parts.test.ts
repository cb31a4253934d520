import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemRef, type ItemRef } from '../../src/item.ts';
import { reordered } from '../../src/sync/drags.ts';
import { hasLanded } from '../../src/sync/landed.ts';
import { labelChanges, ownLabels } from '../../src/sync/labels.ts';
import { orderAfter } from '../../src/sync/moves-apply.ts';
import { isSuspicious, unaccounted } from '../../src/sync/short-read.ts';
import { isWithinWriteHours } from '../../src/sync/write-hours.ts';
import { anItem } from '../support/items.ts';

const refs = (...ids: number[]): ItemRef[] => ids.map(id => itemRef('jira', id));
const own = ownLabels('winnow-');

describe('sync/drags', () => {
  it.each<[string, number[], number[], number[]]>([
    ['nothing moved', [1, 2, 3], [1, 2, 3], []],
    ['one item moved far', [1, 2, 3, 4], [4, 1, 2, 3], [4]],
    ['two neighbours swapped may each be the one', [1, 2], [2, 1], [1, 2]],
    ['items in one list only are left out', [1, 2, 3], [2, 9, 1], [1, 2]],
  ])('%s', (_name, before, after, expected) => {
    expect([...reordered(refs(...before), refs(...after))].sort()).toEqual(refs(...expected));
  });

  it('names exactly the items outside some longest increasing run', () => {
    const permutation = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(permutation, order => {
        const runs = longestRuns(order);
        const always = order.filter(v => runs.every(run => run.includes(v)));
        const found = reordered(refs(0, 1, 2, 3, 4, 5, 6), refs(...order));

        expect(order.filter(v => !found.has(itemRef('jira', v)))).toEqual(always);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

function longestRuns(order: readonly number[]): number[][] {
  const all: number[][] = [];
  for (let mask = 0; mask < 1 << order.length; mask++) {
    const run = order.filter((_, i) => (mask >> i) & 1);
    if (run.every((v, i) => i === 0 || (run[i - 1] ?? 0) < v)) all.push(run);
  }
  const longest = Math.max(...all.map(run => run.length));
  return all.filter(run => run.length === longest);
}

describe('sync/moves-apply', () => {
  it('places moved items after their neighbours, top to bottom', () => {
    const [a, b, c, d] = refs(1, 2, 3, 4) as [ItemRef, ItemRef, ItemRef, ItemRef];
    const base = { kind: 'move' as const, because: '', key: '' };

    const order = orderAfter(
      [a, b, c, d],
      [
        { ...base, ref: d, from: 4, to: 1, after: null },
        { ...base, ref: a, from: 1, to: 2, after: d },
      ],
    );

    expect(order).toEqual([d, a, b, c]);
  });
});

describe('sync/short-read', () => {
  it.each([
    [100, 100, false],
    [80, 100, false],
    [79, 100, true],
    [0, 1, true],
    [0, 0, false],
  ])('%i of %i read: suspicious is %s', (read, known, expected) => {
    expect(isSuspicious(read, known)).toBe(expected);
  });

  it('only gone and out-of-scope items are accounted for', () => {
    const [gone, out, here, lost, silent] = refs(1, 2, 3, 4, 5) as [ItemRef, ItemRef, ItemRef, ItemRef, ItemRef];
    const item = anItem();

    const left = unaccounted(
      [gone, out, here, lost, silent],
      new Map([
        [gone, { state: 'gone' as const }],
        [out, { state: 'out-of-scope' as const, item }],
        [here, { state: 'in-scope' as const, item }],
        [lost, { state: 'unknown' as const, why: 'no permission' }],
      ]),
    );

    expect(left.map(l => l.ref)).toEqual([here, lost, silent]);
  });
});

describe('sync/write-hours', () => {
  const night = { from: 20 * 60, to: 6 * 60 };
  it.each([
    ['2026-03-30T17:59:00Z', false],
    ['2026-03-30T18:00:00Z', true],
    ['2026-03-30T03:59:00Z', true],
    ['2026-03-30T04:00:00Z', false],
  ])('%s in Berlin, 20:00 to 06:00: %s', (at, expected) => {
    expect(isWithinWriteHours(new Date(at), 'Europe/Berlin', night)).toBe(expected);
  });

  // Clocks go from 2:00 to 3:00 on 29 March, and from 3:00 back to 2:00 on 25 October.
  it.each([
    ['2026-03-29T00:59:00Z', false],
    ['2026-03-29T01:00:00Z', true],
    ['2026-03-29T01:29:00Z', true],
    ['2026-03-29T01:30:00Z', false],
    ['2026-10-25T00:45:00Z', true],
    ['2026-10-25T01:45:00Z', true],
    ['2026-10-25T02:30:00Z', false],
  ])('%s in Berlin, 2:30 to 3:30, on days when clocks change: %s', (at, expected) => {
    expect(isWithinWriteHours(new Date(at), 'Europe/Berlin', { from: 150, to: 210 })).toBe(expected);
  });

  it('no window is always', () => {
    expect(isWithinWriteHours(new Date('2026-03-30T12:00:00Z'), 'UTC', null)).toBe(true);
  });
});

describe('sync/labels', () => {
  const options = { ignoreCase: false, goneBecause: 'its reason is gone' };

  it("never names people's labels", () => {
    const item = anItem({ labels: ['ux', 'winnow-pin', 'winnow-stale'] });

    expect(labelChanges(item, [], own, options).map(c => [c.kind, c.from])).toEqual([['label-remove', 'winnow-stale']]);
  });

  it('a stage swap removes one and adds the other', () => {
    const item = anItem({ labels: ['winnow-aging'] });
    const changes = labelChanges(item, [{ name: 'winnow-stale', because: 'idle 90 days' }], own, options);

    expect(changes.map(c => c.kind)).toEqual(['label-remove', 'label-add']);
    expect(changes[0]?.because).toBe('replaced by winnow-stale: idle 90 days');
  });

  it('a doubled label is removed once, and a present one not added again', () => {
    const item = anItem({ labels: ['winnow-stale', 'winnow-stale', 'winnow-needs-detail'] });

    expect(labelChanges(item, [{ name: 'winnow-needs-detail', because: '' }], own, options)).toHaveLength(1);
  });

  it('case matters only where the tracker says so', () => {
    const item = anItem({ labels: ['Winnow-Stale'] });

    expect(labelChanges(item, [], own, options)).toEqual([]);
    expect(labelChanges(item, [], own, { ...options, ignoreCase: true })[0]?.from).toBe('Winnow-Stale');
  });
});

describe('sync/landed', () => {
  const effect = { ref: itemRef('jira', 1), key: 'SHOP-1' };
  it.each([
    [
      'an added label that is there',
      { field: 'label' as const, from: null, to: 'winnow-stale' },
      { labels: ['winnow-stale'] },
      true,
    ],
    ['an added label that is not', { field: 'label' as const, from: null, to: 'winnow-stale' }, {}, false],
    ['a removed label that is gone', { field: 'label' as const, from: 'winnow-stale', to: null }, {}, true],
    [
      'another rank string than before',
      { field: 'rank' as const, from: '0|a:', to: 'after jira:2' },
      { order: '0|b:' },
      true,
    ],
    ['the same rank string', { field: 'rank' as const, from: '0|a:', to: 'after jira:2' }, { order: '0|a:' }, false],
    ['the intended order number', { field: 'rank' as const, from: '1', to: '2.5' }, { order: 2.5 }, true],
    ['another order number', { field: 'rank' as const, from: '1', to: '2.5' }, { order: 3 }, false],
  ])('%s', (_name, what, over, expected) => {
    expect(hasLanded({ ...effect, ...what }, anItem(over), null, { labelsIgnoreCase: false })).toBe(expected);
  });
});
