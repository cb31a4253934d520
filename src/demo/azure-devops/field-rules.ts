import type { FieldEdits } from './change-item.ts';
import type { Field } from './field-catalogue.ts';
import { identityFromText, isIdentity, personNamed } from './identity.ts';
import type { Organisation } from './organisation.ts';
import type { Project } from './project.ts';
import type { FieldValue } from './records.ts';
import { checkTags, splitTags } from './tags.ts';
import { badRequest, brokenRules, noSuchField, type BrokenRule } from './vendor-error.ts';

export interface RuleScope {
  readonly project: Project;
  readonly type: string;
}

export function knownField(organisation: Organisation, name: string): Field {
  const field = organisation.fields.find(name);
  if (field === null) throw noSuchField(name);
  return field;
}

/** A value from a patch as the field keeps it. Throws TF401320 for read-only fields and values of the wrong kind. */
export function fieldValue(field: Field, raw: unknown): FieldValue | null {
  const broken = (flags: string): Error => brokenRules([{ field: field.ref, fieldName: field.name, flags }]);
  if (field.readOnly) throw broken('ReadOnly, InvalidNotOldValue');
  if (raw === null || raw === undefined || raw === '') return null;
  if (field.identity) return identityValue(raw, broken);
  switch (field.type) {
    case 'integer':
    case 'double': {
      const number = typeof raw === 'number' ? raw : typeof raw === 'string' ? Number(raw) : NaN;
      if (!Number.isFinite(number)) throw broken('InvalidType');
      if (field.type === 'integer' && !Number.isInteger(number)) throw broken('InvalidType');
      return number;
    }
    case 'boolean':
      if (typeof raw !== 'boolean') throw broken('InvalidType');
      return raw;
    case 'dateTime':
      if (typeof raw !== 'string' || Number.isNaN(Date.parse(raw))) throw broken('InvalidDate');
      return raw;
    case 'string':
    case 'html':
    case 'plainText':
    case 'history':
    case 'treePath':
      if (typeof raw === 'object') throw broken('InvalidType');
      return String(raw);
    default:
      return field.type satisfies never;
  }
}

function identityValue(raw: unknown, broken: (flags: string) => Error): FieldValue {
  if (isIdentity(raw)) return raw;
  if (typeof raw === 'string') return identityFromText(raw) ?? personNamed(raw);
  const unique = typeof raw === 'object' && raw !== null && 'uniqueName' in raw ? raw.uniqueName : null;
  if (typeof unique !== 'string') throw broken('InvalidType');
  return personNamed(unique, unique);
}

/** Rules that look at the whole save: states and trees that exist, allowed values, a title, tags within limits. */
export function checkRules(organisation: Organisation, edits: FieldEdits, scope: RuleScope): void {
  const rules: BrokenRule[] = [];
  const breaks = (ref: string, flags: string): void => {
    rules.push({ field: ref, fieldName: organisation.fields.find(ref)?.name ?? ref, flags });
  };
  if (edits['System.Title'] === null) breaks('System.Title', 'Required, InvalidEmpty');
  const state = edits['System.State'];
  const states = scope.project.process.states[scope.type];
  if (state !== undefined && states !== undefined && !states.some(({ name }) => name === state)) {
    breaks('System.State', 'Required, HasValues, LimitedToValues, InvalidNotInValues');
  }
  const priority = edits['Microsoft.VSTS.Common.Priority'];
  if (typeof priority === 'number' && (priority < 1 || priority > 4)) {
    breaks('Microsoft.VSTS.Common.Priority', 'HasValues, LimitedToValues, InvalidNotInValues');
  }
  if (rules.length > 0) throw brokenRules(rules);
  checkTrees(edits, scope.project);
  const tags = edits['System.Tags'];
  if (typeof tags === 'string') checkTags(splitTags(tags));
}

function checkTrees(edits: FieldEdits, project: Project): void {
  for (const [ref, tree] of [
    ['System.AreaPath', project.areas],
    ['System.IterationPath', project.iterations],
  ] as const) {
    const path = edits[ref];
    if (typeof path !== 'string' || tree.at(path) !== null) continue;
    throw badRequest(
      `TF401347: Invalid tree name given for work item -1, field '${ref}'.`,
      'WorkItemInvalidTreeNameException',
    );
  }
}
