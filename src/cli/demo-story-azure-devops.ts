import type { Clock } from '../clock.ts';
import { personNamed } from '../demo/azure-devops/identity.ts';
import type { FieldMap, SeedItem } from '../demo/azure-devops/records.ts';
import { startAzureDevOpsSite } from '../demo/azure-devops/site.ts';
import { storyItems, type StoryItem } from './demo-story-items.ts';
import { author, somebody, type StorySite } from './demo-story-site.ts';

const dayMs = 86_400_000;
const project = 'Shop';
const effort = 'Microsoft.VSTS.Scheduling.StoryPoints';

/** The story's backlog in an emulated Azure DevOps organisation. */
export async function startStoryAzureDevOps(clock: Clock): Promise<StorySite> {
  const start = clock.now().getTime();
  const items = storyItems.map((item, place) => workItemOf(item, place, start));
  const records = { projects: [{ name: project, process: 'Agile' as const }], items };
  const site = await startAzureDevOpsSite({ clock, records });
  return {
    tracker: 'azure-devops',
    title: 'Azure DevOps',
    connectionYaml: { tracker: 'azure-devops', url: site.url, auth: { pat: site.pat } },
    scopeYaml: { project, level: 'Stories' },
    keyOf: String,
    nameOf: number => `#${number}`,
    order: () => site.order(project).map(String),
    titleOf: key => site.item(Number(key)).title,
    labels: key => site.item(Number(key)).tags,
    dragToTop(number) {
      const first = site.order(project)[0];
      site.reorder(number, first === undefined ? {} : { before: first }, somebody);
    },
    removeLabel: (number, label) => site.removeTag(number, label, somebody),
    estimate: (number, value) => site.edit(number, { [effort]: value }, somebody),
    close: () => site.close(),
  };
}

function workItemOf(item: StoryItem, place: number, start: number): SeedItem {
  const fields: FieldMap = {
    'System.TeamProject': project,
    'System.AreaPath': project,
    'System.IterationPath': project,
    'System.WorkItemType': 'User Story',
    'System.State': 'New',
    'System.Reason': 'New',
    'System.Title': item.title,
    'System.Description': `<div>${item.text}</div>`,
    'Microsoft.VSTS.Common.Priority': 1 + ['highest', 'high', 'medium', 'low'].indexOf(item.priority),
    'Microsoft.VSTS.Common.StackRank': 1_000_000_000 + place * 1_000_000,
    ...(item.points === null ? {} : { [effort]: item.points }),
  };
  const at = new Date(start - item.idleDays * dayMs);
  return { id: item.number, project, revisions: [{ at, by: personNamed(author), fields }] };
}
