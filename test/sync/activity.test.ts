import { describe, expect, it } from 'vitest';
import { readClock, type ClockContext } from '../../src/sync/activity.ts';
import type { OwnWrite } from '../../src/sync/ports.ts';
import { ownLabels } from '../../src/sync/labels.ts';
import { aField, aHistory, anEntry, anItem, robot, winnow } from '../support/items.ts';
import type { Activity, FieldChange } from '../../src/item.ts';

const own = ownLabels('winnow-');
const item = anItem();

function aContext(over: Partial<ClockContext> = {}): ClockContext {
  return {
    self: winnow,
    ignoreActors: [],
    ownLabels: own.all,
    stageLabels: own.stages,
    ownWrites: [],
    coversSince: new Date('2026-01-01T00:00:00Z'),
    readAt: new Date('2026-06-01T00:00:00Z'),
    ...over,
  };
}

function anOwnWrite(over: Partial<OwnWrite>): OwnWrite {
  return {
    field: 'label',
    from: null,
    to: 'winnow-stale',
    intendedAt: new Date('2026-02-01T10:00:00Z'),
    closedAt: new Date('2026-02-01T10:00:01Z'),
    status: 'applied',
    ...over,
  };
}

const clockAt = (entries: readonly Activity[], context = aContext()): string =>
  readClock(item, aHistory(entries), null, context).clock.at.toISOString();

const created = '2026-01-01T00:00:00.000Z';
const acted = '2026-02-01T10:00:00.000Z';
const labels = (added: string[], removed: string[] = []): FieldChange =>
  aField({ kind: 'labels', field: 'labels', added, removed });

