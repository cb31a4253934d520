import { describe, expect, test } from 'vitest';
import type { Activity, FieldChange } from '../../src/item.ts';
import { echoOf } from '../../src/sync/echo.ts';
import type { OwnWrite } from '../../src/sync/ports.ts';
import { aField, alice, anEntry, winnow } from '../support/items.ts';

const at = '2026-11-25T10:00:00Z';
const plus = (seconds: number): Date => new Date(Date.parse(at) + seconds * 1000);

function aWrite(over: Partial<OwnWrite> = {}): OwnWrite {
  return {
    field: 'rank',
    from: null,
    to: 'after jira:2',
    intendedAt: plus(0),
    closedAt: plus(1),
    status: 'applied',
    account: winnow.id,
    ...over,
  };
}

const rank = aField({ kind: 'rank', field: 'Rank', from: '', to: 'Ranked higher' });
const label = (added: readonly string[], removed: readonly string[] = []): FieldChange =>
  aField({ kind: 'labels', field: 'labels', added, removed });
const told = (fields: readonly FieldChange[], over: Partial<Activity> = {}): Activity =>
  anEntry(at, { actor: winnow, fields, ...over });
const stale = aWrite({ field: 'label', from: null, to: 'winnow-stale' });
const score = aWrite({ field: 'score', from: '40', to: '57.25' });

describe('sync/echo', () => {
  test.each<[string, Activity, readonly OwnWrite[], boolean]>([
    ['a rank entry in the time of a rank write', told([rank]), [aWrite()], true],
    ['a rank entry nobody is named for', told([rank], { actor: null }), [aWrite()], true],
    ['a rank entry of a person', told([rank], { actor: alice }), [aWrite()], false],
    [
      'a rank entry before the tolerance',
      anEntry(at, { actor: winnow, fields: [rank] }),
      [aWrite({ intendedAt: plus(121) })],
      false,
    ],
    [
      'a rank entry after the tolerance',
      told([rank]),
      [aWrite({ intendedAt: plus(-300), closedAt: plus(-121) })],
      false,
    ],
    ['a rank entry while the outcome is open', told([rank]), [aWrite({ closedAt: null, status: 'open' })], true],
    ['a rank entry after a write that never landed', told([rank]), [aWrite({ status: 'not-landed' })], false],
    [
      'an order number that was written',
      told([aField({ kind: 'rank', from: '1', to: '2.5' })]),
      [aWrite({ from: '1', to: '2.5' })],
      true,
    ],
    [
      'an order number that was not',
      told([aField({ kind: 'rank', from: '1', to: '2.6' })]),
      [aWrite({ from: '1', to: '2.5' })],
      false,
    ],
    ['a label that was written', told([label(['winnow-stale'])]), [stale], true],
    ['another label', told([label(['winnow-aging'])]), [stale], false],
    ["our label and a person's", told([label(['winnow-stale', 'urgent'])]), [stale], false],
    ['our label taken away', told([label([], ['winnow-stale'])]), [stale], false],
    ['a label field that lost nothing and won nothing', told([label([])]), [stale], false],
    ['the score, by its values', told([aField({ field: 'Winnow score', from: '40', to: '57.25' })]), [score], true],
    ['the score from nothing', told([aField({ from: null, to: '57.250' })]), [aWrite({ ...score, from: null })], true],
    [
      'a number that is not the score',
      told([aField({ field: 'Story Points', from: '3', to: '57.25' })]),
      [score],
      false,
    ],
    [
      'rank, label and score in one',
      told([rank, label(['winnow-stale']), aField({ from: '40', to: '57.25' })]),
      [aWrite(), stale, score],
      true,
    ],
    ["ours and a person's field in one", told([rank, aField({ field: 'Summary' })]), [aWrite()], false],
    ['no fields', told([]), [aWrite()], false],
    ['a comment', told([], { kind: 'commented' }), [aWrite()], false],
    ['nothing journaled', told([rank]), [], false],
  ])('%s', (_, change, ownWrites, expected) => {
    expect(echoOf(change, { ownWrites, readAt: plus(2) }) !== null).toBe(expected);
  });

  test('the writes that explain it are named, each once', () => {
    const second = aWrite({ intendedAt: plus(30), closedAt: plus(31) });

    expect(
      echoOf(told([rank, label(['winnow-stale'])]), { ownWrites: [aWrite(), second, stale], readAt: plus(60) }),
    ).toEqual([aWrite(), stale]);
  });

  test('tags that differ in case are one tag where the tracker says so', () => {
    const change = told([label(['Winnow-Stale'])]);

    expect(echoOf(change, { ownWrites: [stale], readAt: plus(2) })).toBeNull();
    expect(echoOf(change, { ownWrites: [stale], readAt: plus(2), labelsIgnoreCase: true })).toEqual([stale]);
  });
});
