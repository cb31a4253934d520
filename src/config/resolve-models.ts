import { builtinFactors, builtinModel, plainFactor } from '../scoring/builtin.ts';
import { hashModel } from '../scoring/model-hash.ts';
import type { Factor, FactorSource, Grooming, Model, Staleness, StalenessThresholds } from '../scoring/model.ts';
import { builtinNames } from './model-rules.ts';
import type { ModelFile } from './schema-models.ts';

type FactorFile = NonNullable<ModelFile['factors']>[string];

/** Usual settings of the built-in factors; `age` is built in but in no default model. */
const usual = new Map<string, Factor>(
  [...builtinFactors, { ...plainFactor, name: 'age', source: 'age' as const, horizonDays: 365 }].map(factor => [
    factor.name,
    factor,
  ]),
);

/** The models of a file, and the built-in one where no `default` is defined. */
export function resolveModels(models: Readonly<Record<string, ModelFile>>): readonly Model[] {
  const own = Object.entries(models).map(([name, model]) => resolveModel(name, model));
  return own.some(model => model.name === 'default') ? own : [builtinModel, ...own];
}

function resolveModel(name: string, file: ModelFile): Model {
  const unhashed: Omit<Model, 'hash'> = {
    name,
    method: file.method,
    factors:
      file.factors === undefined
        ? builtinFactors
        : Object.entries(file.factors).map(([of, factor]) => resolveFactor(of, factor)),
    missing: file.missing,
    minCoverage: file.minCoverage,
    band: file.band,
    iceMean: file.ice === 'mean',
    ratioReference: file.ratioReference ?? null,
    staleness: resolveStaleness(file.staleness),
    grooming: resolveGrooming(file.grooming),
    labelPrefix: file.labels.prefix,
  };
  return { ...unhashed, hash: hashModel(unhashed) };
}

function resolveFactor(name: string, file: FactorFile): Factor {
  const base = usual.get(name) ?? { ...plainFactor, name };
  const builtin = builtinNames.find(known => known === name);
  const source: FactorSource = builtin ?? 'field';
  const map = file.map === undefined ? null : lowerKeys(file.map);
  return {
    name,
    source,
    weight: file.weight,
    scale: file.scale ?? (map === null ? base.scale : null),
    map,
    cost: file.cost ?? base.cost,
    horizonDays: file.horizonDays ?? base.horizonDays,
    zeroIsEstimate: file.zeroIsEstimate ?? base.zeroIsEstimate,
  };
}

function lowerKeys(map: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(map).map(([key, n]) => [key.toLowerCase(), n]));
}

function resolveStaleness(file: ModelFile['staleness']): Staleness {
  const { agingAfterDays } = file;
  return {
    ...(agingAfterDays === undefined ? {} : { agingAfterDays }),
    staleAfterDays: file.staleAfterDays ?? builtinModel.staleness.staleAfterDays,
    pruneAfterDays: file.pruneAfterDays ?? builtinModel.staleness.pruneAfterDays,
    pruneBelowScore: file.pruneBelowScore ?? builtinModel.staleness.pruneBelowScore,
    byPriority: Object.fromEntries(Object.entries(file.byPriority).map(([level, set]) => [level, given(set)])),
    byType: Object.fromEntries(Object.entries(file.byType).map(([type, set]) => [type, given(set)])),
    exempt: file.exempt,
    decayHalfLifeDays: file.decayHalfLifeDays ?? null,
    decayFloor: file.decayFloor,
  };
}

/** Without the keys that were not given: absent means "as the less specific threshold says". */
function given(set: Readonly<Record<string, number | undefined>>): StalenessThresholds {
  return Object.fromEntries(Object.entries(set).filter(([, days]) => days !== undefined));
}

function resolveGrooming({ needsEstimate, needsDetail }: ModelFile['grooming']): Grooming {
  const typesOf = (rule: boolean | { types?: string[] | undefined }): readonly string[] | null =>
    typeof rule === 'object' ? (rule.types ?? null) : null;
  const minWords = typeof needsDetail === 'object' ? needsDetail.minWords : 15;
  return {
    needsEstimate: needsEstimate === false ? null : { types: typesOf(needsEstimate) },
    needsDetail: needsDetail === false ? null : { minWords, types: typesOf(needsDetail) },
  };
}