describe('sync/activity', () => {
  it.each<[string, Partial<Activity>, boolean]>([
    ['an edit by a person', {}, true],
    ['a comment by a person', { kind: 'commented', fields: [] }, true],
    ['logged work by a person', { kind: 'worklogged', fields: [] }, true],
    ['an attachment by a person', { fields: [] }, true],
    ['an edit by an app', { actor: robot }, false],
    ['a comment by an app', { actor: robot, kind: 'commented', fields: [] }, false],
    ['a rank change alone', { fields: [aField({ kind: 'rank', field: 'Rank' })] }, false],
    ['a sprint change alone', { fields: [aField({ kind: 'sprint', field: 'Sprint' })] }, false],
    ['a rank and a sprint change', { fields: [aField({ kind: 'rank' }), aField({ kind: 'sprint' })] }, false],
    ['a rank change with an edit', { fields: [aField({ kind: 'rank' }), aField()] }, true],
    ['a workflow migration', { fields: [aField({ kind: 'workflow' })] }, false],
    ['a remote link', { fields: [aField({ kind: 'remote-link' })] }, false],
    ['a status change', { fields: [aField({ kind: 'status' })] }, true],
    ['a person adds a label of their own', { fields: [labels(['ux'])] }, true],
    ['a person adds one of our labels', { fields: [labels(['winnow-stale'])] }, false],
    ['a person removes our stage label', { fields: [labels([], ['winnow-stale'])] }, true],
    ['a person removes our needs label', { fields: [labels([], ['winnow-needs-estimate'])] }, false],
    ['the score field is set by a person', { fields: [aField({ kind: 'score' })] }, false],
    ['nobody known edits', { actor: null }, true],
  ])('%s: counts %#', (_name, over, counts) => {
    expect(clockAt([anEntry(acted, over)])).toBe(counts ? acted : created);
  });

  it('an ignored actor does not count, by id or by name', () => {
    const entry = anEntry(acted);

    expect(clockAt([entry], aContext({ ignoreActors: ['u-alice'] }))).toBe(created);
    expect(clockAt([entry], aContext({ ignoreActors: ['alice'] }))).toBe(created);
  });

  it("our own removal of a stage label does not count, with anybody's token", () => {
    const removal = anOwnWrite({ from: 'winnow-stale', to: null });
    const entry = anEntry(acted, { actor: winnow, fields: [labels([], ['winnow-stale'])] });

    expect(clockAt([entry], aContext({ ownWrites: [removal] }))).toBe(created);
    expect(
      clockAt([anEntry(acted, { fields: [labels([], ['winnow-stale'])] })], aContext({ ownWrites: [removal] })),
    ).toBe(created);
  });

  it("a removal by our account that the journal lacks is the token owner's", () => {
    const entry = anEntry(acted, { actor: winnow, fields: [labels([], ['winnow-stale'])] });

    expect(clockAt([entry])).toBe(acted);
  });

  it('before the journal begins, own labels by our account do not count', () => {
    const entry = anEntry(acted, { actor: winnow, fields: [labels([], ['winnow-stale'])] });

    expect(clockAt([entry], aContext({ coversSince: null }))).toBe(created);
    expect(clockAt([entry], aContext({ coversSince: new Date('2026-03-01T00:00:00Z') }))).toBe(created);
  });

  it.each([
    ['two minutes early', '2026-02-01T09:58:00Z', created],
    ['over two minutes early', '2026-02-01T09:57:59Z', '2026-02-01T09:57:59.000Z'],
    ['two minutes late', '2026-02-01T10:02:01Z', created],
    ['over two minutes late', '2026-02-01T10:02:02Z', '2026-02-01T10:02:02.000Z'],
  ])('an own write is recognised %s', (_name, at, expected) => {
    const removal = anOwnWrite({ from: 'winnow-stale', to: null });
    const entry = anEntry(at, { actor: winnow, fields: [labels([], ['winnow-stale'])] });

    expect(clockAt([entry], aContext({ ownWrites: [removal] }))).toBe(expected);
  });

  it('an open intent explains entries until now', () => {
    const open = anOwnWrite({ from: 'winnow-stale', to: null, closedAt: null, status: 'open' });
    const entry = anEntry('2026-05-01T00:00:00Z', { actor: winnow, fields: [labels([], ['winnow-stale'])] });

    expect(clockAt([entry], aContext({ ownWrites: [open] }))).toBe(created);
  });

  it('one journaled rank write explains one rank entry', () => {
    const rank = anOwnWrite({ field: 'rank', from: null, to: 'after jira:2' });
    const entry = (at: string): Activity =>
      anEntry(at, { actor: winnow, fields: [aField({ kind: 'rank', field: 'Rank' })] });
    const context = aContext({ ownWrites: [rank] });

    expect(readClock(item, aHistory([entry(acted)]), null, context).rankedByPerson).toBeNull();
    const second = readClock(item, aHistory([entry(acted), entry('2026-02-01T10:00:30Z')]), null, context);
    expect(second.rankedByPerson?.at.toISOString()).toBe('2026-02-01T10:00:30.000Z');
  });

  it('an own label added by our account that the journal lacks betrays a second Winnow', () => {
    const entry = anEntry(acted, { actor: winnow, fields: [labels(['winnow-stale'])] });

    expect(readClock(item, aHistory([entry]), null, aContext()).stranger?.what).toContain('winnow-stale');
    expect(readClock(item, aHistory([entry]), null, aContext({ ownWrites: [anOwnWrite({})] })).stranger).toBeNull();
    expect(readClock(item, aHistory([entry]), null, aContext({ coversSince: null })).stranger).toBeNull();
  });

  it('later changes that do not count are told, newest first', () => {
    const rank = anEntry('2026-03-01T00:00:00Z', { fields: [aField({ kind: 'rank', field: 'Rank' })] });
    const bot = anEntry('2026-04-01T00:00:00Z', { actor: robot });

    const { clock } = readClock(item, aHistory([bot, anEntry(acted), rank]), null, aContext());

    expect(clock.at.toISOString()).toBe(acted);
    expect(clock.ignored.map(i => [i.who, i.why])).toEqual([
      ['Some App', 'not a person'],
      ['Alice', 'Rank alone is not activity'],
    ]);
  });

  it('a windowed history without entries says "at least that long ago"', () => {
    const since = new Date('2026-03-01T00:00:00Z');
    const before = new Date('2026-02-14T00:00:00Z');

    const { clock } = readClock(item, aHistory([], { since, before }), null, aContext());

    expect(clock).toMatchObject({ at: before, atMost: true });
  });

  it('a history that continues goes on from what was known', () => {
    const first = readClock(item, aHistory([anEntry(acted)]), null, aContext());
    const rank = anEntry('2026-03-01T00:00:00Z', { fields: [aField({ kind: 'rank', field: 'Rank' })] });

    const next = readClock(item, aHistory([rank], { continues: true }), first, aContext());

    expect(next.clock.at.toISOString()).toBe(acted);
    expect(next.personAt?.toISOString()).toBe('2026-03-01T00:00:00.000Z');
  });
});
