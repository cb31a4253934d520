import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemRef } from '../../src/item.ts';
import { placeBlockers, withoutCircles } from '../../src/sync/blockers.ts';
import { desiredOrder, type OrderAnswer, type OrderQuestion } from '../../src/sync/order.ts';
import { anOrderQuestion, edgesOf, heldAt, numbers, ref } from './order-questions.ts';

const ask = (bands: readonly number[], over: Partial<OrderQuestion> = {}): OrderAnswer =>
  desiredOrder({
    current: bands.map((_, i) => ref(i)),
    bandOf: new Map(bands.map((band, i) => [ref(i), band])),
    blockedBy: new Map(),
    held: new Map(),
    ...over,
  });
const orderOf = (...args: Parameters<typeof ask>): number[] => numbers(ask(...args).order);
const blocked = (...edges: [number, number[]][]): Partial<OrderQuestion> => ({ blockedBy: edgesOf(edges) });

describe('sync/order', () => {
  it('sorts by band and keeps the order inside a band', () => {
    expect(orderOf([1, 3, 1, 3, 2])).toEqual([1, 3, 4, 0, 2]);
  });

  it('with scores for bands, the order is strict and ties stand', () => {
    expect(orderOf([47.5, 52.4, 47.5, 47.51])).toEqual([1, 3, 0, 2]);
  });

  it('a blocker comes before what it blocks, across bands', () => {
    expect(orderOf([3, 2, 1], blocked([0, [2]]))).toEqual([2, 0, 1]);
  });

  it('an item already below its blocker is not moved', () => {
    expect(orderOf([1, 1, 1], blocked([2, [0]]))).toEqual([0, 1, 2]);
  });

  it('repeats until blockers pulled from another band are settled', () => {
    // One pass gives 1 3 2 0, from which another pass would give 3 1 2 0.
    const question = blocked([0, [2, 3]], [2, [1, 3]]);

    expect(orderOf([2, 1, 1, 1], question)).toEqual([3, 1, 2, 0]);
  });

  it('of two items that block each other the higher one waits', () => {
    const answer = ask([1, 2], blocked([0, [1]], [1, [0]]));

    expect(answer).toEqual({ order: [ref(0), ref(1)], ignoredEdges: [[ref(0), ref(1)]], breaches: [] });
  });

  it('a held item keeps its index, the others flow around', () => {
    expect(orderOf([1, 3, 2], heldAt([0, 0]))).toEqual([0, 1, 2]);
  });

  it('colliding holds beyond the end keep their order', () => {
    expect(orderOf([5, 4, 3], heldAt([0, 9], [1, 9]))).toEqual([2, 0, 1]);
  });

  it('a pin beats a blocker and the breach is told', () => {
    const answer = ask([1, 1], { ...blocked([0, [1]]), ...heldAt([0, 0]) });

    expect(numbers(answer.order)).toEqual([0, 1]);
    expect(answer.breaches).toEqual([[ref(0), ref(1)]]);
  });

  it('a blocker pinned below what it blocks is a breach too', () => {
    expect(ask([2, 1], { ...blocked([0, [1]]), ...heldAt([1, 1]) }).breaches).toEqual([[ref(0), ref(1)]]);
  });

  it('what blocks a held blocker still comes first', () => {
    const question = { ...blocked([0, [1]], [1, [2]]), ...heldAt([1, 3]) };

    expect(orderOf([3, 1, 1, 2], question)).toEqual([2, 0, 3, 1]);
  });

  it('blockers that are not eligible have no say', () => {
    expect(ask([1, 1], blocked([0, [7]], [7, [1]]))).toEqual({
      order: [ref(0), ref(1)],
      ignoredEdges: [],
      breaches: [],
    });
  });

  const examples = new URL('../../../shared/worked-examples.json', import.meta.url);
  it.skipIf(!existsSync(examples))('agrees with an independently worked order', () => {
    const { items, desiredOrder: wanted } = JSON.parse(readFileSync(examples, 'utf8')) as {
      items: { id: string; band: number }[];
      desiredOrder: string[];
    };

    expect(orderOf(items.map(item => item.band)).map(i => items[i]?.id)).toEqual(wanted);
  });
});

