import type { Flavour } from '../test/support/flavoured-writes.ts';
import { aLawWorld, day, type LawWorld, type Start, type Step } from '../test/support/law-world.ts';
import { createChance } from './chance.ts';

const days = 200;
const items = 60;

/** Daily rounds over 200 simulated days on a tracker in memory: how often Winnow writes, with and without people at work. */
export async function* benchChurn(): AsyncGenerator<Record<string, unknown>> {
  for (const flavour of ['jira', 'azure-devops'] as const) {
    for (const explained of [false, true])
      for (const editsPerDay of [0, 3]) yield await churn(flavour, editsPerDay, explained);
  }
}

async function churn(flavour: Flavour, editsPerDay: number, explained: boolean): Promise<Record<string, unknown>> {
  const chance = createChance(41);
  const pick = (n: number): number => Math.floor(chance() * n);
  const starts = Array.from({ length: items }, (): Start => {
    return { level: pick(5), effort: chance() < 0.4 ? null : 1 + pick(13), idle: pick(300), words: pick(60) };
  });
  const world = aLawWorld(
    { flavour, skewMs: 0, measured: true, trouble: 'accounts', scored: false, explained: explained ? 'told' : null },
    starts,
  );
  const first = (await world.round()).changes.length;
  const tally = createTally();
  for (let n = 1; n <= days; n++) {
    world.now += day / 2;
    for (let edit = 0; edit < editsPerDay; edit++) await world.step(anEdit(pick, chance));
    world.now += day / 2;
    tally.add(await changesOf(world, n));
  }
  const { writes, ...kinds } = tally.sum();
  const per = [...writes.values()].sort((a, b) => a - b);
  return {
    ...{ tracker: flavour, items, days, editsPerDay, explained, firstRound: first, ...kinds },
    writesPerItem: Math.round((100 * per.reduce((a, b) => a + b, 0)) / items) / 100,
    mostOnOneItem: per.at(-1) ?? 0,
    labelsAddedTwice: tally.twice(),
  };
}

/** Two of three acts change an input, one is a drag. */
function anEdit(pick: (n: number) => number, chance: () => number): Step {
  if (chance() < 1 / 3) return { do: 'drag', item: pick(items), to: pick(items), by: 'alice' };
  return { do: 'edit', item: pick(items), by: 'alice', level: pick(5), effort: 1 + pick(13) };
}

type Changes = Awaited<ReturnType<LawWorld['round']>>['changes'];

async function changesOf(world: LawWorld, n: number): Promise<Changes> {
  const report = await world.round(n % 7 === 0);
  if (report.status === 'failed') throw new Error(report.problems[0]?.message ?? 'a round failed');
  return report.changes;
}

function createTally() {
  const writes = new Map<string, number>();
  const kinds = { moves: 0, labelAdds: 0, labelRemoves: 0, explanations: 0 };
  const added = new Map<string, number>();
  return {
    add(changes: Changes): void {
      for (const change of changes) {
        writes.set(change.ref, (writes.get(change.ref) ?? 0) + 1);
        if (change.kind === 'move') kinds.moves++;
        if (change.kind === 'label-remove') kinds.labelRemoves++;
        if (change.kind === 'explanation-set') kinds.explanations++;
        if (change.kind !== 'label-add') continue;
        kinds.labelAdds++;
        const name = `${change.ref} ${change.to}`;
        added.set(name, (added.get(name) ?? 0) + 1);
      }
    },
    sum: () => ({ ...kinds, writes }),
    twice: () => [...added.values()].filter(times => times > 1).length,
  };
}
