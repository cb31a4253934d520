import { describe, expect, it } from 'vitest';
import type { Activity, FieldChange } from '../../src/item.ts';
import { markOwn, type OwnContext } from '../../src/sync/own-writes.ts';
import type { OwnWrite } from '../../src/sync/ports.ts';
import { aField, alice, anEntry, winnow } from '../support/items.ts';

const ten = Date.UTC(2026, 1, 1, 10);
const at = (seconds: number): Date => new Date(ten + seconds * 1_000);

function aWrite(seconds: number, over: Partial<OwnWrite> = {}): OwnWrite {
  return {
    ...{ field: 'rank', from: null, to: 'after jira:2', status: 'applied' },
    ...{ intendedAt: at(seconds), closedAt: at(seconds + 1) },
    ...over,
  };
}

function ranked(seconds: number, over: Partial<FieldChange> = {}, by = winnow): Activity {
  const field = aField({ kind: 'rank', field: 'Rank', from: '', to: 'Ranked higher', ...over });
  return anEntry(at(seconds).toISOString(), { actor: by, fields: [field] });
}

/** Which of the entries the journal explains. */
function explained(entries: readonly Activity[], ownWrites: readonly OwnWrite[], over: Partial<OwnContext> = {}) {
  const marks = markOwn(entries, { ownWrites, readAt: at(86_400), ...over });
  return entries.map(entry => entry.fields.some(field => marks.has(field)));
}

describe('sync/own-writes', () => {
  it.each<[string, Activity[], OwnWrite[], boolean[]]>([
    ['one write explains one entry, the nearest', [ranked(-90), ranked(0.5)], [aWrite(0)], [false, true]],
    ['two writes explain two, with skewed clocks', [ranked(90), ranked(150)], [aWrite(0), aWrite(60)], [true, true]],
    ['two minutes away it explains nothing', [ranked(122)], [aWrite(0)], [false]],
    ['a write of another account explains nothing', [ranked(0)], [aWrite(0, { account: 'u-2' })], [false]],
    ['a write of the same account does', [ranked(0)], [aWrite(0, { account: winnow.id })], [true]],
    ['where no account is known, anybody may have been Winnow', [ranked(0, {}, alice)], [aWrite(0)], [true]],
    ['an order number tells whose it is', [ranked(1, { from: '1', to: '7' })], [aWrite(0, { to: '8' })], [false]],
    ['equal order numbers are one', [ranked(1, { from: '1', to: '7.50' })], [aWrite(0, { to: '7.5' })], [true]],
    ['what met a conflict explains nothing', [ranked(0)], [aWrite(0, { status: 'conflict' })], [false]],
    ['what failed may have arrived', [ranked(0)], [aWrite(0, { status: 'failed' })], [true]],
    ['an open write reaches to now', [ranked(9_000)], [aWrite(0, { status: 'open', closedAt: null })], [true]],
  ])('%s', (_name, entries, writes, expected) => {
    expect(explained(entries, writes)).toEqual(expected);
  });

  it('labels are told by name, in any spelling where the tracker ignores case', () => {
    const field = aField({ kind: 'labels', field: 'Tags', added: ['Winnow-Stale'], removed: ['ux'] });
    const entry = anEntry(at(0).toISOString(), { actor: winnow, fields: [field] });
    const ownWrites = [aWrite(0, { field: 'label', to: 'winnow-stale' })];

    const folded = markOwn([entry], { ownWrites, readAt: at(60), labelsIgnoreCase: true });

    expect(folded.surely(field, 'Winnow-Stale')).toBe(true);
    expect(folded.has(field, 'ux')).toBe(false);
    expect(markOwn([entry], { ownWrites, readAt: at(60) }).has(field, 'Winnow-Stale')).toBe(false);
  });

  it('a history proves that an open write arrived', () => {
    const open = aWrite(0, { status: 'open', closedAt: null });

    expect(markOwn([ranked(1)], { ownWrites: [open], readAt: at(60) }).proven).toEqual([open]);
    expect(markOwn([], { ownWrites: [open], readAt: at(60) }).proven).toEqual([]);
  });
});
