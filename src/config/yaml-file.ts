import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Pair, Scalar } from 'yaml';
import { expand, type Environment } from './expand.ts';
import type { Path, Problem } from './problem.ts';
import { yamlProblem } from './yaml-errors.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem with its place; YAML errors have no path. */
export interface Placed extends Problem, Position {}

/** A file as parsed and expanded, with the way back to lines and columns. */
export interface YamlFile {
  readonly value: unknown;
  readonly problems: readonly Placed[];
  /** The variables whose values stand at a path now; through an alias, too. */
  variablesAt(path: Path): readonly string[] | null;
  /** Of the key that leads to the value, or as far as the path exists. */
  positionOf(path: Path): Position;
}

/** Parses YAML 1.2, then expands variables in its texts (never in keys). */
export function readYaml(text: string, environment: Environment): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? { line: 1, column: 1 } : { line, column: col };
  };
  const positionOf = (path: Path): Position => positionAt(nodeAt(document, path).offset);
  const failed = (problems: readonly Placed[]): YamlFile => ({
    value: null,
    problems,
    variablesAt: () => null,
    positionOf,
  });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return failed(
      broken.map(error => ({
        path: error.code === 'DUPLICATE_KEY' ? pathAt(document, error.pos[0]) : [],
        message: yamlProblem(error.code),
        ...positionAt(error.pos[0]),
      })),
    );
  }
  const { problems, expanded } = expandAll(document, environment, positionOf);
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    const variablesAt = (path: Path): readonly string[] | null => expanded.get(nodeAt(document, path).node) ?? null;
    return { value, problems, variablesAt, positionOf };
  } catch (error) {
    // Unresolved aliases, and aliases that multiply without end.
    if (!(error instanceof ReferenceError)) throw error;
    return failed([{ path: [], message: yamlProblem('BAD_ALIAS'), line: 1, column: 1 }]);
  }
}

function expandAll(
  document: Document,
  environment: Environment,
  positionOf: (path: Path) => Position,
): { readonly problems: readonly Placed[]; readonly expanded: ReadonlyMap<unknown, readonly string[]> } {
  const problems: Placed[] = [];
  const expanded = new Map<unknown, readonly string[]>();
  visit(document, {
    Pair(_key, pair, ancestors) {
      if (keyOf(pair) !== '__proto__') return;
      const path = pathOf([...ancestors, pair]);
      problems.push({ path, message: 'cannot be a key; choose another name', ...positionOf(path) });
    },
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const { text, names, problem } = expand(node.value, environment);
      const path = pathOf([...ancestors, node]);
      node.value = text;
      expanded.set(node, names);
      if (problem !== null) problems.push({ path, message: problem, ...positionOf(path) });
    },
  });
  return { problems, expanded };
}

/** From the visitor's ancestors: a document, maps with their pairs, sequences. */
function pathOf(chain: readonly unknown[]): Path {
  const path: (string | number)[] = [];
  chain.forEach((node, index) => {
    if (isSeq(node)) path.push(node.items.indexOf(chain[index + 1]));
    if (isMap(node)) path.push(keyOf(chain[index + 1] as Pair));
  });
  return path;
}

function pathAt(document: Document, offset: number): Path {
  let found: Path = [];
  visit(document, {
    Pair(_key, pair, ancestors) {
      if (isNode(pair.key) && pair.key.range?.[0] === offset) found = pathOf([...ancestors, pair]);
    },
  });
  return found;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String((pair.key as Scalar).value) : String(pair.key);
}

/** Where a path leads, or how far it goes: the offset of the last key, and the node if the path was walked to its end. */
function nodeAt(document: Document, path: Path): { readonly offset: number; readonly node: unknown } {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    const pair = isMap(node) ? node.items.find(item => keyOf(item) === String(step)) : undefined;
    const next: unknown = isSeq(node) ? node.items[Number(step)] : pair?.value;
    const place = pair === undefined ? next : pair.key;
    if (!isNode(place)) return { offset, node: undefined };
    offset = place.range?.[0] ?? offset;
    node = next;
  }
  return { offset, node: isAlias(node) ? node.resolve(document) : node };
}
