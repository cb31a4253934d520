export type Environment = Readonly<Record<string, string | undefined>>;

export interface Expansion {
  readonly text: string;
  /** Variables that the text names. */
  readonly names: readonly string[];
  /** Why it could not be expanded, as a sentence; what a variable holds is never part of it. */
  readonly problem: string | null;
}

const reference = /\$\{([^}]*)(\})?/g;
const inside = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Replaces `${NAME}` and `${NAME:-default}`; the default stands in for a variable that is unset or empty. What a variable
 * holds is not expanded again. There is no escape: a text that must hold `${` comes out of a variable.
 */
export function expand(text: string, environment: Environment): Expansion {
  const names: string[] = [];
  const problems: string[] = [];
  const expanded = text.replace(reference, (all: string, body: string, end: string | undefined) => {
    const parts = end === undefined ? null : inside.exec(body);
    if (parts === null) {
      problems.push('holds "${" without a variable name; write ${NAME} or ${NAME:-default}');
      return all;
    }
    const [, name = '', fallback] = parts;
    names.push(name);
    const held = environment[name];
    if (held !== undefined && (held !== '' || fallback === undefined)) return held;
    if (fallback !== undefined) return fallback;
    problems.push(`the environment variable ${name} is not set; set it, or write \${${name}:-default}`);
    return all;
  });
  return { text: expanded, names, problem: problems.length === 0 ? null : [...new Set(problems)].join('; ') };
}
