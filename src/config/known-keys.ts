import { configJsonSchema } from './json-schema.ts';
import type { Path } from './problem.ts';

type Node = Readonly<Record<string, unknown>>;

/** Made once, when the first mistake asks for it. */
let schema: Node | null = null;

/** The keys that the schema knows at a path, for suggestions; empty where any name may stand. */
export function knownKeysAt(path: Path): readonly string[] {
  schema ??= configJsonSchema();
  let nodes: readonly Node[] = [schema];
  for (const step of path) nodes = nodes.flatMap(node => below(node, step));
  return [...new Set(nodes.flatMap(node => Object.keys(asNode(node.properties) ?? {})))];
}

function below(node: Node, step: string | number): readonly Node[] {
  const properties = asNode(node.properties) ?? {};
  const named = Object.hasOwn(properties, step) ? asNode(properties[step]) : null;
  const next = named ?? asNode(node.additionalProperties) ?? asNode(node.items);
  if (next === null) return [];
  const choices: readonly unknown[] = Array.isArray(next.anyOf) ? next.anyOf : [next];
  return choices.map(asNode).filter(choice => choice !== null);
}

function asNode(value: unknown): Node | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : null;
}
