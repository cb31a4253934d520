import { undoRound } from '../../src/cli/undo-round.ts';
import type { CommandRound } from '../../src/cli/command-round.ts';
import type { RunOptions } from '../../src/cli/run-rounds.ts';
import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import { buildServiceNamed } from '../../src/demo/azure-devops/identity.ts';
import type { Faults } from '../../src/demo/http/faults.ts';
import { documentOf } from '../../src/demo/jira/adf.ts';
import { believableJiraBacklog, startJiraSite } from '../../src/demo/jira/index.ts';
import type { Tracker } from '../../src/item.ts';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import type { People } from './people.ts';
import { openSiteWorld, type SiteWorld } from './site-world.ts';

export const trackers: readonly Tracker[] = ['jira', 'azure-devops'];
export const start = new Date('2026-03-30T10:00:00Z');

/** What goes wrong with a site until it is healed; edits that break a rule, answers that break off, lists too short. */
export interface Troubles {
  breakRule(key: string, on: boolean): void;
  cutReads(on: boolean): void;
  hideItems(on: boolean): void;
}

/** A backlog on an emulated site, with people, a store and a clock that the test turns. */
export interface Backlog extends People {
  readonly name: string;
  readonly world: SiteWorld;
  readonly troubles: Troubles;
  later(hours: number): void;
  /** Limits hold; the mode is the configured one. */
  round(over?: Partial<RunOptions>): Promise<CommandRound>;
  undo(id: string, dryRun?: boolean): Promise<CommandRound>;
  /** The token stops working, or works again. */
  revoke(on: boolean): void;
  /** Every change is forbidden to the account, or no longer. */
  forbidWrites(on: boolean): void;
  /** Order, own labels and score of the items that are ranked now. */
  picture(): Promise<readonly { key: string; labels: readonly string[]; score: number | null }[]>;
  close(): Promise<void>;
}

/** Where explanations go on a site. */
export interface Explaining {
  readonly tracker: Tracker;
  readonly place: 'property' | 'paragraph' | 'short text' | 'html';
}

/** One for a whole file. */
export function openTestStore(): Promise<Store> {
  return openStore({ dataDir: null, databaseUrl: null, clock: systemClock, log: silentLog });
}

let serial = 0;

/** `more`: further settings of the backlog, as flow YAML; `place`: where explanations go, if anywhere. The store is shared: making a database takes longer than a round. */
export async function openSite(
  tracker: Tracker,
  store: Store,
  more: string,
  place: Explaining['place'] | null = null,
): Promise<Backlog> {
  const name = `backlog-${++serial}`;
  const clock = { now: start };
  const site = tracker === 'jira' ? await openJira(clock, place) : await openAzureDevOps(clock, place);
  const world = await openSiteWorld(site.yaml(name, more), clock, store);
  const { signal } = new AbortController();
  const round = (over: Partial<RunOptions> = {}): Promise<CommandRound> =>
    world.round({ apply: false, liftLimits: false, ...over });
  return {
    ...site.people,
    revoke: site.revoke,
    forbidWrites: site.forbidWrites,
    troubles: site.troubles,
    name,
    world,
    later: hours => void (clock.now = new Date(clock.now.getTime() + hours * 3_600_000)),
    round,
    undo: (id, dryRun = false) => undoRound(world.context, id, { by: 'alice', dryRun, signal }),
    async picture() {
      const { study } = await round({ purpose: 'plan' });
      const ranked = new Set(study?.desired.current.map(ref => study.pulled.states.get(ref)?.item.key));
      const keys = site.people.order().filter(key => ranked.has(key));
      return keys.map(key => ({
        key,
        labels: site.people
          .labels(key)
          .filter(label => label.startsWith('winnow-'))
          .sort(),
        score: site.people.score(key),
      }));
    },
    async close() {
      await world.close();
      await site.close();
    },
  };
}

interface Site {
  readonly people: People;
  readonly troubles: Troubles;
  revoke(on: boolean): void;
  forbidWrites(on: boolean): void;
  yaml(name: string, more: string): string;
  close(): Promise<void>;
}

function forbid(faults: Faults, method: string, on: boolean): void {
  if (on) faults.next({ kind: 'status', status: 403, method, times: Infinity });
  else faults.clear();
}

const somebody = 'Ada Park';

const items = 30;

