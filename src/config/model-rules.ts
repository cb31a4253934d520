import { builtinFactors } from '../scoring/builtin.ts';
import { defaultReference, isRatio, requiredFactors } from '../scoring/methods/method.ts';
import { checkFactor, twins } from './factor-rules.ts';
import { ownLabels } from './own-labels.ts';
import type { Path, Problem } from './problem.ts';
import { resolveFactor } from './resolve-models.ts';
import type { ModelFile } from './schema-models.ts';
import { checkStaleness } from './staleness-rules.ts';

/** Rules of one model, beyond the shape of its keys. */
export function checkModel(model: ModelFile, path: Path): readonly Problem[] {
  const factors = Object.entries(model.factors ?? {});
  return [
    ...twins(Object.keys(model.factors ?? {}), [...path, 'factors']),
    ...factors.flatMap(([name, factor]) => checkFactor(name, factor, model.method, [...path, 'factors', name])),
    ...checkWeights(model, path),
    ...checkMethod(model, path),
    ...checkStaleness(model.staleness, [...path, 'staleness']),
    ...twins(Object.keys(model.staleness.byType), [...path, 'staleness', 'byType']),
    ...checkExemptLabels(model, path),
  ];
}

function weightsOf(
  model: ModelFile,
): readonly { readonly name: string; readonly weight: number; readonly cost: boolean }[] {
  if (model.factors === undefined) return builtinFactors;
  return Object.entries(model.factors).map(([name, factor]) => resolveFactor(name, factor));
}

function checkWeights(model: ModelFile, path: Path): readonly Problem[] {
  const sum = weightsOf(model).reduce((total, { weight }) => total + weight, 0);
  if (sum > 0) return [];
  const message = 'the weights add up to 0; give at least one factor a weight above 0';
  return [{ path: [...path, 'factors'], message }];
}

function checkMethod(model: ModelFile, path: Path): readonly Problem[] {
  const { method } = model;
  const names = weightsOf(model).map(factor => factor.name);
  const required = requiredFactors(method);
  const missing = required.filter(name => !names.includes(name));
  const problems: Problem[] = [];
  if (missing.length > 0) {
    const message = `method ${method} calculates with ${required.join(', ')}; under factors, add ${missing.join(', ')}`;
    problems.push({ path: [...path, 'method'], message });
  }
  if (method === 'value-effort') problems.push(...checkBothSides(model, path));
  const iceMean = model.ice === 'mean';
  if (isRatio(method) && model.ratioReference === undefined && defaultReference({ method, iceMean }) === null) {
    const message =
      `is missing; ${method} has no usual reference, since its figures are in your own unit. Write the raw figure ` +
      'that shall score 50: put in 1, run `winnow plan` once, and take the median of the raw figures it shows';
    problems.push({ path: [...path, 'ratioReference'], message });
  }
  return problems;
}

function checkBothSides(model: ModelFile, path: Path): readonly Problem[] {
  const weights = weightsOf(model).filter(({ weight }) => weight > 0);
  if (weights.some(({ cost }) => cost) && weights.some(({ cost }) => !cost)) return [];
  const message =
    'value-effort divides benefits by costs; give at least one factor of each a weight above 0 (cost: true makes a cost)';
  return [{ path: [...path, 'factors'], message }];
}

/** A label of ours as an exemption would take itself away: stale, so labelled; labelled, so exempt; exempt, so not stale. */
function checkExemptLabels(model: ModelFile, path: Path): readonly Problem[] {
  const own = ownLabels(model.labels.prefix);
  return model.staleness.exempt.labels.flatMap((label, index) =>
    own.has(label.toLowerCase())
      ? [
          {
            path: [...path, 'staleness', 'exempt', 'labels', index],
            message: `is a label that Winnow itself sets and removes; choose one that people set`,
          },
        ]
      : [],
  );
}
