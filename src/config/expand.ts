import type { Issue } from './issues.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every text of a parsed file. A variable that is missing becomes an issue;
 * what a variable holds is never part of one.
 */
export function expand(
  value: unknown,
  environment: Environment,
): { readonly value: unknown; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const visit = (node: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof node === 'string') return expandText(node, path);
    if (Array.isArray(node)) return node.map((child, index) => visit(child, [...path, index]));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child, [...path, key])]));
  };
  const expandText = (text: string, path: readonly PropertyKey[]): string =>
    text.replace(reference, (_all, name: string, fallback: string | undefined) => {
      const held = environment[name];
      if (held !== undefined && (held !== '' || fallback === undefined)) return held;
      if (fallback !== undefined) return fallback;
      issues.push({
        path,
        message: `the environment variable ${name} is not set. Set it, or write \${${name}:-default}`,
      });
      return '';
    });
  return { value: visit(value, []), issues };
}
