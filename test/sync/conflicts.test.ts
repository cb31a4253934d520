import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/change.ts';
import { value, type BacklogItem } from '../../src/item.ts';
import { verdictOn, type Encounter, type Verdict } from '../../src/sync/conflicts.ts';
import { anItem } from '../support/items.ts';

const before = anItem({ version: '4', labels: ['ui'], order: 10 });
const base = { ref: before.ref, key: before.key, because: 'a test' };
const move: Change = { ...base, kind: 'move', from: 2, to: 1, after: null };
const flag: Change = { ...base, kind: 'label-add', from: null, to: 'winnow-stale' };
const ask: Change = { ...base, kind: 'label-add', from: null, to: 'winnow-needs-detail' };
const unflag: Change = { ...base, kind: 'label-remove', from: 'winnow-aging', to: null };
const score: Change = { ...base, kind: 'score-set', from: 1, to: 70 };
const now = (over: Partial<BacklogItem> = {}): BacklogItem => ({ ...before, version: '5', ...over });

const verdict = (change: Change, over: Partial<Encounter>): Verdict['kind'] =>
  verdictOn({
    change,
    before,
    now: now(),
    impatient: false,
    stageLabels: new Set(['winnow-stale']),
    sense: { labelsIgnoreCase: true },
    ...over,
  }).kind;

describe('sync/conflicts', () => {
  it.each<[string, Change, Partial<Encounter>, Verdict['kind']]>([
    ['an item that left is a failure', move, { now: null }, 'failed'],
    ['a mere race is tried again', flag, { now: before }, 'again'],
    ['an item that somebody edits waits', move, {}, 'waits'],
    ['so do its labels', ask, {}, 'waits'],
    ['a label that is there, in any case, is done', flag, { now: now({ labels: ['Winnow-Stale'] }) }, 'done'],
    ['a label that is gone is done', unflag, {}, 'done'],
    ['a score that is there is done', score, { now: now({ scoreField: value(70) }) }, 'done'],
    ['impatient: the same item is tried again', move, { impatient: true }, 'again'],
    ['impatient: an item that was moved waits', move, { impatient: true, now: now({ order: 11 }) }, 'waits'],
    ['impatient: an item that started waits', ask, { impatient: true, now: now({ progress: 'doing' }) }, 'waits'],
    ['impatient: a detailed item waits', ask, { impatient: true, now: now({ words: 90 }) }, 'waits'],
    ['impatient: a stage is never put on', flag, { impatient: true }, 'waits'],
    ['impatient: other labels may differ', score, { impatient: true, now: now({ labels: ['api'] }) }, 'again'],
    ['an item that was not read waits', score, { impatient: true, before: undefined }, 'waits'],
  ])('%s', (_title, change, over, expected) => {
    expect(verdict(change, over)).toBe(expected);
  });
});
