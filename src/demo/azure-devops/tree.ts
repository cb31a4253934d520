import { guidOf } from './identity.ts';

/** Area and iteration trees ("classification nodes"). */
export interface Node {
  readonly id: number;
  readonly identifier: string;
  readonly name: string;
  readonly kind: 'area' | 'iteration';
  /** `Payments\2026\Sprint 3`, the form that fields hold. */
  readonly path: string;
  readonly parent: Node | null;
  readonly children: Node[];
  /** Calendar days, `YYYY-MM-DD`; iterations only. */
  readonly start: string | null;
  readonly finish: string | null;
}

export interface Tree {
  readonly root: Node;
  /** The node at a path, without regard to case; null when there is none. */
  at(path: string): Node | null;
  /** Makes the node and whatever is missing above it; dates only for a new node. */
  add(path: string, dates?: { readonly start: string; readonly finish: string }): Node;
  all(): readonly Node[];
}

/** A tree whose root bears the project's name. `nextId` numbers nodes across the organisation. */
export function createTree(project: string, kind: Node['kind'], nextId: () => number): Tree {
  const nodes = new Map<string, Node>();
  const make = (path: string, parent: Node | null, dates?: { start: string; finish: string }): Node => {
    const node: Node = {
      id: nextId(),
      identifier: guidOf(`${kind} ${path}`),
      name: path.slice(path.lastIndexOf('\\') + 1),
      kind,
      path,
      parent,
      children: [],
      start: dates?.start ?? null,
      finish: dates?.finish ?? null,
    };
    parent?.children.push(node);
    nodes.set(path.toLowerCase(), node);
    return node;
  };
  const root = make(project, null);
  const at = (path: string): Node | null => nodes.get(path.toLowerCase()) ?? null;
  const add = (path: string, dates?: { start: string; finish: string }): Node => {
    const there = at(path);
    if (there !== null) return there;
    const cut = path.lastIndexOf('\\');
    if (cut < 0) throw new Error(`The path "${path}" does not start with the project "${project}".`);
    return make(path, add(path.slice(0, cut)), dates);
  };
  return { root, at, add, all: () => [...nodes.values()] };
}

/** True when the path is the node's own or below it. */
export function isUnder(path: string, top: string): boolean {
  const [low, high] = [path.toLowerCase(), top.toLowerCase()];
  return low === high || low.startsWith(`${high}\\`);
}

export type TimeFrame = 'past' | 'current' | 'future';

/** Time frame of an iteration on a day (`YYYY-MM-DD`); one without dates is in the future, as the service says. */
export function timeFrame(node: Node, today: string): TimeFrame {
  if (node.start === null || node.finish === null) return 'future';
  if (today < node.start) return 'future';
  return today > node.finish ? 'past' : 'current';
}
