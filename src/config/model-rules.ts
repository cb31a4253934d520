import type { Issue } from './issues.ts';
import type { FactorFile, ModelFile } from './schema-models.ts';
import type { z } from 'zod';

type Factor = z.infer<typeof FactorFile>;

/** Factors that a method cannot do without. */
const needed: Readonly<Partial<Record<ModelFile['method'], readonly string[]>>> = {
  wsjf: ['value', 'timeCriticality', 'riskReduction', 'jobSize'],
  rice: ['reach', 'impact', 'confidence', 'effort'],
  ice: ['impact', 'confidence', 'ease'],
  'cost-of-delay': ['costOfDelay', 'duration'],
  moscow: ['moscow'],
};

export const builtinNames = ['priority', 'effort', 'urgency', 'demand', 'age'] as const;

/** Rules of one model, beyond the shape of its keys. */
export function checkModel(model: ModelFile, path: readonly PropertyKey[]): readonly Issue[] {
  return [
    ...checkFactors(model, [...path, 'factors']),
    ...checkMethod(model, path),
    ...checkThresholds(model, [...path, 'staleness']),
  ];
}

function checkFactors(model: ModelFile, path: readonly PropertyKey[]): readonly Issue[] {
  if (model.factors === undefined) return [];
  const factors = Object.entries(model.factors);
  const issues = factors.flatMap(([name, factor]) => checkFactor(name, factor, model, [...path, name]));
  const sum = factors.reduce((total, [, factor]) => total + factor.weight, 0);
  return sum > 0
    ? issues
    : [...issues, { path, message: 'the weights add up to 0; give at least one factor a weight above 0' }];
}

function checkFactor(name: string, factor: Factor, model: ModelFile, path: readonly PropertyKey[]): readonly Issue[] {
  const issues: Issue[] = [];
  if (factor.scale !== undefined && factor.scale[0] === factor.scale[1]) {
    issues.push({ path: [...path, 'scale'], message: 'both ends are equal, so every value would count the same' });
  }
  if (factor.scale !== undefined && factor.map !== undefined) {
    issues.push({ path, message: 'has both scale and map; give one of them' });
  }
  if (builtinNames.some(builtin => builtin === name)) return issues;
  const sourced = factor.jira !== undefined || factor['azure-devops'] !== undefined;
  if (!sourced)
    issues.push({
      path,
      message: `names no field; write jira: or azure-devops:, or use a built-in factor (${builtinNames.join(', ')})`,
    });
  const graded = model.method === 'weighted' || (model.method === 'moscow' && name !== 'moscow');
  if (graded && factor.scale === undefined && factor.map === undefined) {
    issues.push({
      path,
      message: 'needs scale: [lowest, highest] or map: { name: 0..1 } to become a number from 0 to 1',
    });
  }
  return issues;
}

function checkMethod(model: ModelFile, path: readonly PropertyKey[]): readonly Issue[] {
  const names = Object.keys(model.factors ?? {});
  const missing = (needed[model.method] ?? []).filter(name => !names.includes(name));
  const issues: Issue[] = missing.map(name => ({
    path: [...path, 'factors'],
    message: `method ${model.method} needs a factor named ${name}`,
  }));
  if (model.method === 'value-effort') {
    const factors = Object.entries(model.factors ?? {});
    const costs = factors.filter(([name, factor]) => factor.cost ?? name === 'effort').length;
    if (costs === 0 || costs === factors.length) {
      issues.push({
        path: [...path, 'factors'],
        message: 'value-effort needs at least one benefit and one factor with cost: true',
      });
    }
  }
  if (model.method === 'cost-of-delay' && model.ratioReference === undefined) {
    const message =
      'cost-of-delay has no default reference, for its figures are in your own money. Give the raw figure that shall score 50; the median of ' +
      'cost of delay / duration over your backlog is a good one';
    issues.push({ path: [...path, 'ratioReference'], message });
  }
  return issues;
}

type Thresholds = {
  readonly agingAfterDays?: number | undefined;
  readonly staleAfterDays?: number | undefined;
  readonly pruneAfterDays?: number | undefined;
};

function checkThresholds(model: ModelFile, path: readonly PropertyKey[]): readonly Issue[] {
  const { staleness } = model;
  const base = {
    stale: staleness.staleAfterDays ?? 90,
    prune: staleness.pruneAfterDays ?? 180,
    aging: staleness.agingAfterDays,
  };
  const check = (set: Thresholds, at: readonly PropertyKey[]): readonly Issue[] => {
    const aging = set.agingAfterDays ?? base.aging;
    const stale = set.staleAfterDays ?? base.stale;
    const prune = set.pruneAfterDays ?? base.prune;
    const issues: Issue[] = [];
    if (aging !== undefined && aging > stale)
      issues.push({ path: at, message: `aging (${aging} days) comes after stale (${stale} days)` });
    if (stale > prune) issues.push({ path: at, message: `stale (${stale} days) comes after prune (${prune} days)` });
    return issues;
  };
  return [
    ...check(staleness, path),
    ...Object.entries(staleness.byType).flatMap(([type, set]) => check(set, [...path, 'byType', type])),
    ...Object.entries(staleness.byPriority).flatMap(([level, set]) => check(set, [...path, 'byPriority', level])),
  ];
}
