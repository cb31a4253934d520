/** JQL put together from parts. Text inside quotes is never taken for a keyword. */

interface Piece {
  readonly text: string;
  readonly quoted: boolean;
}

/** A query without its ORDER BY, in brackets. null when nothing but an ORDER BY is left. */
export function boundedJql(jql: string): string | null {
  const bare = halves(jql).condition.trim();
  return bare === '' ? null : `(${bare})`;
}

/** Whether a query sorts by this field first, ascending. */
export function sortsBy(jql: string, field: { readonly id: string; readonly name: string }): boolean {
  const [first = ''] = halves(jql).order.split(',');
  const sort = /^\s*(["']?)(.*?)\1(?:\s+asc)?\s*$/i.exec(first)?.[2] ?? '';
  return [...namesOf(field), 'Rank'].some(name => name.toLowerCase() === sort.toLowerCase());
}

function halves(jql: string): { readonly condition: string; readonly order: string } {
  let condition = '';
  for (const piece of pieces(jql)) {
    const by = piece.quoted ? null : /\border\s+by\b/i.exec(piece.text);
    if (by !== null) {
      condition += piece.text.slice(0, by.index);
      return { condition, order: jql.slice(condition.length + by[0].length) };
    }
    condition += piece.text;
  }
  return { condition, order: '' };
}

/** Project keys, names or ids that a query names outright: `project = SHOP`, `project in (SHOP, "Web Shop")`. */
export function projectsIn(jql: string): readonly string[] {
  const found: string[] = [];
  for (const match of jql.matchAll(/\bproject\s*(?:=|in)\s*(\([^)]*\)|"[^"]*"|'[^']*'|[\w-]+)/gi)) {
    const list = (match[1] ?? '').replace(/^\(|\)$/g, '');
    for (const one of list.split(',')) found.push(one.trim().replace(/^["']|["']$/g, ''));
  }
  return [...new Set(found.filter(name => name !== '' && !name.includes('(')))];
}

/** Whether a query looks at something that our own writes change, so that writing may move items in or out. */
export function looksAtOurWrites(
  jql: string,
  ownFields: readonly ({ readonly id: string; readonly name: string } | null)[],
): boolean {
  // A filter inside the filter may look at anything.
  const words = ['labels', 'updated', 'filter', ...ownFields.flatMap(field => (field === null ? [] : namesOf(field)))];
  const text = (boundedJql(jql) ?? '').toLowerCase();
  return words.some(word => text.includes(word.toLowerCase()));
}

/** A JQL string: quoted, with quotes and backslashes escaped. */
export function jqlString(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

function namesOf({ id, name }: { readonly id: string; readonly name: string }): readonly string[] {
  return [name, id, `cf[${id.replace('customfield_', '')}]`];
}

function pieces(jql: string): readonly Piece[] {
  const found: Piece[] = [];
  for (const match of jql.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^"']+|["']/gs)) {
    found.push({ text: match[0], quoted: /^["']/.test(match[0]) });
  }
  return found;
}
