import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCommand } from '../../src/cli/commands/check.ts';
import { createCapturedVoice } from '../../src/cli/terminal.ts';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../src/demo/jira/index.ts';
import type { Store } from '../../src/store/open-store.ts';
import { openSiteWorld } from '../support/site-world.ts';
import { openTestStore } from '../support/two-sites.ts';

const clock = { now: new Date('2026-03-30T10:00:00Z') };
let site: JiraSite;
let store: Store;
let serial = 0;

beforeAll(async () => {
  store = await openTestStore();
  const records = believableJiraBacklog({ items: 12, seed: 5, now: clock.now });
  site = await startJiraSite({ clock: { now: () => clock.now }, records });
});
afterAll(async () => {
  await site.close();
  await store.close();
});

interface Seen {
  readonly code: number;
  readonly text: string;
  /** `topic: text` of what is not ok. */
  readonly findings: readonly string[];
}

/** `winnow check` as people and machines see it. `backlogs`: flow YAML by name. */
async function check(backlogs: readonly string[], token = site.apiToken): Promise<Seen> {
  const id = ++serial;
  const named = backlogs.map((settings, i) => `  b${id}-${i}: ${settings}`);
  const yaml = `
connections:
  c${id}: { tracker: jira, url: "${site.url}", auth: { email: "${site.email}", apiToken: "${token}" } }
backlogs:
${named.join('\n')}
`;
  const world = await openSiteWorld(yaml, clock, store);
  const { signal } = new AbortController();
  const asked = async (json: boolean) => {
    const { voice, said } = createCapturedVoice({ coloured: false, width: 100 });
    return { code: await checkCommand(world.context, voice, { json, signal }), out: said().out };
  };
  const people = await asked(false);
  const machines = await asked(true);
  await world.close();
  expect(machines.code).toBe(people.code);
  const { sections } = JSON.parse(machines.out) as {
    sections: { findings: { topic: string; status: string; text: string }[] }[];
  };
  const bad = sections.flatMap(section => section.findings).filter(f => f.status === 'problem');
  return { code: people.code, text: people.out, findings: bad.map(f => `${f.topic}: ${f.text}`) };
}

describe('cli/check', () => {
  it('a healthy backlog is well, with figures of what it is ranked by', async () => {
    const { code, text, findings } = await check(['{ board: 1 }']);

    expect(findings).toEqual([]);
    expect(code).toBe(0);
    expect(text).toMatch(/winnow.yaml: 1 connection, 1 model, 1 backlog\n/);
    expect(text).toMatch(/coverage +priority \(Priority\): 100 % of \d+ items/);
    expect(text).toMatch(/All is well\.$/);
  });

  it('what is missing is a problem, with what to do', async () => {
    site.switches.noRank();
    const { code, text } = await check(['{ board: 1 }']);
    site.switches.noRank(false);

    expect(code).toBe(1);
    expect(text).toMatch(/problem permissions SHOP +may not rank issues\n +-> grant the account Schedule issues/);
    expect(text).toMatch(/1 to mend\.$/);
  });

  it('a wrong token is told without showing it', async () => {
    const { code, text, findings } = await check(['{ board: 1 }'], 'wrong-token-1');

    expect(code).toBe(1);
    expect(findings[0]).toMatch(/^credential: .*did not accept the credential/);
    expect(text).not.toContain('wrong-token-1');
  });

  it('items of two backlogs that write are no secret, even where the second cannot be read for it', async () => {
    const both = await check(['{ board: 1, mode: apply }', '{ jql: project = SHOP, mode: apply }']);
    const observed = await check(['{ board: 1, mode: apply }', '{ jql: project = SHOP, mode: observe }']);

    expect(both.code).toBe(1);
    expect(both.findings.join()).toMatch(/shares items with another backlog that writes: SHOP-/);
    expect(both.text).toMatch(/note +one item, one backlog not compared, for they could not be read: b\d+-1/);
    expect(both.text).not.toContain('no item is in two backlogs that write');
    expect(observed.text).toContain('no item is in two backlogs that write');
  });
});