async function openJira(clock: { now: Date }, place: Explaining['place'] | null): Promise<Site> {
  const records = believableJiraBacklog({ items, seed: 5, now: start });
  const time = { now: () => clock.now };
  const site = await startJiraSite({
    clock: time,
    records,
    numberFields: ['Winnow score'],
    textFields: { 'Winnow says': place === 'paragraph' ? 'paragraph' : 'text' },
    account: { displayName: 'Winnow' },
    projects: [{ key: 'OTHER', name: 'Elsewhere' }],
  });
  const board = site.boards.find(({ projectKey }) => projectKey === 'SHOP')?.id ?? 0;
  const field = site.fieldId('Winnow score');
  const says = site.fieldId('Winnow says');
  let sprint: number | null = null;
  const where = place === null ? 'null' : place === 'property' ? 'property' : 'Winnow says';
  const scoreOf = (key: string): number | null => (site.issue(key).fields[field] as number | null | undefined) ?? null;
  return {
    people: {
      order: () => site.order(board),
      labels: key => site.issue(key).labels,
      score: scoreOf,
      dragDown: key => site.rank(key, { after: site.order(board).at(-1) ?? '' }, somebody),
      drag: (key, before, by) => site.rank(key, { before }, by === 'owner' ? 'Winnow' : somebody),
      toSprint(key) {
        sprint ??= site.createSprint({ name: 'Running', state: 'active', boardId: board });
        site.setSprint(key, sprint, somebody);
      },
      dragFromSprint: (key, before) => site.rank(key, { before, sprint: null }, somebody),
      renumber: () => site.rebalance(),
      moveAway: key => void site.moveProject(key, 'OTHER', somebody),
      addLabel: (key, label) => site.addLabel(key, label, somebody),
      addLabelAsOwner: (key, label) => site.addLabel(key, label, 'Winnow'),
      removeLabel: (key, label) => site.removeLabel(key, label, somebody),
      retitle: key => site.editIssue(key, { summary: 'Another title' }, somebody),
      raise: key => site.editIssue(key, { priority: { name: 'Highest' }, duedate: '2026-04-01' }, somebody),
      startWork: key => site.transition(key, 'In Progress', somebody),
      remove: key => site.deleteIssue(key),
      create: summary => site.createIssue({ projectKey: 'SHOP', summary, type: 'Story' }, somebody),
      setScore: (key, score) => site.editIssue(key, { [field]: score }, somebody),
      people: () => site.people().flatMap(({ displayName }) => (displayName === 'Winnow' ? [] : [displayName])),
      explanation(key) {
        const held = place === 'property' ? site.property(key, 'winnow') : site.issue(key).fields[says];
        if (held === undefined || held === null) return null;
        return typeof held === 'string' ? held : JSON.stringify(held);
      },
      explain(key, text) {
        if (place === 'property') site.setProperty(key, 'winnow', { note: text });
        else site.editIssue(key, { [says]: place === 'paragraph' ? documentOf(text) : text }, somebody);
      },
      refuse: (key, on) => (on ? site.switches.lock(key) : site.switches.unlock(key)),
    },
    troubles: {
      breakRule(key, on) {
        const path = `/rest/api/3/issue/${site.issue(key).id}`;
        const body = { errorMessages: [], errors: { customfield_1: 'Severity is required.' } };
        if (on) site.faults.next({ kind: 'status', status: 400, method: 'PUT', path, body, times: Infinity });
        else site.faults.clear();
      },
      cutReads: on => (on ? site.faults.next({ kind: 'truncate', path: '/backlog', times: 9 }) : site.faults.clear()),
      hideItems: on => site.switches.noBrowse('SHOP', on),
    },
    forbidWrites: on => forbid(site.faults, 'PUT', on),
    revoke: on => (on ? site.switches.revokeToken() : site.switches.restoreToken()),
    yaml: (name, more) => `
connections:
  acme-${name}: { tracker: jira, url: "${site.url}", auth: { email: "${site.email}", apiToken: "${site.apiToken}" } }
backlogs:
  ${name}: { board: ${board}, write: { score: Winnow score, explanation: ${where} }, ${more} }
`,
    close: () => site.close(),
  };
}

