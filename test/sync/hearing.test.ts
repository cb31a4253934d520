import { describe, expect, test } from 'vitest';
import { itemRef, type ItemRef } from '../../src/item.ts';
import { hearingOf } from '../../src/sync/hearing.ts';
import type { ItemState, Snapshot } from '../../src/sync/ports.ts';
import { anItem } from '../support/items.ts';
import { aMeta, aState } from '../support/store-values.ts';

const lastRead = new Date('2026-11-25T10:00:00Z');
const now = new Date('2026-11-25T10:30:00Z');
const minutesAfter = (minutes: number): Date => new Date(lastRead.getTime() + minutes * 60_000);
const ref = itemRef('jira', 1);

const state = (personAt: Date | null, createdAt?: Date): ItemState => ({
  ...aState(1),
  item: anItem({ id: 1, ...(createdAt === undefined ? {} : { createdAt }) }),
  personAt,
});
const snapshot = (before: ItemState | null): Snapshot => ({
  meta: { ...aMeta(), takenAt: lastRead },
  items: new Map(before === null ? [] : [[ref, before]]),
});
const hear = (before: ItemState | null, after: ItemState, announced: readonly ItemRef[] = []) =>
  hearingOf({ snapshot: snapshot(before), states: new Map([[ref, after]]), changed: new Set([ref]) }, announced, now);

describe('sync/hearing', () => {
  test.each<[string, ItemState | null, ItemState, readonly ItemRef[], number, number]>([
    ["a person's change that was announced", state(null), state(minutesAfter(10)), [ref], 1, 0],
    ["a person's change that nobody announced", state(null), state(minutesAfter(10)), [], 0, 1],
    ['a change five minutes old', state(null), state(minutesAfter(25)), [], 0, 1],
    ['a change younger than five minutes', state(null), state(minutesAfter(25.1)), [], 0, 0],
    ['a young one that was announced', state(null), state(minutesAfter(29)), [ref], 1, 0],
    ["our own write, in which no person's time moved", state(minutesAfter(-60)), state(minutesAfter(-60)), [], 0, 0],
    ['a change at the instant of the last read', state(null), state(minutesAfter(0)), [], 0, 1],
    ['an older change, only now understood', state(null), state(minutesAfter(-1)), [], 0, 0],
    ['an item made since the last read', null, state(null, minutesAfter(5)), [], 0, 1],
    ['an older item that came into the scope', null, state(null, minutesAfter(-500)), [], 0, 0],
  ])('%s', (_, before, after, announced, heard, missed) => {
    expect(hear(before, after, announced)).toEqual({ announced: heard, missed: missed === 0 ? [] : [ref] });
  });

  test('what a round did not find changed says nothing', () => {
    const states = new Map([[ref, state(minutesAfter(10))]]);

    expect(hearingOf({ snapshot: snapshot(state(null)), states, changed: new Set() }, [], now)).toEqual({
      announced: 0,
      missed: [],
    });
  });

  test('a first read has nothing to compare with', () => {
    expect(hearingOf({ snapshot: null, states: new Map(), changed: new Set([ref]) }, [ref], now)).toBeNull();
  });
});
