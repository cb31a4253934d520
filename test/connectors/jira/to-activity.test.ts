import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WireHistory } from '../../../src/connectors/jira/schema.ts';
import { toActivities, toTalk, type HistoryFields } from '../../../src/connectors/jira/to-activity.ts';

const fields: HistoryFields = {
  rank: new Set(['customfield_10019', 'customfield_10590']),
  sprint: 'customfield_10020',
  score: { id: 'customfield_10050', name: 'Winnow score' },
};
const author = { accountId: 'u1', displayName: 'Ann', accountType: 'atlassian' };

function history(items: readonly object[], over: object = {}): WireHistory {
  return WireHistory.parse({ id: '1', author, created: 1763000000000, items, ...over });
}
const kindOf = (item: object): string | undefined => toActivities([history([item])], fields)[0]?.fields[0]?.kind;

describe('connectors/jira/to-activity', () => {
  it.each([
    [{ field: 'Rank', fieldId: 'customfield_10019' }, 'rank'],
    [{ field: 'Rang', fieldId: 'customfield_10590' }, 'rank'],
    [{ field: 'Rank', fieldtype: 'jira' }, 'rank'],
    [{ field: 'Sprint', fieldId: 'customfield_10020' }, 'sprint'],
    [{ field: 'Winnow score', fieldId: 'customfield_10050' }, 'score'],
    [{ field: 'status', fieldId: 'status' }, 'status'],
    [{ field: 'Workflow' }, 'workflow'],
    [{ field: 'RemoteIssueLink' }, 'remote-link'],
    [{ field: 'IssueParentAssociation' }, 'other'],
    [{ field: 'Status', fieldId: 'customfield_10777' }, 'other'],
    [{ field: 'Flagged', fieldId: 'customfield_10021' }, 'other'],
  ])('%o is %s', (item, kind) => {
    expect(kindOf(item)).toBe(kind);
  });

  it('labels tell what came and what went', () => {
    const [entry] = toActivities(
      [history([{ field: 'labels', fieldId: 'labels', fromString: 'a b', toString: 'b  winnow-stale' }])],
      fields,
    );

    expect(entry?.fields[0]).toMatchObject({ kind: 'labels', added: ['winnow-stale'], removed: ['a'] });
  });

  it('a missing toString is none', () => {
    const [entry] = toActivities([history([{ field: 'labels', fieldId: 'labels', fromString: 'a' }])], fields);

    expect(entry?.fields[0]).toMatchObject({ to: null, removed: ['a'], added: [] });
  });

  it.each([
    [1763000000000, 1763000000000],
    [1763000000, 1763000000000],
    ['2025-11-13T02:13:20.000+0000', 1763000000000],
  ])('created %s is an instant', (created, at) => {
    expect(toActivities([history([], { created })], fields)[0]?.at.getTime()).toBe(at);
  });

  it('an unreadable instant fails', () => {
    expect(() => toActivities([history([], { created: 'never' })], fields)).toThrow(/dated "never"/);
  });

  it('apps are marked, nobody is null', () => {
    const entries = toActivities(
      [history([], { id: '1', author: { ...author, accountType: 'app' } }), history([], { id: '2', author: null })],
      fields,
    );

    expect(entries.map(entry => entry.actor?.automated ?? null)).toEqual([true, null]);
  });

  it('entries come oldest first, each once', () => {
    const entries = toActivities(
      [
        history([], { id: '10' }),
        history([], { id: '9' }),
        history([], { id: '3', created: 1762000000000 }),
        history([], { id: '9' }),
      ],
      fields,
    );

    expect(entries.map(entry => entry.id)).toEqual(['3', '9', '10']);
  });

  it('comments and worklogs have ids of their own', () => {
    const talk = { id: '5', author, created: '2026-11-01T00:00:00.000+0000' };

    expect([toTalk('commented', talk).id, toTalk('worklogged', talk).id]).toEqual(['c5', 'w5']);
  });

  const folder = new URL('../../../../shared/fixtures/jira/changelog/', import.meta.url);
  it.skipIf(!existsSync(folder))('recorded histories are read', () => {
    const kinds = new Map<string, number>();
    for (const name of readdirSync(folder)) {
      for (const raw of historiesIn(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))) {
        for (const { kind } of toActivities([WireHistory.parse(raw)], fields).flatMap(entry => entry.fields)) {
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        }
      }
    }

    expect([...kinds.keys()].sort()).toEqual(['other', 'rank', 'remote-link', 'sprint', 'status', 'workflow']);
  });
});

/** Histories wherever a recorded file holds them. */
function historiesIn(file: unknown): readonly unknown[] {
  const { values, issues, changelog } = file as {
    values?: unknown[];
    issues?: unknown[];
    changelog?: { histories: unknown[] };
  };
  return [...(values ?? []), ...(changelog?.histories ?? []), ...(issues ?? []).flatMap(historiesIn)];
}
