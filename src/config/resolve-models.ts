import { builtinFactors, builtinModel, builtinStaleness, plainFactor } from '../scoring/builtin.ts';
import { hashModel } from '../scoring/model-hash.ts';
import type { Factor, Grooming, Model, Staleness, StalenessThresholds } from '../scoring/model.ts';
import { namesField, sourceOf } from './factor-kinds.ts';
import type { FactorFile, ModelFile, StalenessFile, ThresholdsFile } from './schema-models.ts';

/** `age` is built in, but in no default model; it spans a year. */
const age: Factor = { ...plainFactor, name: 'age', source: 'age', horizonDays: 365 };

/** What built-in factors mean where the file is silent. */
const usual = new Map([...builtinFactors, age].map(factor => [factor.name, factor]));

/** The models of a file; before them the built-in one, where no `default` is defined. */
export function resolveModels(models: ReadonlyMap<string, ModelFile>): readonly Model[] {
  const own = [...models].map(([name, model]) => resolveModel(name, model));
  return models.has(builtinModel.name) ? own : [builtinModel, ...own];
}

function resolveModel(name: string, file: ModelFile): Model {
  const factors = Object.entries(file.factors ?? {});
  const unhashed: Omit<Model, 'hash'> = {
    name,
    method: file.method,
    factors: file.factors === undefined ? builtinFactors : factors.map(([of, factor]) => resolveFactor(of, factor)),
    missing: file.missing,
    minCoverage: file.minCoverage,
    band: file.band,
    iceMean: file.ice === 'mean',
    ratioReference: file.ratioReference ?? null,
    staleness: resolveStaleness(file.staleness),
    grooming: resolveGrooming(file.grooming),
    labelPrefix: file.labels.prefix,
  };
  return { ...unhashed, hash: hashModel({ ...unhashed, sources: sourcesOf(factors) }) };
}

/** Another field makes another model: what was remembered for the old one must not be used. */
function sourcesOf(factors: readonly (readonly [string, FactorFile])[]): unknown {
  const named = factors.filter(([, factor]) => namesField(factor));
  if (named.length === 0) return null;
  return Object.fromEntries(
    named.map(([name, factor]) => [name, [factor.jira ?? null, factor['azure-devops'] ?? null]]),
  );
}

/** A factor with every default filled in. */
export function resolveFactor(name: string, file: FactorFile): Factor {
  const source = sourceOf(name, file);
  const known = usual.get(name);
  const base: Factor = known?.source === source ? known : { ...plainFactor, name, weight: known?.weight ?? 1 };
  const map = file.map === undefined ? null : foldNames(file.map);
  return {
    name,
    source,
    weight: file.weight ?? base.weight,
    scale: file.scale ?? (map === null ? base.scale : null),
    map,
    cost: file.cost ?? base.cost,
    horizonDays: file.horizonDays ?? base.horizonDays,
    zeroIsEstimate: file.zeroIsEstimate ?? base.zeroIsEstimate,
  };
}

function foldNames(map: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(map).map(([name, n]) => [name.trim().toLowerCase(), n]));
}

function resolveStaleness(file: StalenessFile): Staleness {
  const levels = Object.entries(file.byPriority).flatMap(([level, set]) =>
    set === undefined ? [] : [[level, thresholdsOf(set)] as const],
  );
  const types = Object.entries(file.byType).map(([type, set]) => [type, thresholdsOf(set)] as const);
  return {
    staleAfterDays: builtinStaleness.staleAfterDays,
    pruneAfterDays: builtinStaleness.pruneAfterDays,
    ...thresholdsOf(file),
    pruneBelowScore: file.pruneBelowScore,
    byPriority: Object.fromEntries(levels),
    byType: Object.fromEntries(types),
    exempt: file.exempt,
    decayHalfLifeDays: file.decayHalfLifeDays ?? null,
    decayFloor: file.decayFloor ?? builtinStaleness.decayFloor,
  };
}

/** Only the keys that were given: the others are as the less specific rule says. */
function thresholdsOf({ agingAfterDays, staleAfterDays, pruneAfterDays }: ThresholdsFile): StalenessThresholds {
  return {
    ...(agingAfterDays === undefined ? {} : { agingAfterDays }),
    ...(staleAfterDays === undefined ? {} : { staleAfterDays }),
    ...(pruneAfterDays === undefined ? {} : { pruneAfterDays }),
  };
}

const defaultMinWords = 15;

function resolveGrooming({ needsEstimate, needsDetail }: ModelFile['grooming']): Grooming {
  const estimate = typeof needsEstimate === 'object' ? needsEstimate : {};
  const detail = typeof needsDetail === 'object' ? needsDetail : { minWords: defaultMinWords };
  return {
    needsEstimate: needsEstimate === false ? null : { types: estimate.types ?? null },
    needsDetail: needsDetail === false ? null : { minWords: detail.minWords, types: detail.types ?? null },
  };
}
