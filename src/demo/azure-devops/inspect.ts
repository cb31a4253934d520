import { inOrder, itemsOn } from './backlog.ts';
import { latest, parentOf, projectOf, textOf, typeOf, type Item } from './item.ts';
import { defaultTeam, projectAt, projectOfItem, teamAt, type Organisation } from './organisation.ts';
import { categoryOf, requirementLevel } from './process.ts';
import type { FieldValue } from './records.ts';
import { splitTags } from './tags.ts';

/** An item as a test or a demo looks at it. */
export interface ItemView {
  readonly id: number;
  readonly rev: number;
  readonly project: string;
  readonly type: string;
  readonly title: string;
  readonly state: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly order: number | null;
  readonly effort: number | null;
  readonly parent: number | null;
  readonly deleted: boolean;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export interface Inspection {
  item(id: number): ItemView;
  /** Ids of the requirement level in their order; the default team's backlog unless another is named. */
  order(project: string, team?: string): readonly number[];
  /** Oldest first. */
  revisions(id: number): readonly {
    readonly rev: number;
    readonly at: Date;
    readonly by: string;
    readonly fields: Readonly<Record<string, FieldValue>>;
    readonly comment: string | null;
  }[];
  /** All ids of a project, by order field. */
  ids(project: string): readonly number[];
}

export function createInspection(organisation: Organisation): Inspection {
  const itemAt = (id: number): Item => {
    const item = organisation.items.get(id);
    if (item === null) throw new Error(`There is no work item ${id}.`);
    return item;
  };
  return {
    item: id => viewOf(organisation, itemAt(id)),
    order(projectName, teamName) {
      const project = projectAt(organisation, projectName);
      const team = teamName === undefined ? defaultTeam(project) : teamAt(project, teamName);
      const level = requirementLevel(project.process);
      return itemsOn(organisation, { project, team, level }).map(({ id }) => id);
    },
    revisions: id =>
      itemAt(id).revisions.map(({ rev, at, by, fields, comment }) => ({
        rev,
        at: new Date(at),
        by: by.displayName,
        fields,
        comment,
      })),
    ids(projectName) {
      const project = projectAt(organisation, projectName);
      const own = [...organisation.items.all()].filter(item => projectOf(item) === project.name);
      return inOrder(own, project.process.orderField).map(({ id }) => id);
    },
  };
}

function viewOf(organisation: Organisation, item: Item): ItemView {
  const { rev, fields, deleted } = latest(item);
  const { process } = projectOfItem(organisation, item);
  const number = (ref: string): number | null => (typeof fields[ref] === 'number' ? fields[ref] : null);
  const [type, state] = [typeOf(item), textOf(fields, 'System.State')];
  return {
    id: item.id,
    rev,
    project: projectOf(item),
    type,
    title: textOf(fields, 'System.Title'),
    state,
    category: categoryOf(process, type, state),
    tags: splitTags(textOf(fields, 'System.Tags')),
    order: number(process.orderField),
    effort: number(process.effortField),
    parent: parentOf(item),
    deleted,
    fields,
  };
}
