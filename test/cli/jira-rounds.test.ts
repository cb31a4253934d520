import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../src/demo/jira/index.ts';
import { openSiteWorld, type SiteWorld } from '../support/site-world.ts';

const start = new Date('2026-03-30T10:00:00Z');
const clock = { now: start };
let site: JiraSite;
let world: SiteWorld;

const later = (hours: number): void => {
  clock.now = new Date(clock.now.getTime() + hours * 3_600_000);
};
const yamlOf = (url: string, email: string, apiToken: string): string => `
connections:
  acme: { tracker: jira, url: "${url}", auth: { email: "${email}", apiToken: "${apiToken}" } }
backlogs:
  shop: { board: ${site.boards[0]?.id}, mode: apply }
`;

beforeAll(async () => {
  const records = believableJiraBacklog({ items: 40, seed: 5, now: start });
  site = await startJiraSite({ clock: { now: () => clock.now }, records });
  world = await openSiteWorld(yamlOf(site.url, site.email, site.apiToken), clock);
});

afterAll(async () => {
  await world.close();
  await site.close();
});

describe('whole rounds on an emulated Jira', () => {
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
    const { study } = await world.round({ purpose: 'plan' });
    const free = study?.desired.current.filter(ref => !study.desired.blockedBy.has(ref));
    const last = free?.at(-1);
    const key = (last === undefined ? undefined : study?.pulled.states.get(last)?.item.key) ?? '';
    later(2);
    site.editIssue(key, { priority: { name: 'Highest' }, duedate: '2026-04-01' }, site.people()[0]?.displayName ?? '');
    later(2);

    const { report } = await world.round();

    expect(report.outcomes).toMatchObject({ failed: 0 });
    // What it blocks, or is blocked by, may have to follow it.
    const moved = report.changes.filter(c => c.kind === 'move').map(c => c.key);
    expect(moved).toContain(key);
    expect(moved.length).toBeLessThanOrEqual(2);
    expect(report.calls.read + report.calls.write).toBeLessThanOrEqual(8);
    expect((await world.round()).report.changes).toEqual([]);
  });

  it('a wrong token says what to do, and shows no secret', async () => {
    const wrong = await openSiteWorld(yamlOf(site.url, site.email, 'wrong-token-1'), clock);
    const { report, opened } = await wrong.round();

    expect(opened).toBe(false);
    expect(report.status).toBe('failed');
    expect(report.problems[0]?.message).toMatch(/token/i);
    expect(JSON.stringify(report)).not.toContain('wrong-token-1');
    await wrong.close();
  });
});
