import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRound } from '../../src/cli/command-round.ts';
import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import { believableJiraBacklog, startJiraSite } from '../../src/demo/jira/index.ts';
import { openSiteWorld, type SiteWorld } from '../support/site-world.ts';

const start = new Date('2026-03-30T10:00:00Z');
const clock = { now: start };
const time = { now: () => clock.now };
const hour = 3_600_000;

interface Site {
  readonly connection: object;
  readonly backlog: object;
  /** A person makes the item urgent. */
  edit(key: string): void;
  close(): Promise<void>;
}

async function jira(items: number): Promise<Site> {
  const site = await startJiraSite({ clock: time, records: believableJiraBacklog({ items, seed: 5, now: start }) });
  const auth = { email: site.email, apiToken: site.apiToken };
  return {
    connection: { tracker: 'jira', url: site.url, auth },
    backlog: { board: site.boards[0]?.id, mode: 'apply' },
    edit: key => site.editIssue(key, { priority: { name: 'Highest' }, duedate: '2026-04-01' }, 'Ada Park'),
    close: () => site.close(),
  };
}

async function azureDevOps(items: number): Promise<Site> {
  const records = believableAzureDevOpsBacklog({ items, seed: 5, now: start });
  const site = await startAzureDevOpsSite({ clock: time, records });
  const fields = {
    'Microsoft.VSTS.Common.Priority': 1,
    'Microsoft.VSTS.Scheduling.DueDate': '2026-04-01T00:00:00Z',
  };
  return {
    connection: { tracker: 'azure-devops', url: site.url, auth: { pat: site.pat } },
    backlog: { project: site.projects[0]?.name, mode: 'apply' },
    edit: key => void site.edit(Number(key), fields),
    close: () => site.close(),
  };
}

const makers = { 'jira-60': jira, 'jira-300': jira, 'ado-60': azureDevOps, 'ado-300': azureDevOps };
const names = Object.keys(makers) as (keyof typeof makers)[];
const sites = new Map<string, Site>();
let world: SiteWorld;

beforeAll(async () => {
  for (const name of names) sites.set(name, await makers[name](Number(name.split('-')[1])));
  const connections = Object.fromEntries([...sites].map(([name, site]) => [name, site.connection]));
  const backlogs = Object.fromEntries([...sites].map(([name, site]) => [name, { connection: name, ...site.backlog }]));
  world = await openSiteWorld(JSON.stringify({ connections, backlogs }), clock);
});

afterAll(async () => {
  await world.close();
  for (const site of sites.values()) await site.close();
});

/** Blockers make an item move with others, and each pin it passes has to be put back: a call more each. */
function movesAlone({ study }: CommandRound): string {
  if (study === null) throw new Error('the round read nothing');
  const { order, holds, blockedBy } = study.desired;
  const pinned = [...holds.keys()].map(ref => order.indexOf(ref));
  const ref = order.slice(0, Math.min(order.length, ...pinned)).findLast(one => !blockedBy.has(one));
  return (ref === undefined ? undefined : study.pulled.states.get(ref)?.item.key) ?? '';
}

describe('cli/call-counts', () => {
  it.each(names)('a quiet round and one changed item cost few calls (%s)', async name => {
    const first = await world.round({}, name);
    clock.now = new Date(clock.now.getTime() + hour);
    const quiet = await world.round({}, name);
    const key = movesAlone(quiet);
    clock.now = new Date(clock.now.getTime() + hour);
    sites.get(name)?.edit(key);
    clock.now = new Date(clock.now.getTime() + hour);
    const changed = await world.round({}, name);

    expect(first.report.status).toBe('applied');
    expect(quiet.report).toMatchObject({ status: 'nothing-to-do', calls: { write: 0 } });
    expect(quiet.report.calls.read).toBeLessThanOrEqual(5);
    expect(changed.report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(changed.report.changes).toContainEqual(expect.objectContaining({ kind: 'move', key }));
    expect(changed.report.calls.read + changed.report.calls.write).toBeLessThanOrEqual(6);
  });
});
