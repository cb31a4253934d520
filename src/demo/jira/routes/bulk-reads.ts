import type { HttpAnswer } from '../../http/message.ts';
import { readBody, readQuery } from '../asked.ts';
import { historyJson, issueJson, selectionOf } from '../issue-answer.ts';
import { arrayOf, textOf } from '../json.ts';
import type { HistoryEntry, Issue, World } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { mayBrowse } from '../search.ts';
import { tokenPage } from '../tokens.ts';
import { findIssue } from '../world.ts';
import { json, type JiraRoute, type Visit } from './visit.ts';

export const bulkReadRoutes: readonly JiraRoute[] = [
  { method: 'POST', template: '/rest/api/3/issue/bulkfetch', effect: 'read', anonymous: true, handle: issues },
  { method: 'POST', template: '/rest/api/3/changelog/bulkfetch', effect: 'read', handle: changelogs },
];

const MOST_ISSUES = 100;
const MOST_LOGGED_ISSUES = 1000;
const MOST_FIELD_IDS = 10;
const MOST_HISTORIES = 10_000;
const USUAL_HISTORIES = 1000;

function issues({ world, request, signedIn }: Visit): HttpAnswer {
  readQuery(request, {});
  const body = readBody(request, {
    ...{ issueIdsOrKeys: 'texts!', fields: 'texts', expand: 'texts', properties: 'texts', fieldsByKeys: 'flag' },
  });
  const wanted = arrayOf(body['issueIdsOrKeys']).map(String);
  if (wanted.length === 0 || wanted.length > MOST_ISSUES) {
    throw new Refusal(400, `Between 1 and ${MOST_ISSUES} issue ids or keys can be fetched.`);
  }
  const expand = arrayOf(body['expand']).map(String);
  const fields = Array.isArray(body['fields']) ? body['fields'].map(String) : null;
  const properties = arrayOf(body['properties']).map(String);
  const selection = selectionOf(world, { fields, otherwise: ['*navigable'], expand, properties });
  const seen = signedIn ? distinct(wanted.flatMap(name => visible(world, name) ?? [])) : [];
  const missing = wanted.filter(name => !signedIn || visible(world, name) === null);
  return json({
    issues: seen.map(issue => issueJson(world, issue, selection)),
    issueErrors: missing.map(id => ({
      id,
      errorMessage: 'Issue does not exist or you do not have permission to see it.',
    })),
  });
}

function visible(world: World, idOrKey: string): Issue | null {
  const issue = findIssue(world, idOrKey);
  return issue !== null && mayBrowse(world, issue) ? issue : null;
}

function distinct(all: readonly Issue[]): readonly Issue[] {
  return [...new Set(all)].sort((a, b) => a.id - b.id);
}

interface Logged {
  readonly issue: Issue;
  readonly entry: HistoryEntry;
}

/** Oldest first over all issues together, so one issue may be spread over several pages. */
function changelogs({ world, request, tokens }: Visit): HttpAnswer {
  readQuery(request, {});
  const body = readBody(request, {
    ...{ issueIdsOrKeys: 'texts!', fieldIds: 'texts', maxResults: 'whole', nextPageToken: 'text' },
  });
  const wanted = arrayOf(body['issueIdsOrKeys']).map(String);
  const fieldIds = arrayOf(body['fieldIds']).map(String);
  const size = Number(body['maxResults'] ?? USUAL_HISTORIES);
  refuseSizes({ issues: wanted.length, fieldIds, size });
  const all = distinct(wanted.flatMap(name => visible(world, name) ?? []))
    .flatMap(issue => issue.histories.map((entry): Logged => ({ issue, entry })))
    .filter(({ entry }) => fieldIds.length === 0 || entry.items.some(item => fieldIds.includes(item.fieldId ?? '')))
    .sort((a, b) => a.entry.created - b.entry.created || a.issue.id - b.issue.id);
  const question = JSON.stringify([wanted, fieldIds]);
  const page = tokenPage(tokens, all, { token: textOf(body['nextPageToken']), question, size });
  return json({
    issueChangeLogs: grouped(world, page.items),
    ...(page.next === null ? {} : { nextPageToken: page.next }),
  });
}

function refuseSizes(asked: { issues: number; fieldIds: readonly string[]; size: number }): void {
  if (asked.issues === 0 || asked.issues > MOST_LOGGED_ISSUES) {
    throw new Refusal(400, `Between 1 and ${MOST_LOGGED_ISSUES} issue ids or keys can be asked for.`);
  }
  if (asked.fieldIds.length > MOST_FIELD_IDS || new Set(asked.fieldIds).size < asked.fieldIds.length) {
    throw new Refusal(400, `At most ${MOST_FIELD_IDS} different field ids can be asked for.`);
  }
  if (asked.size < 1 || asked.size > MOST_HISTORIES) {
    throw new Refusal(400, `The maxResults must be between 1 and ${MOST_HISTORIES}.`);
  }
}

function grouped(world: World, page: readonly Logged[]): readonly unknown[] {
  const byIssue = new Map<number, unknown[]>();
  for (const { issue, entry } of page) {
    const histories = byIssue.get(issue.id) ?? [];
    histories.push(historyJson(world, entry, 'milliseconds'));
    byIssue.set(issue.id, histories);
  }
  return [...byIssue].map(([id, changeHistories]) => ({ issueId: String(id), changeHistories }));
}