async function openAzureDevOps(clock: { now: Date }, place: Explaining['place'] | null): Promise<Site> {
  const records = believableAzureDevOpsBacklog({ items, seed: 11, now: start });
  const site = await startAzureDevOpsSite({ clock: { now: () => clock.now }, records });
  const field = 'Microsoft.VSTS.Scheduling.OriginalEstimate';
  const says = `Microsoft.VSTS.Common.${place === 'html' ? 'Resolution' : 'Activity'}`;
  const urgent = { 'Microsoft.VSTS.Common.Priority': 1, 'Microsoft.VSTS.Scheduling.DueDate': '2026-04-01T00:00:00Z' };
  const orderAt = (key: string | undefined): number | null => (key === undefined ? null : site.item(Number(key)).order);
  /** Halfway between two neighbours. */
  const above = (key: string, before: string): Record<string, number> => {
    const others = site.order('Payments').flatMap(id => (id === Number(key) ? [] : [String(id)]));
    const low = orderAt(before) ?? 0;
    const high = orderAt(others[others.indexOf(before) - 1]) ?? low - 2_000;
    return { 'Microsoft.VSTS.Common.StackRank': (low + high) / 2 };
  };
  const scoreOf = (key: string): number | null => {
    const held = site.item(Number(key)).fields[field];
    return typeof held === 'number' ? held : null;
  };
  return {
    people: {
      order: () => site.order('Payments').map(String),
      labels: key => site.item(Number(key)).tags,
      score: scoreOf,
      dragDown(key) {
        const { parent } = site.item(Number(key));
        const beside = site.order('Payments').map(id => site.item(id));
        const last = beside.findLast(item => item.order !== null && item.parent === parent && item.id !== Number(key));
        site.reorder(Number(key), { after: last?.id ?? 0 }, somebody);
      },
      drag: (key, before, by) => site.edit(Number(key), above(key, before), by === 'owner' ? site.owner : somebody),
      toSprint: key => site.moveIteration(Number(key), 'Sprint 40', somebody),
      dragFromSprint: (key, before) =>
        site.edit(Number(key), { ...above(key, before), 'System.IterationPath': 'Payments' }, somebody),
      renumber() {
        // The service spreads numbers out in the background, under an identity of its own.
        const service = buildServiceNamed('Work Item Tracking');
        for (const [place, id] of site.order('Payments').entries())
          site.edit(id, { 'Microsoft.VSTS.Common.StackRank': (place + 1) * 10_000 }, service);
      },
      moveAway: key => site.destroy(Number(key)),
      addLabel: (key, label) => site.addTag(Number(key), label, somebody),
      addLabelAsOwner: (key, label) => site.addTag(Number(key), label, site.owner),
      removeLabel: (key, label) => site.removeTag(Number(key), label, somebody),
      retitle: key => site.edit(Number(key), { 'System.Title': 'Another title' }, somebody),
      raise: key => site.edit(Number(key), urgent, somebody),
      startWork: key => site.setState(Number(key), 'Active', somebody),
      remove: key => site.remove(Number(key), somebody),
      create: title => String(site.createItem({ project: 'Payments', type: 'User Story', title, by: somebody })),
      setScore: (key, score) => site.edit(Number(key), { [field]: score }, somebody),
      people: () => [site.owner.displayName, somebody, 'Mira Lindqvist', 'Priya Nair'],
      explanation: key => (site.item(Number(key)).fields[says] as string | undefined) ?? null,
      explain: (key, text) => site.edit(Number(key), { [says]: text }, somebody),
      refuse: (key, on) => site.switches.breakRuleOn(Number(key), on ? 'Microsoft.VSTS.Common.ValueArea' : null),
    },
    troubles: {
      breakRule: (key, on) => site.switches.breakRuleOn(Number(key), on ? 'Microsoft.VSTS.Common.ValueArea' : null),
      cutReads: on => (on ? site.faults.next({ kind: 'truncate', path: /batch/i, times: 9 }) : site.faults.clear()),
      hideItems: on => site.ids('Payments').forEach((id, i) => i % 2 === 0 && site.hide(id, on)),
    },
    forbidWrites: on => forbid(site.faults, 'PATCH', on),
    revoke: on => (on ? site.switches.revokePat() : site.switches.acceptPat()),
    yaml: (name, more) => `
connections:
  acme-${name}: { tracker: azure-devops, url: "${site.url}", auth: { pat: "${site.pat}" } }
backlogs:
  ${name}: { project: Payments, level: Stories, write: { score: ${field}, explanation: ${place === null ? 'null' : says} }, ${more} }
`,
    close: () => site.close(),
  };
}
