import type { Identity } from './identity.ts';
import { wireDate } from './instants.ts';
import { latest, textOf, type Item, type Revision } from './item.ts';
import type { Organisation } from './organisation.ts';
import { projectOfItem } from './organisation.ts';
import type { Project } from './project.ts';
import { categoryOf } from './process.ts';
import type { FieldMap, FieldValue } from './records.ts';
import { joinTags, splitTags } from './tags.ts';

/** What a save does to fields: a value sets, null clears. `System.History` is a comment, not a field that stays. */
export type FieldEdits = Readonly<Record<string, FieldValue | null>>;

/** What a field map becomes: rules of the service included (dates of state changes, reason, tag spelling). */
export function applyEdits(organisation: Organisation, before: FieldMap, edits: FieldEdits): FieldMap {
  const after: Record<string, FieldValue> = { ...before };
  for (const [ref, value] of Object.entries(edits)) {
    if (ref === 'System.History') continue;
    if (value === null || value === '') Reflect.deleteProperty(after, ref);
    else if (ref === 'System.Tags' && typeof value === 'string') setTags(organisation, after, value);
    else after[ref] = value;
  }
  return after;
}

function setTags(organisation: Organisation, fields: Record<string, FieldValue>, text: string): void {
  const tags = joinTags(splitTags(text).map(tag => organisation.tags.spell(tag)));
  if (tags === '') Reflect.deleteProperty(fields, 'System.Tags');
  else fields['System.Tags'] = tags;
}

export interface EditItem {
  readonly edits: FieldEdits;
  readonly by: Identity;
}

/** Saves edits as a new revision. Null: nothing differs, so the service makes none. */
export function saveEdits(organisation: Organisation, item: Item, { edits, by }: EditItem): Revision | null {
  const before = latest(item).fields;
  const project = projectOfItem(organisation, item);
  const after = withStateRules(project, before, applyEdits(organisation, before, edits));
  const comment = edits['System.History'];
  const text = typeof comment === 'string' && comment !== '' ? comment : null;
  if (text === null && sameFields(before, after)) return null;
  const at = organisation.instants.now().getTime();
  const stamped = stampState(before, after, at);
  return organisation.items.revise(item, { by, fields: stamped, comment: text });
}

/** A state change sets the reason the process gives, unless one was given. */
function withStateRules(project: Project, before: FieldMap, after: FieldMap): FieldMap {
  const state = textOf(after, 'System.State');
  if (state === textOf(before, 'System.State')) return after;
  const reason = after['System.Reason'];
  const moved: Record<string, FieldValue> = { ...after };
  if (reason === undefined || reason === before['System.Reason']) moved['System.Reason'] = `Moved to state ${state}`;
  const done = categoryOf(project.process, textOf(after, 'System.WorkItemType'), state) === 'Completed';
  if (!done) Reflect.deleteProperty(moved, 'Microsoft.VSTS.Common.ClosedDate');
  return moved;
}

function stampState(before: FieldMap, after: FieldMap, at: number): FieldMap {
  if (textOf(before, 'System.State') === textOf(after, 'System.State')) return after;
  return { ...after, 'Microsoft.VSTS.Common.StateChangeDate': wireDate(at) };
}

/** Identities count as equal by id; everything else by value. */
export function sameFields(a: FieldMap, b: FieldMap): boolean {
  const refs = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...refs].every(ref => sameValue(a[ref], b[ref]));
}

export function sameValue(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  if (typeof a === 'object' && typeof b === 'object') return a.id === b.id;
  return a === b;
}

export interface NewItem {
  readonly project: Project;
  readonly type: string;
  readonly edits: FieldEdits;
  readonly by: Identity;
}

/** Creates an item in the first state of its type, at the root of both trees unless said otherwise. */
export function createItem(organisation: Organisation, { project, type, edits, by }: NewItem): Item {
  const state = project.process.states[type]?.[0]?.name ?? 'New';
  const at = wireDate(organisation.instants.now().getTime());
  const initial: FieldMap = {
    'System.AreaPath': project.name,
    'System.TeamProject': project.name,
    'System.IterationPath': project.name,
    'System.WorkItemType': type,
    'System.State': state,
    'System.Reason': 'New',
    'Microsoft.VSTS.Common.StateChangeDate': at,
    'Microsoft.VSTS.Common.Priority': 2,
  };
  const comment = edits['System.History'];
  const fields = applyEdits(organisation, initial, edits);
  return organisation.items.create({ by, fields, comment: typeof comment === 'string' ? comment : null });
}
