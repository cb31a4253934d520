import { InternalError } from '../errors.ts';
import type { Tracker } from '../item.ts';
import type { BacklogSettings, Scope } from '../settings.ts';
import { trackerOf } from './connection-url.ts';
import { connectionNameOf, type Entries } from './entries.ts';
import type { BacklogFile } from './schema-backlogs.ts';

/** A backlog that passed the rules, with its connection, tracker and fields looked up. */
export function resolveBacklog(name: string, file: BacklogFile, entries: Entries): BacklogSettings {
  const connection = connectionNameOf(file, entries);
  const found = connection === null ? undefined : entries.connections.get(connection);
  const tracker = found === undefined ? null : trackerOf(found);
  if (connection === null || tracker === null) {
    throw new InternalError(`the rules let backlog ${name} through without a connection`);
  }
  const { model, mode, schedule, sweep, timezone, limits, pins, blockers, newItemsHoldDays } = file;
  const usual = { model, mode, schedule, sweep, timezone, limits, pins, blockers, newItemsHoldDays };
  const { score, explanation } = file.write;
  const named = (field: string | number | null): string | null => (field === null ? null : fieldName(field, tracker));
  return {
    name,
    connection,
    tracker,
    ...usual,
    scope: scopeOf(file, tracker),
    write: { ...file.write, score: named(score), explanation: named(explanation) },
    writeHours: file.writeHours === null ? null : minutesOf(file.writeHours),
    sources: sourcesOf(model, tracker, entries),
  };
}

function scopeOf(file: BacklogFile, tracker: Tracker): Scope {
  const { board, jql, project, team, level } = file;
  if (tracker === 'azure-devops' && project !== undefined) return { kind: 'azure-devops', project, team, level };
  if (board !== undefined) return { kind: 'jira-board', board };
  if (jql !== undefined) return { kind: 'jira-jql', jql };
  throw new InternalError('the rules let a backlog through without a scope');
}

/** Minutes of the day of `20:00-06:00`. */
function minutesOf(hours: string): { readonly from: number; readonly to: number } {
  const minute = (at: number): number => Number(hours.slice(at, at + 2)) * 60 + Number(hours.slice(at + 3, at + 5));
  return { from: minute(0), to: minute(6) };
}

/** Jira's custom fields are numbered: 10042 is customfield_10042. */
function fieldName(field: string | number, tracker: Tracker): string {
  if (typeof field === 'string') return field.trim();
  return tracker === 'jira' ? `customfield_${field}` : String(field);
}

function sourcesOf(model: string, tracker: Tracker, entries: Entries): Readonly<Record<string, string>> {
  const factors = Object.entries(entries.models.get(model)?.factors ?? {});
  return Object.fromEntries(
    factors.flatMap(([name, factor]) => {
      const field = factor[tracker];
      return field === undefined ? [] : [[name, fieldName(field, tracker)]];
    }),
  );
}
