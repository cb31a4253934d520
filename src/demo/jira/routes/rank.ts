import type { HttpAnswer } from '../../http/message.ts';
import { readBody, readQuery } from '../asked.ts';
import { arrayOf, textOf, type Json } from '../json.ts';
import type { Issue, World } from '../model.ts';
import { rankBlock, type Anchor } from '../ranking.ts';
import { Refusal } from '../refusal.ts';
import { mayBrowse } from '../search.ts';
import { findIssue } from '../world.ts';
import { json, type JiraRoute, type Visit } from './visit.ts';

export const rankRoutes: readonly JiraRoute[] = [
  { method: 'PUT', template: '/rest/agile/1.0/issue/rank', effect: 'write', handle: rank },
];

/** Most issues of one call. */
const MOST_RANKED = 50;

/** 204, or 207 with an entry per issue when some could not be moved. */
function rank({ world, request }: Visit): HttpAnswer {
  readQuery(request, {});
  const body = readBody(request, {
    ...{ issues: 'texts!', rankBeforeIssue: 'text', rankAfterIssue: 'text', rankCustomFieldId: 'whole' },
  });
  const names = arrayOf(body['issues']).map(String);
  if (names.length === 0) throw new Refusal(400, 'No issues were given to rank.');
  if (names.length > MOST_RANKED) throw new Refusal(400, `At most ${MOST_RANKED} issues may be ranked at once.`);
  const field = body['rankCustomFieldId'];
  if (typeof field === 'number' && `customfield_${field}` !== world.rankField) {
    throw new Refusal(400, `The custom field ${field} is not the rank field.`);
  }
  const anchor = anchorOf(world, body);
  const block = names.map(name => known(world, name));
  if (new Set(block).size < block.length) throw new Refusal(400, 'An issue is given twice.');
  if (block.includes('before' in anchor ? anchor.before : anchor.after)) {
    throw new Refusal(400, 'An issue cannot be ranked next to itself.');
  }
  refuseWithoutPermission(world, block);
  const movable = block.filter(issue => !world.locked.has(issue.id));
  if (movable.length > 0) rankBlock(world, movable, anchor, world.self);
  return movable.length === block.length
    ? { status: 204 }
    : json({ entries: block.map(issue => entry(world, issue)) }, 207);
}

function anchorOf(world: World, body: Json): Anchor {
  const [before, after] = [textOf(body['rankBeforeIssue']), textOf(body['rankAfterIssue'])];
  if (before !== null && after === null) return { before: known(world, before) };
  if (after !== null && before === null) return { after: known(world, after) };
  throw new Refusal(400, 'Exactly one of rankBeforeIssue and rankAfterIssue must be given.');
}

function known(world: World, idOrKey: string): Issue {
  const issue = findIssue(world, idOrKey);
  if (issue !== null && mayBrowse(world, issue)) return issue;
  throw new Refusal(400, `Issue '${idOrKey}' does not exist or you do not have permission to see it.`);
}

function refuseWithoutPermission(world: World, block: readonly Issue[]): void {
  const closed = block.some(issue => world.rights.readOnlyProjects.has(issue.project.key));
  if (!world.rights.rank || closed) {
    throw new Refusal(403, 'You do not have permission to rank issues. You need the Schedule Issues permission.');
  }
}

function entry(world: World, issue: Issue): Json {
  const head = { issueId: issue.id, issueKey: issue.key };
  const reason = world.locked.get(issue.id);
  return reason === undefined ? { ...head, status: 200 } : { ...head, status: 503, errors: [reason] };
}
