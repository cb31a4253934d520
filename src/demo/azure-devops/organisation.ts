import type { Clock } from '../../clock.ts';
import { createFieldCatalogue, type FieldCatalogue } from './field-catalogue.ts';
import { guidOf, type Identity } from './identity.ts';
import { createInstants, type Instants } from './instants.ts';
import { createItemStore, type ItemStore } from './item-store.ts';
import { latest, projectOf, type Item } from './item.ts';
import { createProject, type Project, type Team } from './project.ts';
import type { ProjectSpec, SeedItem } from './records.ts';
import { createTagSpellings, splitTags, type TagSpellings } from './tags.ts';
import { noSuchItem, VendorError } from './vendor-error.ts';

export interface Limits {
  /** Rows a query may match without `$top`. */
  wiql: number;
  /** Revisions of one item that REST may write. */
  revisions: number;
  /** Entries per page of the reporting feeds. */
  feedPage: number;
}

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly projects: readonly Project[];
  readonly items: ItemStore;
  readonly fields: FieldCatalogue;
  readonly instants: Instants;
  readonly tags: TagSpellings;
  /** Whose token the connector uses. */
  owner: Identity;
  readonly limits: Limits;
  /** Ids that the token's owner may not read. */
  readonly hidden: Set<number>;
}

export interface OrganisationSpec {
  readonly name: string;
  readonly clock: Clock;
  readonly owner: Identity;
  readonly projects: readonly ProjectSpec[];
  readonly items: readonly SeedItem[];
  readonly feedPageSize: number;
}

/** Builds the organisation with its items; areas and iterations that items name are made where missing. */
export function createOrganisation(spec: OrganisationSpec): Organisation {
  const instants = createInstants(spec.clock);
  let nodes = 0;
  const projects = spec.projects.map(project => createProject(project, () => (nodes += 1)));
  const items = createItemStore(instants);
  const tags = createTagSpellings();
  const byName = new Map(projects.map(project => [project.name, project]));
  for (const seed of spec.items) growTrees(seed, byName.get(seed.project));
  items.load(spec.items);
  for (const item of items.all()) {
    const text = latest(item).fields['System.Tags'];
    if (typeof text === 'string') for (const tag of splitTags(text)) tags.spell(tag);
  }
  return {
    id: guidOf(`organisation ${spec.name}`),
    name: spec.name,
    projects,
    items,
    fields: createFieldCatalogue(),
    instants,
    tags,
    owner: spec.owner,
    limits: { wiql: 20_000, revisions: 10_000, feedPage: spec.feedPageSize },
    hidden: new Set(),
  };
}

function growTrees(seed: SeedItem, project: Project | undefined): void {
  if (project === undefined)
    throw new Error(`Item ${seed.id} is in "${seed.project}", which is not among the projects.`);
  for (const { fields } of seed.revisions) {
    const [area, iteration] = [fields['System.AreaPath'], fields['System.IterationPath']];
    if (typeof area === 'string') project.areas.add(area);
    if (typeof iteration === 'string') project.iterations.add(iteration);
  }
}

/** By id or name, without regard to case; TF200016 as recorded when there is none. */
export function projectAt(organisation: Organisation, idOrName: string): Project {
  const wanted = idOrName.toLowerCase();
  const found = organisation.projects.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new VendorError(
    404,
    'ProjectDoesNotExistWithNameException',
    `TF200016: The following project does not exist: ${idOrName}. Verify that the name of the project is correct and ` +
      'that the project exists on the specified Azure DevOps Server.',
  );
}

export function teamAt(project: Project, idOrName: string): Team {
  const wanted = idOrName.toLowerCase();
  const found = project.teams.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new VendorError(
    404,
    'TeamNotFoundException',
    `The team with id '${idOrName}' does not exist, or you do not have permissions to access it.`,
  );
}

/** The default team, used where a route leaves the team out. */
export function defaultTeam(project: Project): Team {
  const [team] = project.teams;
  if (team === undefined) throw new Error(`The project ${project.name} has no team.`);
  return team;
}

/** The item if it exists, is not deleted and may be read; TF401232 otherwise. */
export function readableItem(organisation: Organisation, id: number): Item {
  const item = organisation.items.get(id);
  if (item === null || !isReadable(organisation, item)) throw noSuchItem(id);
  return item;
}

export function isReadable(organisation: Organisation, item: Item): boolean {
  return !organisation.hidden.has(item.id) && !latest(item).deleted;
}

/** The project an item is in now. */
export function projectOfItem(organisation: Organisation, item: Item): Project {
  return projectAt(organisation, projectOf(item));
}
