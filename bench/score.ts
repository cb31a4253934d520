import { absent, value } from '../src/item.ts';
import { builtinModel } from '../src/scoring/builtin.ts';
import { scoreItem } from '../src/scoring/score.ts';
import { anItem } from '../test/support/items.ts';
import { createChance } from './chance.ts';

const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const n = 100_000;

/** Items scored per second with the built-in model. */
export async function* benchScore(): AsyncGenerator<Record<string, unknown>> {
  const chance = createChance(n);
  const items = Array.from({ length: n }, (_, id) =>
    anItem({
      id,
      priority: value({ name: scheme[Math.floor(chance() * 5)] ?? 'Medium', scheme }),
      effort: chance() < 0.5 ? absent : value(Math.ceil(chance() * 13)),
      due: chance() < 0.8 ? absent : value('2026-05-01'),
      demand: value(Math.floor(chance() * 30)),
    }),
  );
  const context = {
    now: new Date('2026-03-30T10:00:00Z'),
    zone: 'UTC',
    idleDays: 10,
    staleAfterDays: 90,
    exempt: false,
    sources: {},
  };
  for (let run = 1; run <= 3; run++) {
    const from = performance.now();
    let sum = 0;
    for (const item of items) sum += scoreItem(item, builtinModel, context).score ?? 0;
    const seconds = (performance.now() - from) / 1_000;
    yield {
      n,
      run,
      perSecond: Math.round(n / seconds),
      seconds: Math.round(seconds * 1_000) / 1_000,
      mean: Math.round((sum / n) * 100) / 100,
    };
  }
}
