import { plainText } from './adf.ts';
import { compileJql } from './jql/evaluate.ts';
import type { HistoryEntry, Issue, World } from './model.ts';
import { findIssue } from './world.ts';

/** An issue as a test or the demo wants to see it. */
export interface PlainIssue {
  readonly id: string;
  readonly key: string;
  readonly summary: string;
  readonly description: string;
  readonly type: string;
  readonly status: string;
  readonly priority: string | null;
  readonly labels: readonly string[];
  readonly storyPoints: number | null;
  readonly rank: string;
  readonly created: Date;
  readonly updated: Date;
  readonly comments: number;
  /** Any field by id, as it goes out. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface PlainHistory {
  readonly at: Date;
  /** Display name; null where the entry has no author. */
  readonly by: string | null;
  readonly items: HistoryEntry['items'];
}

/** Looking at the site from outside, without its API. */
export interface Inspection {
  /** Keys of the board's filter by rank, done issues and sub-tasks included. */
  order(boardId: number): readonly string[];
  /** Throws when it is not there. */
  issue(key: string): PlainIssue;
  has(key: string): boolean;
  /** Oldest first. */
  history(key: string): readonly PlainHistory[];
  /** `customfield_...` of a field's name. Throws when there is none. */
  fieldId(name: string): string;
  property(key: string, propertyKey: string): unknown;
  /** Mails that edits have sent. */
  mails(): readonly { readonly key: string; readonly what: string }[];
}

export function createInspection(world: World): Inspection {
  const found = (key: string): Issue => {
    const issue = findIssue(world, key);
    if (issue === null) throw new Error(`${key} is not on the emulated site.`);
    return issue;
  };
  return {
    order(boardId) {
      const board = world.boards.find(one => one.id === boardId);
      if (board === undefined) throw new Error(`The emulated site has no board ${boardId}.`);
      const { matches } = compileJql(world, board.jql);
      return world.order.filter(matches).map(issue => issue.key);
    },
    issue: key => plain(world, found(key)),
    has: key => findIssue(world, key) !== null,
    history: key =>
      found(key).histories.map(({ created, author, items }) => ({
        at: new Date(created),
        by: author?.displayName ?? null,
        items,
      })),
    fieldId(name) {
      const field = [...world.fields.values()].find(one => one.name === name);
      if (field === undefined) throw new Error(`The emulated site has no field "${name}".`);
      return field.id;
    },
    property: (key, propertyKey) => found(key).properties.get(propertyKey),
    mails: () => [...world.mails],
  };
}

function plain(world: World, issue: Issue): PlainIssue {
  const points = world.storyPointsField === null ? null : issue.other[world.storyPointsField];
  return {
    id: String(issue.id),
    key: issue.key,
    summary: issue.summary,
    description: plainText(issue.description),
    type: issue.type.name,
    status: issue.status.name,
    priority: issue.priority?.name ?? null,
    labels: issue.labels,
    storyPoints: typeof points === 'number' ? points : null,
    rank: issue.rank,
    created: new Date(issue.created),
    updated: new Date(issue.updated),
    comments: issue.comments.length,
    fields: issue.other,
  };
}
