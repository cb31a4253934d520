import { isRatio, requiredFactors } from '../scoring/methods/method.ts';
import type { BacklogSettings } from '../settings.ts';
import type { Entries } from './entries.ts';
import { namesField, sourceOf } from './factor-kinds.ts';
import { unusablePins } from './label-rules.ts';
import type { FactorFile, ModelFile } from './schema-models.ts';
import { mixedThresholds } from './staleness-rules.ts';

/** What is not wrong, but probably not meant. */
export function warningsOf(entries: Entries, backlogs: readonly BacklogSettings[]): readonly string[] {
  const warnings = [
    ...[...entries.models].flatMap(([name, model]) => modelWarnings(`models.${name}`, model)),
    ...backlogs.flatMap(backlog => unsourced(backlog, entries)),
    ...unusablePins(entries),
  ];
  return [...new Set(warnings)];
}

/** A factor that names a field on the other tracker only is absent here. */
function unsourced(backlog: BacklogSettings, entries: Entries): readonly string[] {
  const { tracker, sources } = backlog;
  const model = entries.models.get(backlog.model);
  return Object.entries(model?.factors ?? {}).flatMap(([name, factor]) => {
    if (Object.hasOwn(sources, name) || sourceOf(name, factor) !== 'field') return [];
    const held = model !== undefined && isRatio(model.method) && requiredFactors(model.method).includes(name);
    const effect = held ? 'no item gets a score, and all keep their places' : 'it counts as absent there';
    const where = `models.${backlog.model}.factors.${name}`;
    return [
      `${where}: names no ${tracker} field, but backlog ${backlog.name} is on ${tracker}: ${effect}; add ${tracker}:`,
    ];
  });
}

function modelWarnings(path: string, model: ModelFile): readonly string[] {
  const { method, staleness } = model;
  const idle: string[] = [];
  const idleIf = (idleNow: boolean, key: string, needs: string): void => {
    if (idleNow) idle.push(`${path}.${key}: has no effect without ${needs}`);
  };
  idleIf(model.ice !== undefined && method !== 'ice', 'ice', 'method: ice');
  idleIf(model.ratioReference !== undefined && !isRatio(method), 'ratioReference', 'a ratio method');
  idleIf(
    staleness.decayFloor !== undefined && staleness.decayHalfLifeDays === undefined,
    'staleness.decayFloor',
    'decayHalfLifeDays',
  );
  const mixed = mixedThresholds(staleness).map(text => `${path}.staleness: ${text}`);
  const factors = Object.entries(model.factors ?? {}).flatMap(([name, of]) =>
    factorWarnings(`${path}.factors.${name}`, name, of),
  );
  return [...idle, ...mixed, ...factors];
}

function factorWarnings(path: string, name: string, factor: FactorFile): readonly string[] {
  const source = sourceOf(name, factor);
  const warnings: string[] = [];
  if (factor.horizonDays !== undefined && source !== 'urgency' && source !== 'age') {
    warnings.push(`${path}.horizonDays: has an effect on the built-in urgency and age only`);
  }
  if (factor.zeroIsEstimate !== undefined && source !== 'effort') {
    warnings.push(`${path}.zeroIsEstimate: has an effect on effort only`);
  }
  if (factor.scale !== undefined && !namesField(factor) && !['effort', 'demand'].includes(source)) {
    warnings.push(`${path}.scale: has no effect on the built-in ${name}`);
  }
  return warnings;
}
