import { objectOf, textOf } from './json.ts';
import type { Category, IssueType, LinkType, Priority, Project, Sprint, Status } from './model.ts';

/** The named things of a site, gathered from what issues mention. */
export interface Registries {
  readonly projects: Map<string, Project>;
  readonly statuses: Map<string, Status>;
  readonly priorities: Map<string, Priority>;
  readonly types: Map<string, IssueType>;
  readonly linkTypes: Map<string, LinkType>;
  readonly sprints: Map<number, Sprint>;
}

export function createRegistries(): Registries {
  return {
    projects: new Map(),
    statuses: new Map(),
    priorities: new Map(),
    types: new Map(),
    linkTypes: new Map(),
    sprints: new Map(),
  };
}

/** The entry with this id, made from the export when it is new. */
function once<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const idOf = (raw: unknown): string => String(objectOf(raw)['id']);
const nameOf = (raw: unknown): string => textOf(objectOf(raw)['name']) ?? '';

/** Projects are known by key. */
export function projectOf(raw: unknown, registries: Registries): Project {
  const key = textOf(objectOf(raw)['key']) ?? '';
  return once(registries.projects, key, () => ({ id: idOf(raw), key, name: nameOf(raw) }));
}

export function statusOf(raw: unknown, registries: Registries): Status {
  const category = textOf(objectOf(objectOf(raw)['statusCategory'])['key']);
  return once(registries.statuses, idOf(raw), () => ({ id: idOf(raw), name: nameOf(raw), category: known(category) }));
}

function known(category: string | null): Category {
  return category === 'new' || category === 'indeterminate' || category === 'done' ? category : 'undefined';
}

export function priorityOf(raw: unknown, registries: Registries): Priority | null {
  if (raw === null || raw === undefined) return null;
  return once(registries.priorities, idOf(raw), () => ({ id: idOf(raw), name: nameOf(raw) }));
}

export function typeOf(raw: unknown, registries: Registries): IssueType {
  const subtask = objectOf(raw)['subtask'] === true;
  return once(registries.types, idOf(raw), () => ({ id: idOf(raw), name: nameOf(raw), subtask }));
}

export function linkTypeOf(raw: unknown, registries: Registries): LinkType {
  const { inward, outward } = objectOf(raw);
  return once(registries.linkTypes, idOf(raw), () => ({
    id: idOf(raw),
    name: nameOf(raw),
    inward: textOf(inward) ?? '',
    outward: textOf(outward) ?? '',
  }));
}

/** A sprint in object form or in the text form of Jira Server; null when it is neither. */
export function sprintOf(raw: unknown, registries: Registries): Sprint | null {
  const fields = typeof raw === 'string' ? greenhopperFields(raw) : objectOf(raw);
  const id = Number(fields['id']);
  if (!Number.isInteger(id)) return null;
  const state = (textOf(fields['state']) ?? '').toLowerCase();
  const boardId = Number(fields['boardId'] ?? fields['rapidViewId'] ?? NaN);
  return once(registries.sprints, id, () => ({
    id,
    name: textOf(fields['name']) ?? `Sprint ${id}`,
    state: state === 'active' || state === 'future' ? state : 'closed',
    boardId: Number.isInteger(boardId) ? boardId : null,
    startDate: textOf(fields['startDate']),
    endDate: textOf(fields['endDate']),
    completeDate: textOf(fields['completeDate']),
  }));
}

/** `...Sprint@4a655f6a[rapidViewId=13,state=CLOSED,name=Sprint 3,...,id=8]`; names may hold commas. */
function greenhopperFields(text: string): Readonly<Record<string, string>> {
  const inside = /\[(.*)\]$/s.exec(text)?.[1] ?? '';
  const fields: Record<string, string> = {};
  for (const part of inside.split(/,(?=[A-Za-z]+=)/)) {
    const cut = part.indexOf('=');
    const value = part.slice(cut + 1);
    if (cut > 0 && value !== '<null>') fields[part.slice(0, cut)] = value;
  }
  return fields;
}
