import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import type { Faults } from '../../src/demo/http/faults.ts';
import type { Exchange } from '../../src/demo/http/message.ts';
import { believableJiraBacklog, startJiraSite } from '../../src/demo/jira/index.ts';
import { silentLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runWinnow, type Ended } from '../support/service-process.ts';

/** A site as this test needs it, whatever the tracker. */
interface Site {
  readonly faults: Faults;
  readonly yaml: string;
  /** Per item, how often each label was put on it. */
  additions(): readonly number[];
  order(): readonly unknown[];
  close(): Promise<void>;
}

interface Rounds {
  readonly rounds: readonly {
    readonly status: string;
    readonly changes: readonly unknown[];
    readonly calls: { readonly write: number };
  }[];
}

const items = 40;
const method = /^(PUT|PATCH)$/;
const isWrite = ({ request }: Exchange): boolean =>
  method.test(request.method) || request.path.endsWith('/bulk/issues/fields');

async function jira(onExchange: (exchange: Exchange) => void): Promise<Site> {
  const records = believableJiraBacklog({ items, seed: 4, now: systemClock.now() });
  const site = await startJiraSite({ clock: systemClock, records, onExchange });
  const board = site.boards[0]?.id ?? 0;
  return {
    faults: site.faults,
    yaml: `
connections:
  acme: { tracker: jira, url: "${site.url}", auth: { email: "${site.email}", apiToken: "${site.apiToken}" } }
backlogs:
  main: { board: ${board}, limits: { maxMovedShare: 1 } }
`,
    additions: () => site.order(board).flatMap(key => counted(site.history(key).flatMap(entry => labelsAdded(entry)))),
    order: () => site.order(board),
    close: () => site.close(),
  };
}

function labelsAdded({ items: changed }: { readonly items: readonly unknown[] }): readonly string[] {
  return (changed as { field: string; fromString: string | null; toString: string | null }[]).flatMap(item => {
    if (item.field !== 'labels') return [];
    const before = new Set((item.fromString ?? '').split(' '));
    return String(item.toString ?? '')
      .split(' ')
      .filter(label => label.startsWith('winnow-') && !before.has(label));
  });
}

async function azureDevOps(onExchange: (exchange: Exchange) => void): Promise<Site> {
  const records = believableAzureDevOpsBacklog({ items, seed: 4, now: systemClock.now() });
  const site = await startAzureDevOpsSite({ clock: systemClock, records, onExchange });
  const project = site.projects[0]?.name ?? '';
  return {
    faults: site.faults,
    yaml: `
connections:
  acme: { tracker: azure-devops, url: "${site.url}", auth: { pat: "${site.pat}" } }
backlogs:
  main: { project: ${project}, limits: { maxMovedShare: 1 } }
`,
    additions: () =>
      site.ids(project).flatMap(id => {
        let before = new Set<string>();
        const added: string[] = [];
        for (const { fields } of site.revisions(id)) {
          const now = String(fields['System.Tags'] ?? '').split('; ');
          added.push(...now.filter(tag => tag.startsWith('winnow-') && !before.has(tag)));
          before = new Set(now);
        }
        return counted(added);
      }),
    order: () => site.order(project),
    close: () => site.close(),
  };
}

function counted(labels: readonly string[]): readonly number[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()];
}

describe.each([
  ['Jira', jira],
  ['Azure DevOps', azureDevOps],
])('winnow run on %s, killed in the middle of applying', (_name, start) => {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-killed-'));
  let site: Site;
  let child: ChildProcess | null = null;
  let killAt = Infinity;
  let writes = 0;

  const winnow = (...args: string[]): Promise<Ended> => runWinnow(folder, {}, args, started => void (child = started));
  const killedAfter = async (count: number): Promise<Ended> => {
    [writes, killAt] = [0, count];
    const ended = await winnow('run', '--apply', '--json');
    killAt = Infinity;
    return ended;
  };
  const roundsOf = ({ out }: Ended): Rounds['rounds'] => (JSON.parse(out) as Rounds).rounds;

  beforeAll(async () => {
    // Told when a request has had its effect and its answer has not left yet.
    site = await start(exchange => {
      if (isWrite(exchange) && ++writes === killAt) child?.kill('SIGKILL');
    });
    writeFileSync(join(folder, 'winnow.yaml'), site.yaml);
  });

  afterAll(async () => {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the next run finishes, nothing is done twice, and a further one writes nothing', async () => {
    // After the effect of a write, and before that of another one.
    expect((await killedAfter(3)).code).toBeNull();
    site.faults.next({ kind: 'reset-before', method: 'PUT', skip: 1 });
    site.faults.next({ kind: 'reset-before', method: 'PATCH', skip: 1 });
    expect((await killedAfter(2)).code).toBeNull();
    site.faults.clear();

    site.faults.next({ kind: 'slow', ms: 15_000 });
    const running = winnow('run', '--apply', '--json');
    const owner = (child as ChildProcess | null)?.pid ?? 0;
    // The killed round's lease has a minute to run out first.
    await expect.poll(() => site.faults.pending(), { timeout: 150_000 }).toBe(0);
    const second = await runWinnow(folder, {}, ['run', '--json']);
    const finished = await running;
    const order = site.order();
    const again = await winnow('run', '--apply', '--json');

    expect([second.code, second.err]).toEqual([1, expect.stringContaining(`in use by process ${owner}`)]);
    expect([finished.code, roundsOf(finished)[0]?.status]).toEqual([0, 'applied']);
    expect(roundsOf(again)).toMatchObject([{ changes: [], calls: { write: 0 } }]);
    expect(site.order()).toEqual(order);
    expect(Math.max(...site.additions())).toBe(1);
    expect(await journalOf(folder)).toEqual({
      open: 0,
      told: [
        ['nothing-to-do', undefined],
        ['applied', undefined],
        ['failed', expect.stringContaining('cut off')],
        ['failed', expect.stringContaining('cut off')],
      ],
    });
  }, 300_000);
});

/** The rounds in the journal, newest first, with their first problem; and intents whose outcome nobody knows. */
async function journalOf(folder: string): Promise<unknown> {
  const data = { dataDir: join(folder, '.winnow'), databaseUrl: null };
  const store = await openStore({ ...data, clock: systemClock, log: silentLog });
  const rounds = await store.journal.rounds({ backlog: 'main' });
  const open = await store.journal.openIntents('main');
  await store.close();
  const problems = (list: readonly { readonly message: string }[]): string | undefined =>
    list.find(({ message }) => /cut off|failed/.test(message))?.message;
  return { open: open.length, told: rounds.map(round => [round.status, problems(round.problems)]) };
}
