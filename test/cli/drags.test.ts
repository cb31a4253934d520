import { dayOf, startOfDay } from '../../src/calendar.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainItem } from '../../src/cli/explain-item.ts';
import type { Explanation } from '../../src/cli/explanation.ts';
import type { CommandRound } from '../../src/cli/command-round.ts';
import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import { believableJiraBacklog, startJiraSite } from '../../src/demo/jira/index.ts';
import type { ItemRef } from '../../src/item.ts';
import { openSiteWorld, type SiteWorld } from '../support/site-world.ts';

const start = new Date('2026-03-30T10:00:00Z');
const day = 86_400_000;

/** What the story needs of either emulated site. */
interface Stage {
  readonly world: SiteWorld;
  /** Somebody puts one item directly before another. */
  drag(key: string, before: string, by: 'person' | 'owner'): Promise<void>;
  close(): Promise<void>;
}

async function azureDevOps(clock: { now: Date }): Promise<Stage> {
  const records = believableAzureDevOpsBacklog({ items: 40, seed: 11, now: start });
  const site = await startAzureDevOpsSite({ clock: { now: () => clock.now }, records });
  const world = await openSiteWorld(
    `connections:\n  acme: { tracker: azure-devops, url: "${site.url}", auth: { pat: "${site.pat}" } }\n` +
      'backlogs:\n  team: { project: Payments, level: Stories, mode: apply }\n',
    clock,
  );
  return {
    world,
    // As a drag over a backlog without parents: the order number between two neighbours.
    async drag(key, before, by) {
      const { meta, items } = (await world.store.state.load('team')) ?? { meta: { order: [] }, items: new Map() };
      const orders = meta.order.map(ref => Number(items.get(ref)?.item.order));
      const at = meta.order.findIndex(ref => items.get(ref)?.item.key === before);
      const order = ((orders[at - 1] ?? 0) + (orders[at] ?? 0)) / 2;
      const who = by === 'owner' ? site.owner : 'Grace Hill';
      site.edit(Number(key), { 'Microsoft.VSTS.Common.StackRank': order }, who);
    },
    async close() {
      await world.close();
      await site.close();
    },
  };
}

async function jira(clock: { now: Date }): Promise<Stage> {
  const records = believableJiraBacklog({ items: 40, seed: 5, now: start });
  const owner = { displayName: 'Olga Owner', accountId: 'u-olga' };
  const site = await startJiraSite({ clock: { now: () => clock.now }, records, account: owner });
  const world = await openSiteWorld(
    `connections:\n  acme: { tracker: jira, url: "${site.url}", auth: { email: "${site.email}", apiToken: "${site.apiToken}" } }\n` +
      `backlogs:\n  team: { board: ${site.boards[0]?.id}, mode: apply }\n`,
    clock,
  );
  const person = site.people().find(one => one.displayName !== owner.displayName)?.displayName ?? '';
  return {
    world,
    drag: async (key, before, by) => site.rank(key, { before }, by === 'owner' ? owner.displayName : person),
    async close() {
      await world.close();
      await site.close();
    },
  };
}

