import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainCommand } from '../../src/cli/commands/explain.ts';
import type { Explanation } from '../../src/cli/explanation.ts';
import { createCapturedVoice } from '../../src/cli/terminal.ts';
import { startAzureDevOpsSite, type AzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import { ConfigError, NotFoundError } from '../../src/errors.ts';
import { openSiteWorld, type SiteWorld } from '../support/site-world.ts';

const clock = { now: new Date('2026-03-30T10:00:00Z') };
const sites = new Map<string, AzureDevOpsSite>();
/** Of each site: a story that blocks another, and one that nothing ties. */
const ids = new Map<string, readonly number[]>();
let world: SiteWorld;

async function aSite(name: string, before: number): Promise<void> {
  const projects = [{ name: 'Shop', process: 'Agile' }] as const;
  const site = await startAzureDevOpsSite({ clock: { now: () => clock.now }, records: { projects, items: [] } });
  const story = (title: string): number => site.createItem({ project: 'Shop', type: 'User Story', title });
  for (let i = 0; i < before; i++) site.destroy(story('of another time'));
  const [blocked = 0, blocker = 0, other = 0] = ['blocked', 'blocker', 'other'].map(story);
  site.link(blocked, 'System.LinkTypes.Dependency-Reverse', blocker);
  sites.set(name, site);
  ids.set(name, [blocked, blocker, other]);
}

const site = (name: string): AzureDevOpsSite => sites.get(name) as AzureDevOpsSite;

async function explained(key: string): Promise<Explanation> {
  const { voice, said } = createCapturedVoice({ coloured: false, width: 100 });
  const { signal } = new AbortController();
  expect(await explainCommand(world.context, voice, key, { json: true, signal })).toBe(0);
  return JSON.parse(said().out) as Explanation;
}

beforeAll(async () => {
  await aSite('one', 0);
  await aSite('two', 2);
  const connections = [...sites].map(
    ([name, { url, pat }]) => `  ${name}: { tracker: azure-devops, url: "${url}", auth: { pat: "${pat}" } }\n`,
  );
  const backlogs = [...sites.keys()].map(
    name => `  at-${name}: { connection: ${name}, project: Shop, level: Stories }\n`,
  );
  world = await openSiteWorld(`connections:\n${connections.join('')}backlogs:\n${backlogs.join('')}`, clock);
  for (const name of sites.keys()) await world.round({ apply: false }, `at-${name}`);
});
afterAll(async () => {
  await world.close();
  for (const one of sites.values()) await one.close();
});

describe('cli/commands/explain', () => {
  it('tells what an item blocks, and what blocks it', async () => {
    const [blocked = 0, blocker = 0] = ids.get('one') ?? [];

    expect(await explained(String(blocker))).toMatchObject({ backlog: 'at-one', blocks: [String(blocked)] });
    expect(await explained(`azure-devops:${blocked}`)).toMatchObject({ blockedByKeys: [String(blocker)], blocks: [] });
  });

  it('a number that two sites know is asked back for, and found by its connection', async () => {
    const [, , other = 0] = ids.get('one') ?? [];
    expect(ids.get('two')).toContain(other);

    await expect(explained(String(other))).rejects.toThrow(ConfigError);
    await expect(explained(String(other))).rejects.toThrow(`Write one:${other} or two:${other}.`);
    expect(await explained(`one:${other}`)).toMatchObject({ backlog: 'at-one', title: 'other' });
    expect(await explained(`two:${other}`)).toMatchObject({ backlog: 'at-two', title: 'blocked' });
  });

  it('an item that has left is told with where it was, an unknown one without', async () => {
    const [, , other = 0] = ids.get('two') ?? [];
    clock.now = new Date('2026-03-30T12:00:00Z');
    site('two').setState(other, 'Closed');

    await expect(explained(String(other))).rejects.toThrow(NotFoundError);
    await expect(explained(String(other))).rejects.toThrow(/It was in at-two at 2026-03-30T10:00:0\d\.\d{3}Z\./);
    await expect(explained('4711')).rejects.toThrow('4711 is in none of these backlogs: at-one, at-two.');
  });
});
