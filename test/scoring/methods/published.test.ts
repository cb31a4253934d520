import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { roundHalfUp } from '../../../src/scoring/half-up.ts';
import { requiredFactors } from '../../../src/scoring/methods/method.ts';
import type { Method, Score } from '../../../src/scoring/model.ts';
import { aFactor, aModel, holding, scored } from '../builders.ts';

/** Scores raw figures in the order in which the formula names its factors. */
function figures(method: Method, raws: readonly number[], iceMean = false): Score {
  const names = requiredFactors(method);
  const model = aModel({ method, iceMean, factors: names.map(name => aFactor({ name })) });
  return scored(holding(Object.fromEntries(names.map((name, i) => [name, raws[i] ?? null]))), model);
}

/** A published weighted table on 0..`top` is ours on 0..100: published x 100 / top. */
function weightedTable(weights: readonly number[], raws: readonly number[], top: number): number {
  const names = weights.map((_, i) => `f${i}`);
  const factors = names.map((name, i) => aFactor({ name, weight: weights[i] ?? 0, scale: [0, top] }));
  const item = holding(Object.fromEntries(names.map((name, i) => [name, raws[i] ?? null])));
  return scored(item, aModel({ factors })).score ?? NaN;
}

describe('scoring/methods against published figures', () => {
  it.each([
    [[0.3, 0.4, 0.3], [9, 7, 8], 10, 7.9],
    [[0.3, 0.4, 0.3], [7, 8, 6], 10, 7.1],
    [[0.3, 0.4, 0.3], [8, 6, 7], 10, 6.9],
    [[0.15, 0.2, 0.2, 0.45], [50, 76, 80, 98], 100, 82.8],
    [[0.4, 0.25, 0.2, 0.15], [9, 10, 4, 8], 10, 8.1],
    [[0.4, 0.25, 0.2, 0.15], [7, 6, 5, 5], 10, 6.05],
  ])('weighted: %j on %j of %d is %d', (weights, raws, top, published) => {
    expect(weightedTable(weights, raws, top)).toBe(roundHalfUp((published * 100) / top));
  });

  it.each([
    ['wsjf', [100, 50, 20, 10], 17],
    ['wsjf', [80, 30, 10, 5], 24],
    ['wsjf', [8, 21, 13, 8], 5.25],
    ['wsjf', [8, 5, 3, 4], 4],
    ['rice', [2000, 2, 0.8, 3], 1067],
    ['rice', [5000, 0.5, 1, 1], 2500],
    ['rice', [10, 3, 1, 6], 5],
    ['rice', [10000, 3, 1, 0.5], 60000],
    ['rice', [50000, 2, 0.8, 3], 26667],
    ['ice', [8, 7, 5], 280],
    ['ice', [6, 9, 8], 432],
    ['cost-of-delay', [5000, 2], 2500],
    ['cost-of-delay', [30000, 4], 7500],
    ['cost-of-delay', [50000, 8], 6250],
    ['cost-of-delay', [10, 2], 5],
    ['cost-of-delay', [30, 4], 7.5],
  ] as const)('%s of %j is %d', (method, raws, published) => {
    const raw = figures(method, raws).raw ?? NaN;

    expect(Number.isInteger(published) ? roundHalfUp(raw, 0) : raw).toBeCloseTo(published, 9);
  });

  it('ice as a mean: 8, 7, 6 is 7', () => {
    expect(figures('ice', [8, 7, 6], true).raw).toBe(7);
  });

  it('product and mean of ice can disagree about the order', () => {
    const even = [5, 5, 5];
    const uneven = [10, 10, 1];

    expect(figures('ice', even).score).toBeGreaterThan(figures('ice', uneven).score ?? NaN);
    expect(figures('ice', even, true).score).toBeLessThan(figures('ice', uneven, true).score ?? NaN);
  });

  it('the order by cost of delay and duration costs the least delay', () => {
    // Weeks and profit per week; 790,000 is the published minimum of all orders.
    const jobs = [
      { weeks: 2, perWeek: 5_000 },
      { weeks: 4, perWeek: 30_000 },
      { weeks: 8, perWeek: 50_000 },
    ];
    const figure = (job: (typeof jobs)[number]) => figures('cost-of-delay', [job.perWeek, job.weeks]).raw ?? NaN;
    const ordered = [...jobs].sort((a, b) => figure(b) - figure(a));

    let done = 0;
    let cost = 0;
    for (const { weeks, perWeek } of ordered) {
      done += weeks;
      cost += done * perWeek;
    }

    expect(cost).toBe(790_000);
  });
});

const table = new URL('../../../../shared/data/oracles-published-scores.csv', import.meta.url);

interface Oracle {
  readonly method: string;
  readonly item: string;
  readonly raws: readonly number[];
  readonly weights: readonly number[];
  /** Recomputed where the publication made an arithmetic error. */
  readonly figure: number;
}

/** Splits a CSV line whose quotes are doubled inside quoted fields. */
function cells(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(m => (m[1] ?? m[2] ?? '').replace(/""/g, '"'));
}

function readOracles(): readonly Oracle[] {
  if (!existsSync(table)) return [];
  const [head = '', ...lines] = readFileSync(table, 'utf8').trim().split(/\r?\n/);
  const names = cells(head);
  return lines.map(line => {
    const row = cells(line);
    const cell = (name: string) => row[names.indexOf(name)] ?? '';
    const numbers = (columns: readonly string[]) => columns.map(cell).filter(Boolean).map(Number);
    const spaced = (name: string) => cell(name).split(' ').filter(Boolean).map(Number);
    const own = ['user_business_value', 'time_criticality', 'rr_oe', 'job_size'];
    const columns = cell('method') === 'wsjf' ? own : ['reach', 'impact', 'confidence', 'effort'];
    return {
      method: cell('method'),
      item: cell('item'),
      raws: cell('method') === 'weighted' ? spaced('scores') : numbers(columns),
      weights: spaced('weights'),
      figure: Number(cell('recomputed')),
    };
  });
}

const oracles = readOracles();

describe.skipIf(oracles.length === 0)('scoring/methods against the collected publications', () => {
  it.each(oracles)('$method: $item is $figure', ({ method, raws, weights, figure }) => {
    if (method === 'weighted') expect(weightedTable(weights, raws, 10)).toBe(roundHalfUp(figure * 10));
    else expect(figures(method === 'wsjf' ? 'wsjf' : 'rice', raws).raw).toBeCloseTo(figure, 4);
  });
});
