import { plainText } from './adf.ts';
import { issueJson, selectionOf } from './issue-answer.ts';
import { jiraTime } from './jira-time.ts';
import type { Json } from './json.ts';
import type { Comment, Issue, Person, Sprint, Worklog, World, WorldEvent } from './model.ts';
import { personJson } from './people.ts';

/** What a webhook tells of an event: the shapes of API version 2, in which texts are wiki markup. */
export function eventBody(world: World, event: WorldEvent): Json {
  const head = { timestamp: event.at, webhookEvent: event.name };
  return inVersion2({ ...head, ...partsOf(world, event) });
}

function partsOf(world: World, event: WorldEvent): Json {
  switch (event.name) {
    case 'jira:issue_created':
      return {
        issue_event_type_name: 'issue_created',
        ...userOf(world, event.by),
        issue: wholeIssue(world, event.issue),
      };
    case 'jira:issue_deleted':
      return { ...userOf(world, event.by), issue: wholeIssue(world, event.issue) };
    case 'jira:issue_updated':
      return {
        issue_event_type_name: 'issue_generic',
        ...userOf(world, event.by),
        issue: wholeIssue(world, event.issue),
        changelog: { id: event.entry.id, items: event.entry.items },
      };
    case 'comment_created':
      return { comment: commentBody(world, event.issue, event.comment), issue: briefIssue(world, event.issue) };
    case 'worklog_created':
      return { worklog: worklogBody(world, event.issue, event.worklog) };
    case 'issuelink_created': {
      const { id, from, to, type } = event.link;
      return {
        issueLink: {
          id: Number(id),
          sourceIssueId: from,
          destinationIssueId: to,
          issueLinkType: { id: Number(type.id), name: type.name, outwardName: type.outward, inwardName: type.inward },
        },
      };
    }
    case 'sprint_created':
    case 'sprint_started':
    case 'sprint_closed':
      return { sprint: sprintBody(world, event.sprint) };
    default:
      return event satisfies never;
  }
}

function userOf(world: World, by: Person | null): Json {
  return by === null ? {} : { user: { ...personJson(by, world.base), accountType: by.accountType } };
}

function wholeIssue(world: World, issue: Issue): Json {
  const selection = selectionOf(world, { fields: ['*navigable'], otherwise: [] });
  const json = issueJson(world, issue, selection);
  const fields = json['fields'] as Json;
  const description = issue.description === null ? null : plainText(issue.description);
  return { ...json, fields: { ...fields, description } };
}

/** Comments come with a handful of fields. */
function briefIssue(world: World, issue: Issue): Json {
  const few = ['summary', 'issuetype', 'project', 'assignee', 'priority', 'status'];
  return issueJson(world, issue, selectionOf(world, { fields: few, otherwise: [] }));
}

function commentBody(world: World, issue: Issue, comment: Comment): Json {
  const { id, author, updateAuthor, created, updated, body } = comment;
  return {
    self: `${world.base}/rest/api/2/issue/${issue.id}/comment/${id}`,
    id,
    author: personJson(author, world.base),
    body: body === null ? '' : plainText(body),
    updateAuthor: personJson(updateAuthor, world.base),
    created: jiraTime(created, world.offsetMinutes),
    updated: jiraTime(updated, world.offsetMinutes),
    jsdPublic: true,
  };
}

function worklogBody(world: World, issue: Issue, worklog: Worklog): Json {
  const { id, author, created, updated, started, timeSpentSeconds } = worklog;
  return {
    self: `${world.base}/rest/api/2/issue/${issue.id}/worklog/${id}`,
    author: personJson(author, world.base),
    updateAuthor: personJson(author, world.base),
    created: jiraTime(created, world.offsetMinutes),
    updated: jiraTime(updated, world.offsetMinutes),
    started: jiraTime(started, world.offsetMinutes),
    timeSpentSeconds,
    id,
    issueId: String(issue.id),
  };
}

function sprintBody(world: World, { id, name, state, boardId, startDate, endDate, completeDate }: Sprint): Json {
  return {
    id,
    self: `${world.base}/rest/agile/1.0/sprint/${id}`,
    state,
    name,
    ...(startDate === null ? {} : { startDate }),
    ...(endDate === null ? {} : { endDate }),
    ...(completeDate === null ? {} : { completeDate }),
    originBoardId: boardId,
  };
}

/** Links in a delivery lead to version 2, whatever version made the parts. */
function inVersion2(body: Json): Json {
  return JSON.parse(JSON.stringify(body).replaceAll('/rest/api/3/', '/rest/api/2/')) as Json;
}
