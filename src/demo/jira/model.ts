import type { Clock } from '../../clock.ts';
import type { Document } from './adf.ts';
import type { Json } from './json.ts';

/** What an emulated site holds. Times are milliseconds since 1970; wire forms are made when somebody asks. */

export interface Person {
  readonly accountId: string;
  readonly displayName: string;
  readonly accountType: 'atlassian' | 'app';
  readonly emailAddress: string | null;
  readonly active: boolean;
}

export interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

export type Category = 'new' | 'indeterminate' | 'done' | 'undefined';

export interface Status {
  readonly id: string;
  readonly name: string;
  readonly category: Category;
}

export interface Priority {
  readonly id: string;
  readonly name: string;
}

export interface IssueType {
  readonly id: string;
  readonly name: string;
  readonly subtask: boolean;
}

export interface Sprint {
  readonly id: number;
  readonly name: string;
  readonly state: 'active' | 'closed' | 'future';
  readonly boardId: number | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly completeDate: string | null;
}

export interface LinkType {
  readonly id: string;
  readonly name: string;
  readonly inward: string;
  readonly outward: string;
}

export interface Link {
  readonly id: string;
  readonly type: LinkType;
  /** Where the other issue stands: `inward` means it does what the type's inward words say, to us. */
  readonly direction: 'inward' | 'outward';
  readonly otherId: number;
  readonly otherKey: string;
  /** Its fields as exported, for an issue that is not on this site. */
  readonly otherFields: Json;
}

export interface Comment {
  readonly id: string;
  readonly author: Person | null;
  readonly updateAuthor: Person | null;
  readonly created: number;
  readonly updated: number;
  readonly body: Document | null;
}

export interface Worklog {
  readonly id: string;
  readonly author: Person | null;
  readonly created: number;
  readonly updated: number;
  readonly started: number;
  readonly timeSpentSeconds: number;
  readonly comment: Document | null;
}

export interface HistoryItem {
  readonly field: string;
  readonly fieldtype: string;
  readonly fieldId?: string;
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  readonly toString: string | null;
}

export interface HistoryEntry {
  readonly id: string;
  /** Migrations may leave entries without one. */
  readonly author: Person | null;
  readonly created: number;
  readonly items: readonly HistoryItem[];
  readonly metadata?: Json;
}

export interface Issue {
  readonly id: number;
  key: string;
  /** Keys it had before it was moved; they still lead to it. */
  oldKeys: readonly string[];
  project: Project;
  type: IssueType;
  status: Status;
  priority: Priority | null;
  assignee: Person | null;
  reporter: Person | null;
  creator: Person | null;
  summary: string;
  description: Document | null;
  labels: readonly string[];
  duedate: string | null;
  votes: number;
  watches: number;
  sprints: readonly number[];
  parentKey: string | null;
  links: readonly Link[];
  rank: string;
  created: number;
  updated: number;
  /** Everything else, by field id, as it goes out. */
  other: Json;
  comments: readonly Comment[];
  worklogs: readonly Worklog[];
  /** Oldest first. */
  histories: readonly HistoryEntry[];
  properties: ReadonlyMap<string, unknown>;
}

export interface FieldDefinition {
  readonly id: string;
  readonly name: string;
  readonly custom: boolean;
  readonly navigable: boolean;
  readonly orderable: boolean;
  readonly searchable: boolean;
  readonly clauseNames: readonly string[];
  readonly schema?: Json;
}

export interface Board {
  readonly id: number;
  readonly name: string;
  readonly type: 'scrum' | 'kanban';
  readonly project: Project;
  readonly filterId: string;
  /** The saved filter behind the board. */
  readonly jql: string;
}

/** What the token's account may do; tests flip these. */
export interface Rights {
  rank: boolean;
  /** Administer Jira or the project: what it takes to switch mail off. */
  notifyAdmin: boolean;
  bulkChange: boolean;
  readonly hiddenProjects: Set<string>;
  readonly readOnlyProjects: Set<string>;
}

/** Something that happened on the site, as webhooks tell it. `by` null: Jira does not say who. */
export type WorldEvent = { readonly at: number } & (
  | { readonly name: 'jira:issue_created' | 'jira:issue_deleted'; readonly issue: Issue; readonly by: Person | null }
  | {
      readonly name: 'jira:issue_updated';
      readonly issue: Issue;
      readonly by: Person | null;
      readonly entry: HistoryEntry;
    }
  | { readonly name: 'comment_created'; readonly issue: Issue; readonly comment: Comment }
  | { readonly name: 'worklog_created'; readonly issue: Issue; readonly worklog: Worklog }
  | {
      readonly name: 'issuelink_created';
      readonly link: { readonly id: string; readonly from: number; readonly to: number; readonly type: LinkType };
    }
  | { readonly name: 'sprint_created' | 'sprint_started' | 'sprint_closed'; readonly sprint: Sprint }
);

export interface World {
  /** `http://127.0.0.1:port`; every `self` begins with it. */
  readonly base: string;
  readonly clock: Clock;
  /** Minutes east of UTC of the times in answers. */
  readonly offsetMinutes: number;
  /** Zone of the account's profile, in which JQL dates are read. */
  readonly timeZone: string;
  /** Whose the token is. */
  self: Person;
  readonly people: Map<string, Person>;
  readonly projects: Map<string, Project>;
  readonly statuses: Map<string, Status>;
  /** In the site's order, most important first. */
  readonly priorities: Priority[];
  readonly types: Map<string, IssueType>;
  readonly linkTypes: Map<string, LinkType>;
  readonly sprints: Map<number, Sprint>;
  readonly fields: Map<string, FieldDefinition>;
  readonly boards: Board[];
  readonly issues: Map<number, Issue>;
  /** Present and former keys, upper case. */
  readonly keys: Map<string, Issue>;
  /** All issues by rank, ascending. */
  order: Issue[];
  readonly rankField: string;
  readonly sprintField: string;
  readonly storyPointsField: string | null;
  readonly rights: Rights;
  /** Issues that refuse writes for now, with the reason. */
  readonly locked: Map<number, string>;
  /** Mails that edits have sent. */
  readonly mails: { readonly key: string; readonly what: string }[];
  /** How old an issue stays in the search index after a change. */
  indexLagMs: number;
  /** What search still sees instead of the issue (null: nothing), until a time. */
  readonly stale: Map<number, { readonly until: number; readonly seen: Issue | null }[]>;
  /** Told of everything that happens, once it has. */
  readonly listeners: ((event: WorldEvent) => void)[];
  /** Time of the last event; events never share one. */
  lastInstant: number;
  nextId: number;
}
