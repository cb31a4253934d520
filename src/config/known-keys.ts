import { configJsonSchema } from './json-schema.ts';

type Node = Readonly<Record<string, unknown>>;

/** The keys that the schema knows at a path, for suggestions; empty where any name may stand. */
export function knownKeysAt(path: readonly PropertyKey[]): readonly string[] {
  const root = configJsonSchema();
  let nodes: readonly Node[] = [root];
  for (const step of path) nodes = nodes.flatMap(node => children(node, step, root));
  return [...new Set(nodes.flatMap(node => Object.keys(asNode(node.properties) ?? {})))];
}

function children(node: Node, step: PropertyKey, root: Node): readonly Node[] {
  const named =
    asNode(asNode(node.properties)?.[String(step)]) ?? asNode(node.additionalProperties) ?? asNode(node.items);
  return named === null ? [] : alternatives(named, root);
}

function alternatives(node: Node, root: Node): readonly Node[] {
  if (typeof node.$ref === 'string') {
    const target = node.$ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, step) => asNode(at)?.[step], root);
    return alternatives(asNode(target) ?? {}, root);
  }
  const choices = Array.isArray(node.anyOf) ? node.anyOf : [];
  return choices.length === 0 ? [node] : choices.flatMap(choice => alternatives(asNode(choice) ?? {}, root));
}

function asNode(value: unknown): Node | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : null;
}
