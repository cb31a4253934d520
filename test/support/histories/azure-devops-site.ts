import { createAzureDevOpsConnection } from '../../../src/connectors/azure-devops/index.ts';
import {
  believableAzureDevOpsBacklog,
  startAzureDevOpsSite,
  type AzureDevOpsSite,
} from '../../../src/demo/azure-devops/index.ts';
import { buildServiceNamed, personNamed, type Identity } from '../../../src/demo/azure-devops/identity.ts';
import { itemRef, type ItemRef } from '../../../src/item.ts';
import { silentLog } from '../../../src/log.ts';
import { accountNames, botName, meant, memory, personName, type HistorySite, type SiteWish } from './site.ts';
import type { Act } from './steps.ts';

const project = 'Payments';
const scoreField = 'Microsoft.VSTS.Scheduling.OriginalEstimate';
const [priorityField, effortField, orderField] = [
  'Microsoft.VSTS.Common.Priority',
  'Microsoft.VSTS.Scheduling.StoryPoints',
  'Microsoft.VSTS.Common.StackRank',
];
const states = { todo: 'New', doing: 'Active', done: 'Closed' };
const accounts = accountNames.map(name => personNamed(name));
const robot = buildServiceNamed(botName);

/** An Azure DevOps organisation with a payments team's backlog. */
export async function startAzureDevOpsHistory({ items, seed, clock }: SiteWish): Promise<HistorySite> {
  let writes = 0;
  const site = await startAzureDevOpsSite({
    clock,
    records: believableAzureDevOpsBacklog({ items, seed, now: clock.now() }),
    owner: accounts[0] as Identity,
    onExchange: ({ request }) => void (request.method === 'PATCH' && writes++),
  });
  const deps = { log: silentLog, chance: () => 0 };
  let account = 0;
  const actor = createActor(site);
  const whoIs = ({ by }: Act): Identity =>
    by === 'owner' ? (accounts[account] as Identity) : by === 'bot' ? robot : personNamed(personName);
  return {
    ...{ tracker: 'azure-devops', url: site.url, faults: site.faults, blockers: 'Dependency-Forward', scoreField },
    scope: { kind: 'azure-devops', project, team: null, level: null },
    connect(which, time) {
      account = which;
      site.giveToken(accounts[which] as Identity);
      const auth = { kind: 'pat' as const, pat: site.pat };
      const settings = { tracker: 'azure-devops' as const, url: site.url, ignoreActors: [], auth, webhook: null };
      const metadata = memory();
      return createAzureDevOpsConnection({ ...settings, name: `acme-${which}` }, { ...deps, ...time, metadata });
    },
    act: act => actor(act, whoIs(act)),
    look: () =>
      site.order(project).map(id => {
        const { tags, title, state, type, effort, parent, fields } = site.item(id);
        return {
          key: String(id),
          labels: [...tags].sort(),
          score: fields[scoreField] ?? null,
          rest: JSON.stringify([title, state, type, effort, parent, fields['System.Description']]),
        };
      }),
    writes: () => writes,
    close: () => site.close(),
  };
}

function createActor(site: AzureDevOpsSite): (act: Act, by: Identity) => ItemRef | null {
  const all = [...site.order(project)];
  const features = site.ids(project).filter(id => site.item(id).type === 'Feature');
  return (act, by) => {
    if (act.do === 'create') {
      const id = site.createItem({ project, type: 'User Story', title: `Wish ${all.length}`, by });
      all.push(id);
      return itemRef('azure-devops', id);
    }
    const id = meant(all, act.item);
    if (act.do === 'restore') {
      if (site.item(id).deleted) site.restore(id, by);
      return itemRef('azure-devops', id);
    }
    if (site.item(id).deleted) return null;
    perform(site, { act, by, id, others: all, features });
    return itemRef('azure-devops', id);
  };
}

interface Doing {
  readonly act: Act;
  readonly by: Identity;
  readonly id: number;
  readonly others: readonly number[];
  readonly features: readonly number[];
}

function perform(site: AzureDevOpsSite, { act, by, id, others, features }: Doing): void {
  const { tags, title } = site.item(id);
  const own = tags.find(tag => tag.startsWith('winnow-'));
  switch (act.do) {
    case 'value':
      return site.edit(id, { [priorityField]: act.level + 1, [effortField]: act.effort }, by);
    case 'retitle':
      return site.edit(id, { 'System.Title': `${title.slice(0, 80)}!` }, by);
    case 'comment':
      return site.comment(id, 'What about this?', by);
    case 'delete':
      return site.remove(id, by);
    case 'leave':
      // The default team has all areas of the project, so an item leaves by its state; bugs know no removed one.
      return site.setState(id, site.item(id).type === 'Bug' ? 'Closed' : 'Removed', by);
    case 'return':
      return site.setState(id, 'New', by);
    case 'drag':
      return dragTo(site, { id, to: act.to, by, beside: act.beside });
    case 'unlabel':
      return own === undefined ? undefined : site.removeTag(id, own, by);
    case 'label':
      return tags.includes(act.label) ? undefined : site.addTag(id, act.label, by);
    case 'sprint':
      return site.moveIteration(id, act.into ? 'Sprint 41' : '', by);
    case 'status':
      return site.setState(id, states[act.status], by);
    case 'block': {
      const other = meant(others, act.other);
      return other === id ? undefined : site.link(other, 'System.LinkTypes.Dependency-Forward', id, by);
    }
    case 'reparent':
      return site.reparent(id, meant([null, ...features], act.other), by);
    case 'create':
    case 'restore':
      return;
    default:
      return act satisfies never;
  }
}

/** The list itself lets people drag among children of one parent only; an order value can be written by any tool. */
function dragTo(
  site: AzureDevOpsSite,
  { id, to, by, beside }: { id: number; to: number; by: Identity; beside: boolean },
): void {
  const order = site.order(project);
  const others = order.filter(other => other !== id).map(other => site.item(other));
  const place = Math.min(to, others.length);
  const [above, below] = [others[place - 1], others[place]];
  if (order.indexOf(id) === place) return;
  const { parent } = site.item(id);
  // Off the list there is no place to drag it to; a tool may still write a value.
  const near = [above, below].filter(other => other !== undefined && other.parent === parent && other.order !== null);
  if (beside && near.length > 0 && order.includes(id)) {
    const after = near.find(other => other === above)?.id;
    const before = near.find(other => other === below)?.id;
    site.reorder(id, { ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }) }, by);
    return;
  }
  const [low, high] = [above?.order ?? null, below?.order ?? null];
  const middle = low !== null && high !== null ? (low + high) / 2 : low !== null ? low + 1e6 : (high ?? 2e9) - 1e6;
  site.edit(id, { [orderField]: middle }, by);
}
