import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { localFiles } from '../../src/cli/files.ts';
import { readPlanFile, writePlanFile } from '../../src/cli/plan-file.ts';
import type { ReadItem, ReadOptions } from '../../src/connectors/connector.ts';
import { itemRef, value } from '../../src/item.ts';
import { aField, alice, anItem } from '../support/items.ts';
import { aWorld } from '../support/round-world.ts';

const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const noProgress: ReadOptions = {
  now: new Date('2026-06-01T10:00:00Z'),
  historySince: null,
  signal: new AbortController().signal,
  progress: () => undefined,
};
const ref = (n: number) => itemRef('jira', n);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-plan-'));
});

function backlog() {
  return ['Lowest', 'Low', 'Medium', 'High', 'Highest'].map((name, i) =>
    anItem({
      id: i + 1,
      order: (i + 1) * 100,
      priority: value({ name, scheme }),
      createdAt: new Date('2026-05-25'),
      changedAt: new Date('2026-05-25'),
    }),
  );
}

async function planned(path: string) {
  const world = aWorld(backlog());
  const result = await world.round({ purpose: 'plan' });
  await writePlanFile({ files: localFiles, path }, world.now, [{ result, modelHash: world.model.hash }]);
  return world;
}

describe('cli/plan-file', () => {
  it('a saved plan is carried out as planned', async () => {
    const path = join(folder, 'fine.json');
    const world = await planned(path);
    const saved = (await readPlanFile(localFiles, path)).get('shop') ?? null;

    const { report } = await world.round({ savedPlan: saved });

    expect(report.status).toBe('applied');
    expect(world.tracker.order()).toEqual([5, 4, 3, 2, 1].map(ref));
  });

  it('what moved meanwhile is refused, item by item', async () => {
    const path = join(folder, 'moved.json');
    const world = await planned(path);
    const saved = (await readPlanFile(localFiles, path)).get('shop') ?? null;
    const moved = [...(saved?.changes ?? [])].find(c => c.kind === 'move');
    expect(moved).toBeDefined();
    if (moved === undefined) return;
    world.tracker.edit(moved.ref, { order: 9_999 }, alice, [aField({ kind: 'rank', field: 'Rank' })]);

    const { report } = await world.round({ savedPlan: saved });

    expect(report.status).toBe('partial');
    expect(
      report.problems.some(p => p.ref === moved.ref && p.message.includes('was moved since the plan was made')),
    ).toBe(true);
  });

  it('what a search does not show yet is seen, for planned items are read by id', async () => {
    const path = join(folder, 'lagging.json');
    const world = await planned(path);
    const saved = (await readPlanFile(localFiles, path)).get('shop') ?? null;
    const stale: ReadItem[] = [];
    await world.tracker.backlog.readAll(noProgress, page => void stale.push(...page));
    world.tracker.edit(ref(1), { title: 'Another' }, alice);
    Object.assign(world.tracker.backlog, {
      readAll: async (_options: unknown, take: (page: readonly ReadItem[]) => void) => {
        take(stale);
        return { cursor: 0, order: null };
      },
    });

    const { report } = await world.round({ savedPlan: saved, sweep: true });

    expect(report.problems.map(p => p.message)).toContain('SHOP-1: left alone: it was changed since the plan was made');
  });

  it.each<[string, (plan: string) => string]>([
    ['broken JSON', plan => plan.slice(0, -20)],
    ['an unknown kind', plan => plan.replaceAll('"kind": "move"', '"kind": "delete"')],
    ['a foreign ref', plan => plan.replaceAll('jira:', 'file:../')],
    ['another version', plan => plan.replace('"winnowPlan": 1', '"winnowPlan": 2')],
    ['an unknown key', plan => plan.replace('"winnowPlan": 1', '"winnowPlan": 1, "more": 1')],
  ])('%s is refused with the name of the file', async (_name, spoil) => {
    const path = join(folder, 'spoiled.json');
    await planned(path);
    await writeFile(path, spoil(await readFile(path, 'utf8')));

    await expect(readPlanFile(localFiles, path)).rejects.toThrow(/spoiled\.json/);
  });

  it("a label that is not Winnow's is refused even if a plan names it", async () => {
    const path = join(folder, 'label.json');
    const world = await planned(path);
    const plan = JSON.parse(await readFile(path, 'utf8')) as { plans: { changes: unknown[]; before: unknown[] }[] };
    const forged = { kind: 'label-add', ref: 'jira:1', key: 'SHOP-1', from: null, to: 'approved', because: 'x' };
    plan.plans[0]?.changes.splice(0, Infinity, forged);
    plan.plans[0]?.before.splice(0, Infinity, { ref: 'jira:1', order: 100, labels: [], score: null });
    await writeFile(path, JSON.stringify(plan));
    const saved = (await readPlanFile(localFiles, path)).get('shop') ?? null;

    const { report } = await world.round({ savedPlan: saved });

    expect(report.outcomes).toEqual({ applied: 0, failed: 1 });
    expect(world.tracker.calls.write).toBe(0);
  });
});
