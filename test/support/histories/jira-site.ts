import { createJiraConnection } from '../../../src/connectors/jira/index.ts';
import type { Exchange } from '../../../src/demo/http/message.ts';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../../src/demo/jira/index.ts';
import { itemRef, type ItemRef } from '../../../src/item.ts';
import { silentLog } from '../../../src/log.ts';
import { accountNames, botName, meant, memory, personName, type HistorySite, type SiteWish } from './site.ts';
import type { Act } from './steps.ts';

const statuses = { todo: 'To Do', doing: 'In Progress', done: 'Done' };
const isWrite = ({ request: { method, path } }: Exchange): boolean =>
  method === 'PUT' || (method === 'POST' && path.endsWith('/bulk/issues/fields'));

/** A Jira site with a shop's backlog; issues may go to another project and come back. */
export async function startJiraHistory({ items, seed, clock }: SiteWish): Promise<HistorySite> {
  let writes = 0;
  const site = await startJiraSite({
    clock,
    records: believableJiraBacklog({ items, seed, now: clock.now() }),
    boards: [{ projectKey: 'SHOP' }],
    projects: [{ key: 'ELSE', name: 'Elsewhere' }],
    numberFields: ['Winnow score'],
    account: { displayName: accountNames[0] },
    onExchange: exchange => void (isWrite(exchange) && writes++),
  });
  site.addPerson({ displayName: botName, accountType: 'app' });
  const board = site.boards[0]?.id ?? 0;
  const scoreField = site.fieldId('Winnow score');
  const deps = { log: silentLog, chance: () => 0 };
  const auth = { kind: 'basic' as const, email: site.email, apiToken: site.apiToken };
  let account = 0;
  const actor = createActor(site, board);
  return {
    ...{ tracker: 'jira', url: site.url, faults: site.faults, blockers: 'Blocks', scoreField: 'Winnow score' },
    scope: { kind: 'jira-board', board },
    connect(which, time) {
      account = which;
      site.switches.giveToken(accountNames[which]);
      const settings = { tracker: 'jira' as const, url: site.url, ignoreActors: [], auth, webhook: null };
      return createJiraConnection({ ...settings, name: `acme-${which}` }, { ...deps, ...time, metadata: memory() });
    },
    act: act =>
      actor(act, act.by === 'owner' ? accountNames[account as 0 | 1] : act.by === 'bot' ? botName : personName),
    look: () =>
      site.order(board).map(key => {
        const { labels, summary, description, status, type, priority, storyPoints, comments, fields } = site.issue(key);
        return {
          key,
          labels: [...labels].sort(),
          score: fields[scoreField] ?? null,
          rest: JSON.stringify([summary, description, status, type, priority, storyPoints, comments]),
        };
      }),
    writes: () => writes,
    close: () => site.close(),
  };
}

function createActor(site: JiraSite, board: number): (act: Act, by: string) => ItemRef | null {
  // By id: keys change when an issue moves.
  const all = site.order(board).map(key => site.issue(key).id);
  // A site knows the priorities that its records name.
  const levels = [...new Set(all.map(id => site.issue(id).priority ?? ''))].sort();
  const sprint = site.createSprint({ name: 'Next', state: 'future', boardId: board });
  return (act, by) => {
    const id = meant(all, act.item);
    if (act.do === 'create') {
      const made = site.issue(site.createIssue({ projectKey: 'SHOP', summary: `Wish ${all.length}` }, by));
      all.push(made.id);
      return itemRef('jira', made.id);
    }
    if (!site.has(id)) return null;
    perform(site, board, { act, by, id, sprint, levels, others: all });
    return itemRef('jira', id);
  };
}

interface Doing {
  readonly act: Act;
  readonly by: string;
  readonly id: string;
  readonly sprint: number;
  readonly levels: readonly string[];
  readonly others: readonly string[];
}

function perform(site: JiraSite, board: number, { act, by, id, sprint, levels, others }: Doing): void {
  const { key, labels, summary } = site.issue(id);
  const own = labels.find(label => label.startsWith('winnow-'));
  switch (act.do) {
    case 'value':
      return site.editIssue(key, { priority: { name: meant(levels, act.level) }, 'Story Points': act.effort }, by);
    case 'retitle':
      return site.editIssue(key, { summary: `${summary.slice(0, 80)}!` }, by);
    case 'comment':
      return site.comment(key, 'What about this?', by);
    case 'delete':
      return site.deleteIssue(key);
    case 'leave':
      return void (key.startsWith('SHOP') && site.moveProject(key, 'ELSE', by));
    case 'return':
      return void (key.startsWith('ELSE') && site.moveProject(key, 'SHOP', by));
    case 'drag':
      return dragTo(site, site.order(board), { key, to: act.to, by });
    case 'unlabel':
      return own === undefined ? undefined : site.removeLabel(key, own, by);
    case 'label':
      return labels.includes(act.label) ? undefined : site.addLabel(key, act.label, by);
    case 'sprint':
      return site.setSprint(key, act.into ? sprint : null, by);
    case 'status':
      return site.transition(key, statuses[act.status], by);
    case 'block': {
      const other = meant(others, act.other);
      return other === id || !site.has(other) ? undefined : site.link(site.issue(other).key, 'Blocks', key, by);
    }
    case 'create':
    case 'restore':
    case 'reparent':
      return;
    default:
      return act satisfies never;
  }
}

function dragTo(
  site: JiraSite,
  order: readonly string[],
  { key, to, by }: { key: string; to: number; by: string },
): void {
  const others = order.filter(other => other !== key);
  const place = Math.min(to, others.length);
  const [above, below] = [others[place - 1], others[place]];
  if (order.indexOf(key) === place) return;
  if (below !== undefined) site.rank(key, { before: below }, by);
  else if (above !== undefined) site.rank(key, { after: above }, by);
}
