import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { startPlainSite, type PlainSite } from '../support/plain-site.ts';
import { runWinnow, startServiceProcess, type Ended, type ServiceProcess } from '../support/service-process.ts';

/** A round as `--json` prints it. */
interface Round {
  readonly id: string;
  readonly status: string;
  readonly changes: readonly { readonly kind: string }[];
  readonly withheld: readonly { readonly guard: string }[];
  readonly outcomes: { readonly applied: number; readonly failed: number };
  readonly calls: { readonly write: number };
}

const never = 'schedule: "0 0 1 1 *", sweep: "0 0 1 1 *"';
const yamlOf = ({ yaml }: PlainSite, maxMoves: number): string => `
connections: { acme: ${yaml.connection} }
backlogs:
  shop: { ${yaml.backlog}, mode: apply, ${never}, limits: { maxMoves: ${maxMoves}, maxMovedShare: 1, quietMinutes: 0 } }
service: { http: { port: 0 } }
`;
const roundIn = ({ out }: Ended): Round => (JSON.parse(out) as { rounds: Round[] }).rounds[0] as Round;
const guardsOf = ({ withheld }: Round): readonly string[] => [...new Set(withheld.map(({ guard }) => guard))];
const folderFor = (name: string): string => mkdtempSync(join(tmpdir(), `winnow-${name}-`));
const startSite = (): Promise<PlainSite> =>
  startPlainSite('azure-devops', { items: 15, now: systemClock.now(), clock: systemClock });

describe('approve, pause, resume and undo through a running service', () => {
  const folder = folderFor('stop-and-go');
  let site: PlainSite;
  let service: ServiceProcess;
  let moved: Round;
  const winnow = (...args: string[]): Promise<Ended> => runWinnow(folder, {}, args);

  beforeAll(async () => {
    site = await startSite();
    writeFileSync(join(folder, 'winnow.yaml'), yamlOf(site, 1));
    service = await startServiceProcess(folder, {});
    await service.logged('a round ended');
  }, 120_000);

  afterAll(async () => {
    service.kill('SIGKILL');
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('an approval that comes while a round reads is granted, and the moves follow', async () => {
    const waiting = await winnow('run', 'shop', '--json');
    expect([waiting.code, roundIn(waiting).status]).toEqual([4, 'needs-approval']);
    site.faults.next({ kind: 'slow', ms: 3_000 });
    const running = winnow('run', 'shop', '--json');
    await expect.poll(() => site.faults.pending(), { timeout: 30_000 }).toBe(0);

    const approved = await winnow('approve', 'shop', '--json');

    expect(approved.code).toBe(0);
    const { approval } = JSON.parse(approved.out) as { approval: { moves: number } };
    expect(approval.moves).toBe(roundIn(waiting).withheld.length);
    // The round under way may have looked for a grant already.
    const during = roundIn(await running);
    moved = during.status === 'applied' ? during : roundIn(await winnow('run', 'shop', '--json'));
    expect([moved.status, moved.changes.length]).toEqual(['applied', approval.moves]);
  }, 120_000);

  test('a dry run of an undo changes nothing, the undo brings the order back and pauses', async () => {
    const order = site.order();

    const shown = await winnow('undo', moved.id, '--dry-run');
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('Nothing was written and nothing is paused')]);
    expect(site.order()).toEqual(order);

    const undone = await winnow('undo', moved.id, '--json');
    expect([undone.code, roundIn(undone).status]).toEqual([0, 'applied']);
    expect(site.order()).not.toEqual(order);
    const paused = await winnow('run', 'shop', '--json');
    expect([paused.code, roundIn(paused).status, guardsOf(roundIn(paused))]).toEqual([0, 'observed', ['paused']]);
  }, 120_000);

  test('a pause while a round writes lets the write in hand end, and a resume goes on', async () => {
    expect((await winnow('resume', 'shop')).out).toMatch(/shop goes on. It was paused by an undo/);
    site.faults.next({ kind: 'slow', ms: 10_000, after: true, method: 'PATCH' });
    const running = winnow('run', 'shop', '--json');
    await expect.poll(() => site.faults.pending(), { timeout: 30_000 }).toBe(0);
    const until = new Date(systemClock.now().getTime() + 3_600_000).toISOString();

    const pausing = await winnow('pause', 'shop', '--until', until);
    const stopped = await running;

    expect([pausing.code, stopped.code]).toEqual([0, 0]);
    expect(roundIn(stopped)).toMatchObject({ status: 'applied', outcomes: { applied: 1, failed: 0 } });
    expect(guardsOf(roundIn(stopped))).toEqual(['paused']);
    expect((await winnow('status')).out).toContain('paused (');
    await winnow('resume', 'shop');
    const resumed = roundIn(await winnow('run', 'shop', '--json'));
    expect([resumed.status, resumed.withheld]).toEqual(['applied', []]);
    expect(resumed.changes.length).toBe(roundIn(stopped).withheld.length);
    expect(roundIn(await winnow('run', 'shop', '--json'))).toMatchObject({ status: 'nothing-to-do' });
  }, 120_000);
});

describe('undo of a round whose process was killed', () => {
  const folder = folderFor('killed-undo');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('takes back what arrived, and a further round would do all of it again', async () => {
    const site = await startSite();
    const before = { order: site.order(), labels: site.labels() };
    writeFileSync(join(folder, 'winnow.yaml'), yamlOf(site, 1_000));
    let child: ChildProcess | null = null;
    site.faults.next({ kind: 'slow', ms: 3_600_000, after: true, method: 'PATCH', skip: 6 });
    const killed = runWinnow(folder, {}, ['run', '--json'], started => void (child = started));
    await expect.poll(() => site.faults.pending(), { timeout: 60_000 }).toBe(0);
    (child as ChildProcess | null)?.kill('SIGKILL');
    expect((await killed).code).toBeNull();
    const winnow = (...args: string[]): Promise<Ended> => runWinnow(folder, {}, [...args, '--json']);
    const dead = roundIn(await winnow('rounds'));

    const undone = await winnow('undo', dead.id);

    expect([dead.status, undone.code, roundIn(undone).outcomes.failed]).toEqual(['failed', 0, 0]);
    expect({ order: site.order(), labels: site.labels() }).toEqual(before);
    await winnow('resume', 'shop');
    expect(roundIn(await winnow('plan', 'shop')).changes.length).toBe(dead.changes.length);
    await site.close();
  }, 180_000);
});
