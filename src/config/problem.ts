/** A key or index on the way from the top of the file to a value. */
export type Path = readonly (string | number)[];

/** Something wrong with the file. The message says what, and what to do; never a secret. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
  /** Where it is in the file, when that is not where `path` leads. */
  readonly at?: Path;
  /** True when the value has nothing to do with it, and need not be shown. */
  readonly valueless?: true;
}

/** `backlogs.shop.pins.labels[0]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** Zod's paths may hold symbols; those of a file never do. */
export function toPath(path: readonly PropertyKey[]): Path {
  return path.map(step => (typeof step === 'symbol' ? String(step) : step));
}

/** The value at a path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  let at = root;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[step];
  }
  return at;
}

/**
 * Places whose values are never shown. Everything of a connection and of the HTTP service counts, since a secret on the
 * wrong line is still a secret; models, backlogs and webhook timing hold none.
 */
export function isSecretPlace(path: Path): boolean {
  const [section, part] = path;
  if (section === 'models' || section === 'backlogs') return path.length < 3;
  return !(section === 'service' && part === 'webhooks' && path.length > 2);
}
