import { takeEntries, type Entries } from './entries.ts';
import type { Environment } from './expand.ts';
import { explainIssue } from './explain-issue.ts';
import { isSecretPlace, pathText, valueAt, type Path, type Problem } from './problem.ts';
import { checkRules } from './rules.ts';
import { ConfigFile } from './schema.ts';
import { readYaml, type Placed, type YamlFile } from './yaml-file.ts';

/** What a file holds, and everything wrong with it: `12:5 backlogs.shop.board: must be ... (got "x")`, in file order. */
export function checkFile(
  text: string,
  environment: Environment,
): { readonly entries: Entries; readonly problems: readonly string[] } {
  const yaml = readYaml(text, environment);
  const root = readTyped(yaml);
  const entries = takeEntries(root);
  // Where YAML itself failed there is nothing more to say.
  const unreadable = yaml.problems.length > 0 && yaml.value === null;
  const shape = unreadable ? [] : checkShape(root);
  const rules = unreadable ? [] : checkRules(entries);
  const own = [...shape, ...rules].map((problem): Placed => {
    const message = problem.message + (problem.valueless === true ? '' : got(problem.path, root, yaml));
    return { ...problem, message, ...yaml.positionOf(problem.at ?? problem.path) };
  });
  return { entries, problems: inFileOrder([...yaml.problems, ...own]).map(tell) };
}

function checkShape(root: unknown): readonly Problem[] {
  const parsed = ConfigFile.safeParse(root);
  const problems = parsed.success ? [] : parsed.error.issues.flatMap(issue => explainIssue(issue, root));
  for (const section of ['connections', 'backlogs'] as const) {
    const held = valueAt(root, [section]);
    if (typeof held !== 'object' || held === null || Object.keys(held).length > 0) continue;
    problems.push({ path: [section], message: 'must have at least one entry' });
  }
  return problems;
}

/** A variable always holds text. Where a number or true/false is wanted, `port: ${PORT}` means what it says. */
function readTyped(yaml: YamlFile): unknown {
  const root = yaml.value;
  for (const issue of ConfigFile.safeParse(root).error?.issues ?? []) {
    if (issue.code !== 'invalid_type') continue;
    const path = issue.path.map(step => (typeof step === 'number' ? step : String(step)));
    const held = valueAt(root, path);
    const last = path.at(-1);
    if (typeof held !== 'string' || last === undefined || yaml.variablesAt(path) === null) continue;
    const typed = issue.expected === 'boolean' ? booleanOf(held) : numberOf(held);
    const parent = valueAt(root, path.slice(0, -1)) as Record<string | number, unknown>;
    if (typed !== null && ['boolean', 'number', 'int'].includes(issue.expected)) parent[last] = typed;
  }
  return root;
}

function booleanOf(text: string): boolean | null {
  return text === 'true' || text === 'false' ? text === 'true' : null;
}

function numberOf(text: string): number | null {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

/** ` (got "x")`; nothing where the value is missing, is a whole mapping, or might be a secret. */
function got(path: Path, root: unknown, yaml: YamlFile): string {
  const value = valueAt(root, path);
  if (value === undefined || value === null || isSecretPlace(path)) return '';
  const names = yaml.variablesAt(path);
  if (names !== null) return ` (got the value of ${names.join(', ')})`;
  if (typeof value === 'object') return Array.isArray(value) ? ' (got a list)' : '';
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return ` (got ${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown})`;
}

/** One problem per place: what follows from the first is noise. */
function inFileOrder(problems: readonly Placed[]): readonly Placed[] {
  const seen = new Set<string>();
  const first = problems.filter(({ path, line, column }) => {
    const place = path.length === 0 ? `${line}:${column}` : pathText(path);
    return !seen.has(place) && seen.add(place);
  });
  return first.sort((a, b) => a.line - b.line || a.column - b.column);
}

function tell({ line, column, path, message }: Placed): string {
  return path.length === 0 ? `${line}:${column} ${message}` : `${line}:${column} ${pathText(path)}: ${message}`;
}
