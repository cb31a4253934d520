const folded = new WeakMap<object, ReadonlyMap<string, unknown>>();

/** Names from the configuration are compared without case and surrounding blanks. */
export function foldName(name: string): string {
  return name.trim().toLowerCase();
}

/** A configured record by folded name; folded once per record, since it is asked for every item. */
export function foldKeys<T>(record: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  const known = folded.get(record);
  if (known !== undefined) return known as ReadonlyMap<string, T>;
  const fresh = new Map(Object.entries(record).map(([name, of]) => [foldName(name), of]));
  folded.set(record, fresh);
  return fresh;
}

/** Whether a list from the configuration holds a name. */
export function listHas(list: readonly string[], name: string): boolean {
  if (list.length === 0) return false;
  const wanted = foldName(name);
  return list.some(entry => foldName(entry) === wanted);
}
