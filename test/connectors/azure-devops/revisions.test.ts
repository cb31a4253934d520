import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../src/connectors/azure-devops/identity.ts';
import {
  activitiesOf,
  activityOf,
  comparable,
  revisionOf,
  slimOf,
  type Slim,
} from '../../../src/connectors/azure-devops/revisions.ts';
import { aPlan, stackRank } from './support/values.ts';

const plan = aPlan();
const at = '2026-03-01T09:00:00Z';
const ada = { id: 'id-ada', displayName: 'Ada Park', uniqueName: 'ada@x.y', descriptor: 'aad.QWRh' };
const before: Slim = { 'System.Title': 'Pay', 'System.State': 'New', [stackRank]: 10, 'System.CommentCount': 1 };

const entryOf = (fields: Record<string, unknown>, from: Slim = before) => {
  const revision = revisionOf(
    { rev: 5, fields: { 'System.ChangedDate': at, 'System.ChangedBy': ada, ...fields } },
    plan,
  );
  if (revision === null) throw new Error('no revision');
  return activityOf(from, revision, plan);
};

describe('connectors/azure-devops/revisions', () => {
  it.each([
    ['the order field', { ...before, [stackRank]: 20.5 }, [['rank', '10', '20.5']]],
    ['the state', { ...before, 'System.State': 'Active' }, [['status', 'New', 'Active']]],
    ['the iteration', { ...before, 'System.IterationPath': 'P\\S1' }, [['sprint', null, 'P\\S1']]],
    ['the score field', { ...before, 'Custom.Score': 71 }, [['score', null, '71']]],
    ['anything else', { ...before, 'System.Title': 'Pay later' }, [['other', 'Pay', 'Pay later']]],
    ['nothing we know: an attachment', { ...before }, []],
  ])('%s', (_name, fields, expected) => {
    const entry = entryOf(fields);

    expect(entry.kind).toBe('changed');
    expect(entry.fields.map(({ kind, from, to }) => [kind, from, to])).toEqual(expected);
  });

  it('tags tell what came and what went, whatever their case', () => {
    const entry = entryOf({ ...before, 'System.Tags': 'UI; winnow-stale' }, { ...before, 'System.Tags': 'ui; old' });

    expect(entry.fields).toMatchObject([{ kind: 'labels', added: ['winnow-stale'], removed: ['old'] }]);
  });

  it('a comment alone is a comment', () => {
    expect(entryOf({ ...before, 'System.CommentCount': 2 })).toMatchObject({ kind: 'commented', fields: [] });
  });

  it('a comment beside another change is an edit', () => {
    const entry = entryOf({ ...before, 'System.CommentCount': 2, [stackRank]: 11 });

    expect(entry.kind).toBe('changed');
    expect(entry.fields.map(field => field.kind)).toEqual(['rank', 'other']);
  });

  it('a cleared field and an empty one are the same', () => {
    expect(slimOf({ 'System.Tags': '', 'System.Title': null }, plan)).toEqual({});
  });

  it('an assignment compares people, not their pictures', () => {
    const mine = { ...ada, imageUrl: 'https://a/1.png' };

    expect(slimOf({ 'System.AssignedTo': ada }, plan)).toEqual(slimOf({ 'System.AssignedTo': mine }, plan));
  });

  it('a board column counts only between two that were told', () => {
    const board = aPlan({ tracked: ['System.BoardColumn', stackRank] });
    const at5 = (fields: Record<string, unknown>) => ({
      rev: 5,
      at: new Date(at),
      actor: null,
      fields: slimOf(fields, board),
    });
    const kinds = (from: Slim, to: Record<string, unknown>) => activityOf(from, at5(to), board).fields.map(f => f.kind);

    expect(kinds({ 'System.BoardColumn': 'New' }, { 'System.BoardColumn': 'Ready', [stackRank]: 3 })).toEqual([
      'other',
      'rank',
    ]);
    expect(
      kinds(comparable({ 'System.BoardColumn': 'New' }), { 'System.BoardColumn': 'Ready', [stackRank]: 3 }),
    ).toEqual(['rank']);
  });

  it('creation is no entry, later revisions follow one by one', () => {
    const revisions = ['New', 'Active', 'Closed'].flatMap((state, i) => {
      const fields = { 'System.ChangedDate': at, 'System.State': state };
      return revisionOf({ rev: i + 1, fields }, plan) ?? [];
    });

    expect(activitiesOf(null, revisions, plan).map(entry => entry.id)).toEqual(['2', '3']);
  });

  it.each([
    ['a person', ada, { id: 'id-ada', name: 'Ada Park', automated: false }],
    ['a service principal', { ...ada, descriptor: 'aadsp.Zm9v' }, { id: 'id-ada', name: 'Ada Park', automated: true }],
    ['a build service', { ...ada, descriptor: 'svc.Zm9v' }, { id: 'id-ada', name: 'Ada Park', automated: true }],
    ['another service', { ...ada, descriptor: 's2s.Zm9v' }, { id: 'id-ada', name: 'Ada Park', automated: true }],
    [
      'the system itself',
      'Microsoft.TeamFoundation.System <b@x>',
      { id: 'Microsoft.TeamFoundation.System <b@x>', name: 'Microsoft.TeamFoundation.System', automated: true },
    ],
    ['an old answer', { id: 'i', uniqueName: 'Ann Lee <a@x>' }, { id: 'i', name: 'Ann Lee', automated: false }],
    ['nobody', null, null],
    ['an empty identity', {}, null],
  ])('%s is recognised', (_name, raw, expected) => {
    expect(actorOf(raw)).toEqual(expected);
  });
});
