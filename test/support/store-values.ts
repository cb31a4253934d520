import fc from 'fast-check';
import type { Change, Withheld } from '../../src/change.ts';
import type { Effect } from '../../src/connectors/connector.ts';
import { itemRef, type BacklogItem, type ItemRef, type Reading } from '../../src/item.ts';
import type { ItemState, RoundReport, SnapshotMeta } from '../../src/sync/ports.ts';
import { anItem } from './items.ts';

/** Builders and generators of everything the store keeps. */
const when = fc.date({ min: new Date('1999-01-01'), max: new Date('2101-01-01'), noInvalidDate: true });
/** Text as trackers hold it: quotes, braces, NULL, emoji, halves of surrogate pairs, control characters. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('NULL', '', '{"a"}', "it's", '\\', 'a\u0000b', '\ud800', '2026-01-01T00:00:00.000Z', '\n\t'),
);
const figure = fc.double({ noNaN: true, noDefaultInfinity: true }).map(n => (Object.is(n, -0) ? 0 : n));
/** Factor names, as people write them. (Node 24's own JSON.parse mistakes a key "\\ud800" for a sibling's key "\\".) */
const name = fc.stringMatching(/^[a-zA-Z][\w -]{0,12}$/);
const json = fc.object({ key: name, values: [text, figure, fc.boolean(), fc.constant(null)], maxDepth: 2 });

function reading<T>(of: fc.Arbitrary<T>): fc.Arbitrary<Reading<T>> {
  return fc.oneof(
    of.map((value): Reading<T> => ({ kind: 'value', value })),
    fc.constant<Reading<T>>({ kind: 'absent' }),
    text.map((raw): Reading<T> => ({ kind: 'unreadable', raw, problem: 'is not a number' })),
  );
}

function anyItem(id: number): fc.Arbitrary<BacklogItem> {
  return fc
    .record({
      title: text,
      labels: fc.array(text, { maxLength: 3 }),
      createdAt: when,
      changedAt: when,
      order: fc.oneof(text, figure, fc.constant(null)),
      effort: reading(figure),
      due: reading(text),
      inputs: fc.dictionary(name, reading(fc.oneof(figure, text)), { maxKeys: 3 }),
      memo: json,
    })
    .map(parts => anItem({ id, ...parts }));
}

export function anyState(id: number): fc.Arbitrary<ItemState> {
  return fc.record({
    item: anyItem(id),
    clock: fc.record({
      at: when,
      atMost: fc.boolean(),
      who: text,
      what: text,
      ignored: fc.array(fc.record({ at: when, who: text, what: text, why: text }), { maxLength: 2 }),
    }),
    band: fc.option(fc.record({ modelHash: text, band: fc.nat(20) })),
    hold: fc.option(
      fc.record({
        kind: fc.constantFrom('pin' as const, 'drag' as const, 'quiet' as const),
        since: when,
        until: fc.option(when),
        by: text,
        index: fc.nat(1000),
      }),
    ),
    personAt: fc.option(when),
    rankedByPerson: fc.option(fc.record({ at: when, who: text })),
  });
}

export const anyMeta: fc.Arbitrary<SnapshotMeta> = fc.record({
  takenAt: when,
  sweptAt: when,
  cursor: json,
  order: fc.array(
    fc.nat(50).map(id => itemRef('jira', id)),
    { maxLength: 5 },
  ),
  touched: fc.array(
    fc.nat(50).map(id => itemRef('jira', id)),
    { maxLength: 3 },
  ),
  written: fc.array(fc.record({ ref: fc.nat(50).map(id => itemRef('jira', id)), at: when }), { maxLength: 3 }),
  requestHash: text,
});

export function aState(id: number, over: Partial<ItemState> = {}): ItemState {
  const at = new Date('2026-11-01T08:00:00Z');
  const clock = { at, atMost: false, who: 'Alice', what: 'Summary', ignored: [] };
  return { item: anItem({ id }), clock, band: null, hold: null, personAt: null, rankedByPerson: null, ...over };
}

export function aMeta(over: Partial<SnapshotMeta> = {}): SnapshotMeta {
  const at = new Date('2026-11-24T03:00:00Z');
  return { takenAt: at, sweptAt: at, cursor: null, order: [], touched: [], written: [], requestHash: 'h', ...over };
}

export function aMove(id: number, over: Partial<Extract<Change, { kind: 'move' }>> = {}): Change {
  const ref = itemRef('jira', id);
  return { kind: 'move', ref, key: `SHOP-${id}`, from: id, to: 1, after: null, because: 'band 80-85', ...over };
}

export function aReport(id: string, over: Partial<RoundReport> = {}): RoundReport {
  return {
    id,
    backlog: 'shop',
    mode: 'apply',
    status: 'applied',
    startedAt: new Date('2026-11-24T03:00:00Z'),
    items: 3,
    eligible: 2,
    scored: 2,
    changes: [],
    withheld: [],
    outcomes: { applied: 0, failed: 0 },
    problems: [],
    calls: { read: 4, write: 0 },
    durationMs: 812.5,
    ...over,
  };
}

export function withheld(change: Change): Withheld {
  return { ...change, guard: 'observe' };
}

export function anEffect(ref: ItemRef, over: Partial<Effect> = {}): Effect {
  return { ref, key: `K-${ref}`, field: 'label', from: null, to: 'winnow-stale', change: null, ...over };
}
