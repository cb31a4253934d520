import { roundHalfUp } from './half-up.ts';
import { isRatio } from './methods/method.ts';
import type { Model, Part, Score } from './model.ts';

/** One sentence that tells a person where a score comes from, largest contributions first. */
export function explainScore(score: Score, model: Model): string {
  const missing = score.parts.filter(part => part.value === null || part.problem !== undefined);
  const lacking = missing.length === 0 ? '' : missing.map(part => part.factor).join(', ');
  if (score.score === null) {
    return `No score: ${lacking === '' ? 'the model lacks what its method needs' : `${lacking} missing or unreadable`}.`;
  }
  const head = `Score ${figure(score.score)}${figureText(score)}${decayText(score)}`;
  const parts = contributions(score.parts, isRatio(model.method));
  const tail = lacking === '' ? '' : `; ${lacking} missing or unreadable, ${policyText(model)}`;
  return `${head}${parts === '' ? '' : `: ${parts}`}${tail}.`;
}

function contributions(parts: readonly Part[], isTerm: boolean): string {
  return [...parts]
    .filter(part => part.contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.factor < b.factor ? -1 : 1))
    .map(part => `${part.factor} ${isTerm ? '' : '+'}${figure(part.contribution)}`)
    .join(', ');
}

function figureText(score: Score): string {
  return score.raw === null ? '' : ` (raw ${figure(score.raw)})`;
}

function decayText(score: Score): string {
  return score.undecayed === null || score.undecayed === score.score
    ? ''
    : `, decayed from ${figure(score.undecayed)} by idleness`;
}

function policyText(model: Model): string {
  switch (model.missing) {
    case 'neutral':
    case 'hold':
      return 'counted as middling';
    case 'ignore':
      return 'left out';
    case 'zero':
      return 'counted as zero';
    default:
      return model.missing satisfies never;
  }
}

function figure(of: number): string {
  return String(roundHalfUp(of));
}
