import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  believableAzureDevOpsBacklog,
  startAzureDevOpsSite,
  type AzureDevOpsSite,
} from '../../src/demo/azure-devops/index.ts';
import { openSiteWorld, type SiteWorld } from '../support/site-world.ts';

const start = new Date('2026-03-30T10:00:00Z');
const hour = 3_600_000;
const clock = { now: start };
let site: AzureDevOpsSite;
let world: SiteWorld;

const later = (hours: number): void => {
  clock.now = new Date(clock.now.getTime() + hours * hour);
};
const yamlOf = (url: string, pat: string, more = ''): string => `
connections:
  acme: { tracker: azure-devops, url: "${url}", auth: { pat: "${pat}" } }
backlogs:
  payments: { project: Payments, level: Stories, mode: apply${more} }
`;

beforeAll(async () => {
  const records = believableAzureDevOpsBacklog({ items: 40, seed: 11, now: start });
  site = await startAzureDevOpsSite({ clock: { now: () => clock.now }, records });
  world = await openSiteWorld(yamlOf(site.url, site.pat), clock);
});

afterAll(async () => {
  await world.close();
  await site.close();
});

describe('whole rounds on an emulated Azure DevOps', () => {
  it('the first brings order and labels, the second writes nothing', async () => {
    const first = await world.round();
    expect(first.report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(first.report.changes.length).toBeGreaterThan(10);

    later(1);
    const second = await world.round();

    expect(second.report).toMatchObject({ status: 'nothing-to-do', changes: [], calls: { write: 0 } });
    expect(second.report.calls.read).toBeLessThanOrEqual(5);
  });

  it('a sweep finds nothing left to do either', async () => {
    const { report, study } = await world.round({ sweep: true });

    expect(report).toMatchObject({ status: 'nothing-to-do', calls: { write: 0 } });
    expect(study?.desired.order).toEqual(study?.desired.current);
  });

  it('one item changed by a person costs few calls', async () => {
    const ranked = (await world.round({ purpose: 'plan' })).study?.desired.current ?? [];
    const last = Number(ranked.at(-1)?.split(':')[1]);
    later(1);
    site.edit(last, {
      'Microsoft.VSTS.Common.Priority': 1,
      'Microsoft.VSTS.Scheduling.DueDate': '2026-04-01T00:00:00Z',
    });
    later(1);

    const { report } = await world.round();

    expect(report.outcomes).toMatchObject({ failed: 0 });
    expect(report.changes.filter(c => c.kind === 'move').map(c => c.key)).toEqual([String(last)]);
    expect(report.calls.read + report.calls.write).toBeLessThanOrEqual(6);
  });

  it('a label that a person takes off stays off while the item is fresh', async () => {
    const { study } = await world.round({ purpose: 'plan' });
    const stale = [...(study?.pulled.states.values() ?? [])].find(s => s.item.labels.includes('winnow-stale'));
    const id = Number(stale?.item.key);
    later(1);
    site.removeTag(id, 'winnow-stale');
    later(1);

    const { report } = await world.round();

    expect(report.changes.filter(c => c.key === String(id) && c.kind === 'label-add')).toEqual([]);
  });

  it('an item that starts loses its labels', async () => {
    const { study } = await world.round({ purpose: 'plan' });
    const flagged = [...(study?.pulled.states.values() ?? [])].find(s =>
      s.item.labels.some(l => l.startsWith('winnow-')),
    );
    const id = Number(flagged?.item.key);
    later(1);
    site.setState(id, 'Active');
    later(1);

    await world.round();

    expect(String(site.item(id).fields['System.Tags'] ?? '')).not.toContain('winnow-');
  });

  it('a race for one item is settled by reading it again', async () => {
    const ranked = (await world.round({ purpose: 'plan' })).study?.desired.current ?? [];
    const id = Number(ranked.at(-1)?.split(':')[1]);
    later(1);
    site.edit(id, { 'Microsoft.VSTS.Common.Priority': 1, 'Microsoft.VSTS.Scheduling.DueDate': '2026-04-02T00:00:00Z' });
    site.switches.raceOn(id);
    later(1);

    const { report } = await world.round();

    expect(report).toMatchObject({ outcomes: { failed: 0 } });
    expect((await world.round()).report.changes).toEqual([]);
  });

  it('a rule that refuses an item is told once, then the item is quarantined', async () => {
    const ranked = (await world.round({ purpose: 'plan' })).study?.desired.current ?? [];
    const id = Number(ranked.at(-1)?.split(':')[1]);
    later(1);
    site.edit(id, { 'Microsoft.VSTS.Common.Priority': 1, 'Microsoft.VSTS.Scheduling.DueDate': '2026-04-03T00:00:00Z' });
    site.switches.breakRuleOn(id, 'Microsoft.VSTS.Common.ValueArea');
    later(1);
    const first = await world.round();
    expect(first.report.status).toBe('partial');
    expect(first.report.problems.some(p => p.ref === `azure-devops:${id}`)).toBe(true);

    const second = await world.round();

    expect(second.report.calls.write).toBe(0);
    expect(second.report.withheld.every(w => w.guard === 'quarantine')).toBe(true);
    site.switches.breakRuleOn(id, null);
  });

  it('a read that fails half-way fails the round and writes nothing', async () => {
    later(25);
    site.faults.next({ path: /workitemsbatch/i, times: 20, kind: 'truncate' });
    const { report } = await world.round({ sweep: true });

    expect(report.status).toBe('failed');
    expect(report.calls.write).toBe(0);
    site.faults.clear();
  });

  it('items that can no longer be seen fail the round', async () => {
    const ids = site.ids('Payments');
    for (const id of ids.slice(0, Math.ceil(ids.length / 2))) site.hide(id);

    const { report } = await world.round({ sweep: true });

    expect(report.status).toBe('failed');
    for (const id of ids) site.hide(id, false);
  });

  it('a wrong token says what to do, and shows no secret', async () => {
    const wrong = await openSiteWorld(yamlOf(site.url, 'wrong-token-1'), clock);
    const { report, opened } = await wrong.round();

    expect(opened).toBe(false);
    expect(report.status).toBe('failed');
    expect(report.problems[0]?.message).toMatch(/Renew the token/);
    expect(JSON.stringify(report)).not.toContain('wrong-token-1');
    await wrong.close();
  });
});