describe.each([
  ['jira', jira],
  ['azure-devops', azureDevOps],
])('drags on an emulated %s', (_name, open) => {
  const clock = { now: start };
  let stage: Stage;
  let world: SiteWorld;

  beforeAll(async () => {
    stage = await open(clock);
    world = stage.world;
    await world.round();
  });
  afterAll(() => stage.close());

  const later = (days: number): void => {
    clock.now = new Date(clock.now.getTime() + days * day);
  };
  const keysOf = ({ study }: CommandRound): string[] =>
    study?.desired.current.map(ref => study.pulled.states.get(ref)?.item.key ?? ref) ?? [];
  const explained = (round: CommandRound, key: string): Explanation => {
    const found = [...(round.study?.pulled.states ?? [])].find(([, { item }]) => item.key === key);
    return explainItem(round, found?.[0] as ItemRef, world.context.modelOf(round.settings), []);
  };
  const asked = (): Promise<CommandRound> => world.round({ purpose: 'plan', memory: 'first' });
  const lowest = async (): Promise<[string, string]> => {
    const round = await asked();
    const free = keysOf(round).filter(key => explained(round, key).blockedBy.length === 0);
    return [free.at(-1) ?? '', keysOf(round)[0] ?? ''];
  };
  const moved = ({ report }: CommandRound, key: string): unknown[] =>
    report.changes.filter(change => change.kind === 'move' && change.key === key);

  it('an item that a person drags to the top stays there, and says who and until when', async () => {
    const [key, top] = await lowest();
    later(0.1);
    await stage.drag(key, top, 'person');
    const at = clock.now;
    later(0.1);

    const round = await world.round();

    expect(moved(round, key)).toEqual([]);
    const { hold, place } = explained(round, key);
    expect(hold?.kind).toBe('drag');
    // Calendar days: it ends with the fourteenth day, whatever the hour of the drag.
    expect(hold?.until).toBe(startOfDay(dayOf(at, 'UTC') + 14, 'UTC').toISOString());
    expect(hold?.by).not.toBe('');
    expect(place).toMatchObject({ now: 1, desired: 1 });

    later(7);
    expect(moved(await world.round({ sweep: true }), key)).toEqual([]);
    later(8);
    const released = await world.round();
    expect(moved(released, key)).toHaveLength(1);
    expect(explained(released, key).hold).toBeNull();
  });

  it('a drag by the person whose token is in use holds too', async () => {
    const [key, top] = await lowest();
    later(0.1);
    await stage.drag(key, top, 'owner');
    later(0.1);

    const round = await world.round();

    expect(moved(round, key)).toEqual([]);
    expect(explained(round, key).hold).toMatchObject({ kind: 'drag' });
    later(15);
    await world.round();
  });

  it('a drag inside a band needs no pin, and is left alone', async () => {
    const before = await asked();
    const keys = keysOf(before);
    const bandOf = (key: string): number | null => explained(before, key).band;
    const free = (key: string): boolean => explained(before, key).blockedBy.length === 0;
    const i = keys.findIndex((key, n) => n > 0 && bandOf(key) === bandOf(keys[n - 1] ?? '') && free(key));
    const [above, key] = [keys[i - 1] ?? '', keys[i] ?? ''];
    later(0.1);
    await stage.drag(key, above, 'person');
    later(0.1);

    const round = await world.round();

    expect(round.report.changes.filter(change => change.kind === 'move')).toEqual([]);
    expect(explained(round, key).hold).toBeNull();
    expect(explained(round, above).hold).toBeNull();
  });

  it('a drag seen while paused holds when writing goes on, and dragging again renews it', async () => {
    const [key, top] = await lowest();
    const { state } = world.store;
    await state.pause('team', { reason: 'person', by: 'test', since: clock.now, until: null });
    later(0.1);
    await stage.drag(key, top, 'person');
    later(0.1);
    await world.round();
    later(3);
    await state.resume('team', { at: clock.now, by: 'test' });

    const first = await world.round();
    expect(moved(first, key)).toEqual([]);
    const until = Date.parse(explained(first, key).hold?.until ?? '');

    const head = keysOf(first)[3] ?? '';
    await stage.drag(key, head, 'person');
    later(0.1);
    const second = await world.round();

    expect(moved(second, key)).toEqual([]);
    expect(Date.parse(explained(second, key).hold?.until ?? '')).toBeGreaterThan(until + 2 * day);
    later(15);
    await world.round();
  });

  it('a question about an item does not use up the news of it', async () => {
    const [key, top] = await lowest();
    later(0.1);
    await stage.drag(key, top, 'person');
    later(0.1);

    expect(explained(await asked(), key).hold).toMatchObject({ kind: 'drag' });
    expect(explained(await asked(), key).changed?.text).toContain('place');
    expect(explained(await world.round(), key).hold).toMatchObject({ kind: 'drag' });
  });
});
