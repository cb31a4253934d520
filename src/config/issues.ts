import type { LineCounter, Document } from 'yaml';

/** Something wrong at a path of the file. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** `winnow.yaml:12:5 backlogs.shop.limits.maxMoves: must be ...`, at the nearest place the file has. */
export function describeIssue(issue: Issue, file: string, document: Document, lines: LineCounter): string {
  const where = position(issue.path, document, lines);
  const path = issue.path.map(String).join('.') || '(top level)';
  return `${file}:${where} ${path}: ${issue.message}`;
}

function position(path: readonly PropertyKey[], document: Document, lines: LineCounter): string {
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    const offset = offsetOf(node);
    if (offset === null) continue;
    const { line, col } = lines.linePos(offset);
    return `${line}:${col}`;
  }
  return '1:1';
}

function offsetOf(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return null;
  return typeof node.range[0] === 'number' ? node.range[0] : null;
}

/** The known word that was probably meant, or null. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known.map(name => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.name : null;
}

/** Levenshtein distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
