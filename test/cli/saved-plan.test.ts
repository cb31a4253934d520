import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommandRound } from '../../src/cli/command-round.ts';
import { createCarriedFiles } from '../../src/cli/files.ts';
import { readPlanFile, writePlanFile } from '../../src/cli/plan-file.ts';
import type { ItemRef } from '../../src/item.ts';
import type { Store } from '../../src/store/open-store.ts';
import { openSite, openTestStore, trackers, type Backlog } from '../support/two-sites.ts';

const limits = 'limits: { maxMoves: 900, maxMovedShare: 1, maxLabelChanges: 900, quietMinutes: 0 }';
let store: Store;
let backlog: Backlog;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** Plans, and hands the plan on as `plan --out` and `run --plan` do. */
async function plan() {
  const planned = await backlog.round({ purpose: 'plan' });
  const out = createCarriedFiles({});
  await writePlanFile({ files: out, path: 'plan.json' }, backlog.world.now, [
    { result: planned, modelHash: planned.modelHash },
  ]);
  const saved = await readPlanFile(createCarriedFiles(out.written()), 'plan.json');
  return { planned, run: () => backlog.round({ saved }) };
}

const keysOf = ({ study }: CommandRound, refs: readonly ItemRef[] = []): readonly string[] =>
  refs.map(ref => study?.pulled.states.get(ref)?.item.key ?? ref);
const problemOf = ({ report }: CommandRound, key: string): string | undefined =>
  report.problems.find(problem => problem.message.startsWith(`${key}: left alone`))?.message;

describe.each(trackers)('a saved plan on an emulated %s', tracker => {
  beforeEach(async () => {
    backlog = await openSite(tracker, store, `mode: apply, ${limits}`);
  });
  afterEach(() => backlog.close());

  it('is carried out as it was planned', async () => {
    const { planned, run } = await plan();
    backlog.later(1);

    const { report } = await run();

    expect(report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    const wanted = keysOf(planned, planned.study?.desired.order);
    expect(backlog.order().filter(key => wanted.includes(key))).toEqual(wanted);
    expect((await backlog.round()).report).toMatchObject({ status: 'nothing-to-do', calls: { write: 0 } });
  });

  it('leaves alone what people touched, and puts nothing beside it', async () => {
    const { planned, run } = await plan();
    const { changes } = planned.report;
    const below = new Set(changes.flatMap(change => (change.kind === 'move' ? [change.after] : [])));
    const dragged = changes.find(change => change.kind === 'move' && change.to < change.from && below.has(change.ref));
    const moved = new Set(changes.flatMap(change => (change.kind === 'move' ? [change.ref] : [])));
    const edited = changes.find(change => change.kind === 'label-add' && !moved.has(change.ref));
    if (dragged === undefined || edited === undefined) throw new Error('the plan is not what this test is about');
    backlog.later(1);
    backlog.dragDown(dragged.key);
    backlog.retitle(edited.key);
    backlog.later(1);

    const carriedOut = await run();

    expect(carriedOut.report.status).toBe('partial');
    expect(problemOf(carriedOut, dragged.key)).toMatch(/it was moved since the plan was made/);
    expect(problemOf(carriedOut, edited.key)).toMatch(/it was changed since the plan was made/);
    expect(backlog.labels(edited.key)).not.toContain(edited.to);
    const left = (key: string): boolean => problemOf(carriedOut, key) !== undefined;
    const wanted = keysOf(planned, planned.study?.desired.order).filter(key => !left(key));
    expect(carriedOut.report.outcomes.applied).toBeGreaterThan(10);
    expect(backlog.order().filter(key => wanted.includes(key))).toEqual(wanted);
  });
});
