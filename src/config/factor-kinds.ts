import type { FactorSource } from '../scoring/model.ts';
import type { FactorFile } from './schema-models.ts';

/** Factor names that have a meaning of their own. */
export const builtinNames = ['priority', 'effort', 'urgency', 'demand', 'age'] as const;

/** True when the factor names a field on at least one tracker. */
export function namesField(factor: FactorFile): boolean {
  return factor.jira !== undefined || factor['azure-devops'] !== undefined;
}

/**
 * Where a factor's value comes from. effort, urgency and demand keep their meaning when a field is named: it takes the
 * place of the tracker's usual one. A field cannot be read as a priority scheme or a creation date, so priority and age
 * with a field are ordinary factors.
 */
export function sourceOf(name: string, factor: FactorFile): FactorSource {
  const builtin = builtinNames.find(known => known === name);
  if (builtin === undefined) return 'field';
  return namesField(factor) && (builtin === 'priority' || builtin === 'age') ? 'field' : builtin;
}
