import { AREAS, FEATURES } from './believable-words.ts';
import { storyHistory, type Cast } from './believable-history.ts';
import { createChance, type Chance } from '../chance.ts';
import { buildServiceNamed, personNamed, servicePrincipalNamed } from './identity.ts';
import type { AzureDevOpsRecords, IterationSpec, ProjectSpec, SeedItem, SeedLink } from './records.ts';

export interface BelievableOptions {
  /** Stories and bugs; epics and features come on top. */
  readonly items: number;
  readonly seed: number;
  readonly now: Date;
}

const DAY = 86_400_000;
const PROJECT = 'Payments';

/**
 * The backlog of a payments team (Agile): stories and bugs with efforts, priorities, tags, due dates and discussions, some
 * in the current or a coming sprint, some started, some that only bots have touched for months, dependencies, and a few
 * items nobody has ranked. The same options give the same backlog; nothing happens after `now`.
 */
export function believableAzureDevOpsBacklog({ items, seed, now }: BelievableOptions): AzureDevOpsRecords {
  const chance = createChance(seed);
  const cast: Cast = {
    people: ['Mira Lindqvist', 'Jonas Weber', 'Priya Nair', 'Tomás Oliveira', 'Wei Chen'].map(name =>
      personNamed(name),
    ),
    bots: [servicePrincipalNamed('Release Notes Bot'), buildServiceNamed('Payments Build Service')],
  };
  const sprints = sprintsAround(now);
  const upper = portfolio(chance, cast, now);
  const features = upper.filter(({ revisions }) => revisions[0]?.fields['System.WorkItemType'] === 'Feature');
  const first = upper.length + 1;
  const stories = Array.from({ length: items }, (_, index): SeedItem => {
    const id = first + index;
    const feature = chance.of(features);
    const area = String(feature.revisions[0]?.fields['System.AreaPath'] ?? PROJECT);
    const revisions = storyHistory({ chance, cast, now, area, sprints, index, of: items });
    const links: SeedLink[] = [{ rel: 'System.LinkTypes.Hierarchy-Reverse', target: feature.id }];
    if (index > 3 && chance.hits(0.08)) {
      links.push({ rel: 'System.LinkTypes.Dependency-Reverse', target: first + chance.whole(0, index - 1) });
    }
    return { id, project: PROJECT, revisions, links };
  });
  return { projects: [projectSpec(sprints)], items: [...upper, ...stories] };
}

function projectSpec(sprints: readonly IterationSpec[]): ProjectSpec {
  return {
    name: PROJECT,
    process: 'Agile',
    areas: AREAS,
    iterations: sprints,
    teams: [
      { name: 'Fraud Team', areas: [{ path: 'Fraud', includeChildren: true }], bugsBehavior: 'asTasks' },
      { name: 'New Team', fresh: true },
    ],
  };
}

/** Two past sprints, the current one, two coming ones: a fortnight each, starting on Mondays. */
function sprintsAround(now: Date): readonly IterationSpec[] {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const midnight = Math.floor(now.getTime() / DAY) * DAY;
  const sinceMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  const monday = midnight - sinceMonday * DAY;
  return [-2, -1, 0, 1, 2].map(step => {
    const start = monday + step * 14 * DAY;
    return { path: `Sprint ${40 + step}`, dates: { start: day(start), finish: day(start + 11 * DAY) } };
  });
}

function portfolio(chance: Chance, { people }: Cast, now: Date): readonly SeedItem[] {
  const made: SeedItem[] = [];
  const add = (type: string, title: string, area: string, parent: number | null): number => {
    const id = made.length + 1;
    const at = new Date(now.getTime() - chance.whole(300, 500) * DAY);
    const fields = {
      'System.TeamProject': PROJECT,
      'System.AreaPath': area,
      'System.IterationPath': PROJECT,
      'System.WorkItemType': type,
      'System.State': 'Active',
      'System.Reason': 'Implementation started',
      'System.Title': title,
      'Microsoft.VSTS.Common.Priority': chance.whole(1, 3),
      'Microsoft.VSTS.Common.BusinessValue': chance.whole(2, 10) * 10,
      'Microsoft.VSTS.Common.StackRank': 1_000_000_000 + id * 1_000_000,
    };
    const links = parent === null ? [] : [{ rel: 'System.LinkTypes.Hierarchy-Reverse', target: parent }];
    made.push({ id, project: PROJECT, revisions: [{ at, by: chance.of(people), fields }], links });
    return id;
  };
  for (const area of AREAS) {
    const path = `${PROJECT}\\${area}`;
    const epic = add('Epic', `${area} that scales`, path, null);
    for (const title of FEATURES[area]) add('Feature', title, path, epic);
  }
  return made;
}
