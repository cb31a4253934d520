import {
  absent,
  itemRef,
  value,
  type Activity,
  type BacklogItem,
  type FieldChange,
  type History,
} from '../../src/item.ts';

/** A plain, groomed item; name only what the test is about. */
export function anItem(over: Partial<BacklogItem> & { readonly id?: number } = {}): BacklogItem {
  const { id = 1, ...rest } = over;
  return {
    ref: itemRef('jira', id),
    key: `SHOP-${id}`,
    title: `Item ${id}`,
    url: null,
    type: 'Story',
    parent: null,
    onLevel: true,
    progress: 'todo',
    trackerStatus: 'To Do',
    sprint: null,
    createdAt: new Date('2026-01-01T00:00:00Z'),
    changedAt: new Date('2026-01-01T00:00:00Z'),
    version: '1',
    order: `0|i${String(id).padStart(6, '0')}:`,
    labels: [],
    priority: value({ name: 'Medium', scheme: ['Highest', 'High', 'Medium', 'Low', 'Lowest'] }),
    effort: value(3),
    due: absent,
    demand: value(0),
    inputs: {},
    scoreField: absent,
    words: 40,
    blockedBy: [],
    ...rest,
  };
}

export const alice = { id: 'u-alice', name: 'Alice', automated: false };
export const robot = { id: 'u-robot', name: 'Some App', automated: true };
export const winnow = { id: 'u-winnow', name: 'Winnow', automated: false };

let serial = 0;

/** A history entry; by Alice unless said otherwise. */
export function anEntry(at: string, over: Partial<Activity> = {}): Activity {
  return { id: `h${++serial}`, at: new Date(at), actor: alice, kind: 'changed', fields: [aField()], ...over };
}

export function aField(over: Partial<FieldChange> = {}): FieldChange {
  return { kind: 'other', field: 'Summary', from: 'a', to: 'b', ...over };
}

export function aHistory(entries: readonly Activity[], over: Partial<History> = {}): History {
  return { since: null, before: null, continues: false, entries, ...over };
}
