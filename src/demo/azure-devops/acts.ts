import { reorder } from './backlog.ts';
import { createItem, saveEdits, type FieldEdits } from './change-item.ts';
import { fieldValue, knownField } from './field-rules.ts';
import { personNamed, type Identity } from './identity.ts';
import { HIERARCHY, latest, linkFrom, parentOf, textOf, typeOf, type Item, type Link } from './item.ts';
import { defaultTeam, projectAt, projectOfItem, type Organisation } from './organisation.ts';
import { typesOn } from './process.ts';
import type { FieldValue } from './records.ts';
import { splitTags } from './tags.ts';
import { setDeleted } from './routes/life.ts';

/** Whoever does something: an identity, or a person by name. */
export type Who = Identity | string;

export interface NewItemAct {
  readonly project: string;
  readonly type: string;
  readonly title: string;
  /** By reference name or display name. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly parent?: number;
  readonly by?: Who;
}

/** A place between two neighbours of the backlog; neither: at the top. */
export interface Between {
  readonly after?: number;
  readonly before?: number;
}

/** What people (and their bots) do in the tracker, without going through the token's owner. */
export interface HumanActs {
  /** The id of the new item. */
  createItem(act: NewItemAct): number;
  /** Sets fields, by reference name or display name; null clears. No rule is checked but types of values. */
  edit(id: number, fields: Readonly<Record<string, unknown>>, by?: Who): void;
  setState(id: number, state: string, by?: Who): void;
  /** A drag on the backlog of the project's default team: back-fills unranked items, as the service does. */
  reorder(id: number, between: Between, by?: Who): void;
  addTag(id: number, tag: string, by?: Who): void;
  removeTag(id: number, tag: string, by?: Who): void;
  comment(id: number, text: string, by?: Who): void;
  attach(id: number, file: string, by?: Who): void;
  /** `rel` with direction, seen from `id`. A link makes no revision. */
  link(id: number, rel: string, target: number, by?: Who): void;
  unlink(id: number, rel: string, target: number, by?: Who): void;
  /** null: to the root. No revision either. */
  reparent(id: number, parent: number | null, by?: Who): void;
  /** Below the project's root; made if missing. */
  moveArea(id: number, path: string, by?: Who): void;
  moveIteration(id: number, path: string, by?: Who): void;
  /** Makes an iteration below the project's root and puts it on the default team's list. */
  planIteration(project: string, path: string, dates: { readonly start: string; readonly finish: string }): void;
  /** To the recycle bin. */
  remove(id: number, by?: Who): void;
  restore(id: number, by?: Who): void;
  /** For good. */
  destroy(id: number): void;
}

const SOMEBODY = personNamed('Ada Park');

interface Stage {
  readonly organisation: Organisation;
  readonly itemAt: (id: number) => Item;
  readonly whoIs: (by: Who | undefined) => Identity;
  readonly save: (id: number, edits: FieldEdits, by: Who | undefined) => void;
}

export function createHumanActs(organisation: Organisation): HumanActs {
  const itemAt = (id: number): Item => {
    const item = organisation.items.get(id);
    if (item === null) throw new Error(`There is no work item ${id}.`);
    return item;
  };
  const whoIs = (by: Who | undefined): Identity => (typeof by === 'string' ? personNamed(by) : (by ?? SOMEBODY));
  const save = (id: number, edits: FieldEdits, by: Who | undefined): void => {
    saveEdits(organisation, itemAt(id), { edits, by: whoIs(by) });
  };
  const stage = { organisation, itemAt, whoIs, save };
  return { ...fieldActs(stage), ...linkActs(stage), ...lifeActs(stage) };
}

type FieldActs = Pick<
  HumanActs,
  'edit' | 'setState' | 'addTag' | 'removeTag' | 'comment' | 'moveArea' | 'moveIteration'
>;

function fieldActs({ organisation, itemAt, save }: Stage): FieldActs {
  const tagsOf = (id: number): readonly string[] => splitTags(textOf(latest(itemAt(id)).fields, 'System.Tags'));
  const pathIn = (id: number, kind: 'areas' | 'iterations', path: string): string => {
    const project = projectOfItem(organisation, itemAt(id));
    return project[kind].add(path === '' ? project.name : `${project.name}\\${path}`).path;
  };
  return {
    edit: (id, fields, by) => save(id, editsFrom(organisation, fields), by),
    setState: (id, state, by) => save(id, { 'System.State': state }, by),
    addTag: (id, tag, by) => save(id, { 'System.Tags': [...tagsOf(id), tag].join('; ') }, by),
    removeTag(id, tag, by) {
      const rest = tagsOf(id).filter(other => other.toLowerCase() !== tag.toLowerCase());
      save(id, { 'System.Tags': rest.join('; ') }, by);
    },
    comment: (id, text, by) => save(id, { 'System.History': text }, by),
    moveArea: (id, path, by) => save(id, { 'System.AreaPath': pathIn(id, 'areas', path) }, by),
    moveIteration: (id, path, by) => save(id, { 'System.IterationPath': pathIn(id, 'iterations', path) }, by),
  };
}

function linkActs({ organisation, itemAt, whoIs }: Stage): Pick<HumanActs, 'attach' | 'link' | 'unlink' | 'reparent'> {
  const { items } = organisation;
  const linkOf = (id: number, rel: string, target: number): Link => {
    const link = linkFrom(id, rel, target);
    if (link === null) throw new Error(`There is no link type "${rel}".`);
    return link;
  };
  return {
    attach: (id, file, by) => items.attach(itemAt(id), file, whoIs(by)),
    link: (id, rel, target, by) => void items.link(linkOf(id, rel, target), whoIs(by), true),
    unlink: (id, rel, target, by) => void items.link(linkOf(id, rel, target), whoIs(by), false),
    reparent(id, parent, by) {
      const former = parentOf(itemAt(id));
      if (former !== null) items.link({ type: HIERARCHY, source: former, target: id }, whoIs(by), false);
      if (parent !== null) items.link({ type: HIERARCHY, source: parent, target: id }, whoIs(by), true);
    },
  };
}

type LifeActs = Pick<HumanActs, 'createItem' | 'planIteration' | 'reorder' | 'remove' | 'restore' | 'destroy'>;

function lifeActs({ organisation, itemAt, whoIs }: Stage): LifeActs {
  return {
    createItem: act => create(organisation, act, whoIs(act.by)),
    planIteration(project, path, dates) {
      const { name, iterations, teams } = projectAt(organisation, project);
      teams[0]?.iterations.push(iterations.add(`${name}\\${path}`, dates));
    },
    reorder: (id, between, by) => drag(organisation, itemAt(id), { ...between, by: whoIs(by) }),
    remove: (id, by) => setDeleted(organisation, itemAt(id), { deleted: true, by: whoIs(by) }),
    restore: (id, by) => setDeleted(organisation, itemAt(id), { deleted: false, by: whoIs(by) }),
    destroy: id => organisation.items.destroy(itemAt(id)),
  };
}

function editsFrom(organisation: Organisation, fields: Readonly<Record<string, unknown>>): FieldEdits {
  const edits: Record<string, FieldValue | null> = {};
  for (const [name, raw] of Object.entries(fields)) {
    const field = knownField(organisation, name);
    edits[field.ref] = fieldValue(field, raw);
  }
  return edits;
}

function create(organisation: Organisation, act: NewItemAct, by: Identity): number {
  const project = projectAt(organisation, act.project);
  const edits = { ...editsFrom(organisation, act.fields ?? {}), 'System.Title': act.title };
  const item = createItem(organisation, { project, type: act.type, edits, by });
  if (act.parent !== undefined)
    organisation.items.link({ type: HIERARCHY, source: act.parent, target: item.id }, by, true);
  return item.id;
}

function drag(
  organisation: Organisation,
  item: Item,
  { after, before, by }: Between & { readonly by: Identity },
): void {
  const project = projectOfItem(organisation, item);
  const team = defaultTeam(project);
  const level = project.process.levels.find(candidate =>
    typesOn(candidate, project.process, team.bugsBehavior).includes(typeOf(item)),
  );
  if (level === undefined) throw new Error(`Work item ${item.id} is on no backlog level.`);
  reorder(
    organisation,
    { project, team, level },
    {
      ids: [item.id],
      parentId: parentOf(item) ?? 0,
      previousId: after ?? 0,
      nextId: before ?? 0,
      by,
    },
  );
}