describe('sync/order: laws', () => {
  it('nothing is lost, nothing is made up', () => {
    fc.assert(
      fc.property(anOrderQuestion(25), question => {
        expect([...desiredOrder(question).order].sort()).toEqual([...question.current].sort());
      }),
      { seed: 8 },
    );
  });

  it('wanting what was already brought about changes nothing', () => {
    fc.assert(
      fc.property(anOrderQuestion(25), question => {
        const asked = linksAsListed(question);
        const answer = desiredOrder(asked);

        expect(desiredOrder(linksAsListed({ ...asked, current: answer.order }))).toEqual(answer);
      }),
      { seed: 9, numRuns: 2_000 },
    );
  });

  it('two items of one band that block each other never swap places', () => {
    const question = { ...blocked([0, [1]], [1, [0]]), bandOf: new Map(), held: new Map() };
    const orders = [
      [ref(0), ref(1)],
      [ref(1), ref(0)],
    ].map(current => desiredOrder(linksAsListed({ blockedBy: new Map(), ...question, current })).order);

    expect(orders[0]).toEqual(orders[1]);
  });

  it('without holds every blocker stands above, unless the edge is ignored', () => {
    fc.assert(
      fc.property(anOrderQuestion(25), question => {
        const answer = desiredOrder({ ...question, held: new Map() });
        const place = new Map(answer.order.map((r, index) => [r, index]));
        const violated = edgesIn(question).filter(([a, b]) => (place.get(b) ?? -1) > (place.get(a) ?? Infinity));

        expect(answer.breaches).toEqual([]);
        for (const edge of violated) expect(answer.ignoredEdges).toContainEqual(edge);
      }),
      { seed: 10 },
    );
  });

  it('every breach has an end that is held', () => {
    fc.assert(
      fc.property(anOrderQuestion(25), question => {
        for (const edge of desiredOrder(question).breaches) expect(edge.some(r => question.held.has(r))).toBe(true);
      }),
      { seed: 13 },
    );
  });

  it('three passes settle every small list', () => {
    let longest = 0;
    for (const question of everySmallQuestion()) longest = Math.max(longest, passesOf(question));

    expect(longest).toBeLessThanOrEqual(3);
  });

  it('three passes settle larger lists', () => {
    fc.assert(
      fc.property(anOrderQuestion(60), question => {
        expect(passesOf(question)).toBeLessThanOrEqual(3);
      }),
      { seed: 14, numRuns: 1_000 },
    );
  });
});

/** The same question with its links in the order of the list, as somebody would gather them who walks the list. */
function linksAsListed(question: OrderQuestion): OrderQuestion {
  const blockedBy = new Map(
    question.current.flatMap((r): [ItemRef, readonly ItemRef[]][] => {
      const blockers = question.blockedBy.get(r);
      return blockers === undefined ? [] : [[r, question.current.filter(b => blockers.includes(b))]];
    }),
  );
  return { ...question, blockedBy };
}

function edgesIn({ blockedBy }: OrderQuestion): [ItemRef, ItemRef][] {
  return [...blockedBy].flatMap(([a, blockers]) => blockers.map((b): [ItemRef, ItemRef] => [a, b]));
}

/** Passes of sorting and placing until one changes nothing, that one included; 99 when there is no end. */
function passesOf({ current, bandOf, blockedBy }: Omit<OrderQuestion, 'held'>): number {
  const links = new Map([...blockedBy].map(([a, blockers]) => [numbers([a])[0] ?? 0, numbers(blockers)]));
  const { kept } = withoutCircles(links, (a, b) => a - b);
  let order: readonly number[] = numbers(current);
  for (let pass = 1; pass < 99; pass++) {
    const sorted = [...order].sort((a, b) => (bandOf.get(ref(b)) ?? 0) - (bandOf.get(ref(a)) ?? 0));
    const next = placeBlockers(sorted, kept);
    if (next.join() === order.join()) return pass;
    order = next;
  }
  return 99;
}

/** All blocker graphs without circles over four items as listed in any order, in all bands of 0 to 2. */
function* everySmallQuestion(): Generator<Omit<OrderQuestion, 'held'>> {
  const pairs = [0, 1, 2, 3].flatMap(a => [0, 1, 2, 3].filter(b => b > a).map((b): [number, number] => [a, b]));
  const orders = permutationsOf([0, 1, 2, 3]);
  for (let graph = 0; graph < 1 << pairs.length; graph++) {
    const kept = pairs.filter((_, i) => (graph >> i) & 1);
    const blockedBy = edgesOf([0, 1, 2].map(a => [a, kept.filter(([from]) => from === a).map(([, b]) => b)]));
    for (let bands = 0; bands < 81; bands++) {
      const bandOf = new Map([0, 1, 2, 3].map(i => [ref(i), Math.floor(bands / 3 ** i) % 3]));
      const order = orders[(graph * 81 + bands) % orders.length] ?? [];
      yield { current: order.map(ref), bandOf, blockedBy };
      yield { current: [...order].reverse().map(ref), bandOf, blockedBy };
    }
  }
}

function permutationsOf(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap(v => permutationsOf(values.filter(w => w !== v)).map(rest => [v, ...rest]));
}
