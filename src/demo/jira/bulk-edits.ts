import type { FieldChange } from './record.ts';
import { commit } from './record.ts';
import type { Issue, Person, World } from './model.ts';
import { nextId } from './world.ts';

/** One bulk edit: accepted at once, done a little later, looked up by its task id. */
export interface BulkTask {
  readonly id: string;
  readonly submitted: number;
  readonly author: Person;
  /** Ids that led nowhere. */
  readonly inaccessible: number;
  status: 'ENQUEUED' | 'RUNNING' | 'COMPLETE';
  processed: readonly number[];
  readonly failed: Record<string, readonly string[]>;
  updated: number;
}

export interface BulkEdits {
  submit(edit: BulkEdit): string;
  /** The task as a poll sees it; each poll brings it one step further. */
  poll(id: string): BulkTask | null;
  /** Does what is waiting: bulk edits go on without anybody polling. */
  work(): void;
}

export interface BulkEdit {
  readonly issues: readonly Issue[];
  readonly inaccessible: number;
  /** Changes of one issue, worked out when its turn comes. Throws where a value does not fit. */
  readonly changes: (issue: Issue) => readonly FieldChange[];
  /** Why this issue cannot be edited; null when it can. */
  readonly obstacle: (issue: Issue) => string | null;
  readonly mail: boolean;
}

export function createBulkEdits(world: World): BulkEdits {
  const tasks = new Map<string, { task: BulkTask; edit: BulkEdit }>();
  const perform = ({ task, edit }: { task: BulkTask; edit: BulkEdit }): void => {
    for (const issue of edit.issues) {
      const obstacle = edit.obstacle(issue);
      if (obstacle !== null) task.failed[String(issue.id)] = [obstacle];
      else {
        commit(world, issue, edit.changes(issue), { author: task.author });
        task.processed = [...task.processed, issue.id];
        if (edit.mail) world.mails.push({ key: issue.key, what: 'bulk edit' });
      }
    }
    task.status = 'RUNNING';
    task.updated = world.clock.now().getTime();
  };
  return {
    submit(edit) {
      const submitted = world.clock.now().getTime();
      const id = String(nextId(world));
      const fresh = { status: 'ENQUEUED' as const, processed: [], failed: {}, updated: submitted };
      tasks.set(id, { edit, task: { id, submitted, author: world.self, inaccessible: edit.inaccessible, ...fresh } });
      return id;
    },
    poll(id) {
      const entry = tasks.get(id);
      if (entry === undefined) return null;
      const seen = { ...entry.task };
      if (entry.task.status === 'ENQUEUED') perform(entry);
      else entry.task.status = 'COMPLETE';
      return seen;
    },
    work() {
      for (const entry of tasks.values()) if (entry.task.status === 'ENQUEUED') perform(entry);
    },
  };
}
