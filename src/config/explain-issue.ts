import type { z } from 'zod';
import { knownKeysAt } from './known-keys.ts';
import { nearest } from './nearest.ts';
import { isSecretPlace, toPath, valueAt, type Path, type Problem } from './problem.ts';

type ZodIssue = z.core.$ZodIssue;

/** In words that fit a YAML file; zod's own speak of JavaScript. */
const wanted: Readonly<Record<string, string>> = {
  object: 'must be a mapping of keys to values',
  record: 'must be a mapping of names to entries',
  array: 'must be a list, such as [a, b]',
  string: 'must be text',
  boolean: 'must be true or false',
};

/** What zod found, for people: one problem per key. `root` is the value that was checked. */
export function explainIssue(issue: ZodIssue, root: unknown): readonly Problem[] {
  const path = toPath(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(key, path));
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? 'is not a name' }];
    case 'invalid_union':
      return explainUnion(issue, root);
    case 'invalid_type':
      return [{ path, message: wrongType(issue, valueAt(root, path)) }];
    case 'invalid_value':
      return [{ path, message: wrongChoice(issue, path, valueAt(root, path)) }];
    default:
      return [{ path, message: issue.message }];
  }
}

function wrongType(issue: z.core.$ZodIssueInvalidType, value: unknown): string {
  const usual = wanted[issue.expected];
  const message = usual ?? issue.message;
  if (value === undefined) return `is missing; it ${message}`;
  if (value === null) return `is empty; it ${message}`;
  const quotable = issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
  return quotable ? `${message}; put it in quotes` : message;
}

function wrongChoice(issue: z.core.$ZodIssueInvalidValue, path: Path, value: unknown): string {
  const choices = issue.values.map(String);
  const meant = typeof value === 'string' && !isSecretPlace(path) ? nearest(value, choices) : null;
  const hint = meant === null ? '' : `; did you mean ${meant}?`;
  return `must be one of ${choices.join(', ')}${hint}`;
}

/** The branch that the value has the type of; where there is none, what all branches together want. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, root: unknown): readonly Problem[] {
  const path = toPath(issue.path);
  const isOfType = (branch: readonly ZodIssue[]): boolean =>
    !branch.some(inner => inner.code === 'invalid_type' && inner.path.length === 0 && inner.expected !== 'int');
  const branch = issue.errors.find(isOfType);
  if (branch !== undefined) {
    return branch.flatMap(inner => explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, root));
  }
  const messages = issue.errors.flatMap(inner =>
    inner.slice(0, 1).map(first => wanted[nameOfType(first)] ?? first.message),
  );
  return [{ path, message: [...new Set(messages)].join(', or ') }];
}

function nameOfType(issue: ZodIssue): string {
  return issue.code === 'invalid_type' ? issue.expected : '';
}

function unknownKey(key: string, path: Path): Problem {
  const known = knownKeysAt(path);
  const meant = nearest(key, known);
  // Where secrets stand, one may have been pasted as a key: only what looks like a key is repeated.
  const hidden =
    isSecretPlace([...path, key]) && path.length > 1 && meant === null && !/^[A-Za-z][A-Za-z-]{0,19}$/.test(key);
  const advice = meant === null ? `the keys here are ${known.join(', ')}` : `did you mean ${meant}?`;
  const message = `is not a key that Winnow knows; ${advice}`;
  return hidden
    ? { path, at: [...path, key], message: `one of its keys ${message}` }
    : { path: [...path, key], message, valueless: true };
}
