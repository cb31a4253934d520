import type { Grooming } from '../sync/grooming.ts';

/** What people are told after everything was read. */
export interface Digest extends Grooming {
  /** Moves that wait for approval. */
  readonly waiting: number;
}

/** As `Told` keeps it: `<day> <figures>`. */
export function digestState({ day, items, labels, waiting }: Digest): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${day} ${JSON.stringify({ items, waiting, labels: Object.fromEntries(sorted) })}`;
}

/** Whether a digest is news after an earlier one: figures that changed, and another day. Never where nothing asks for anybody. */
export function isNews(digest: Digest, before: string | null): boolean {
  if (digest.waiting === 0 && Object.values(digest.labels).every(count => count === 0)) return false;
  if (before === null) return true;
  const [day, figures] = split(before);
  return day !== digest.day && figures !== split(digestState(digest))[1];
}

/** `winnow-needs-estimate 5, winnow-stale 12 (+2), of 340 ranked items; 7 moves wait for approval.` */
export function digestText({ labels, items, waiting }: Digest, before: string | null): string {
  const earlier = labelsIn(before);
  const names = new Set([...Object.keys(labels), ...Object.keys(earlier ?? {})]);
  const counts = [...names].sort().flatMap(name => {
    const [count, known] = [labels[name] ?? 0, earlier === null ? null : (earlier[name] ?? 0)];
    return count === 0 && (known ?? 0) === 0 ? [] : [`${name} ${count}${difference(count, known)}`];
  });
  const flagged = counts.length === 0 ? 'Nothing is flagged' : counts.join(', ');
  const moves = waiting === 0 ? '' : `; ${waiting} ${waiting === 1 ? 'move waits' : 'moves wait'} for approval`;
  return `${flagged}, of ${items} ranked items${moves}.`;
}

function difference(now: number, before: number | null): string {
  if (before === null || before === now) return '';
  return ` (${now > before ? '+' : ''}${now - before})`;
}

function split(state: string): readonly [number, string] {
  const cut = state.indexOf(' ');
  return [Number(state.slice(0, cut)), state.slice(cut + 1)];
}

function labelsIn(state: string | null): Digest['labels'] | null {
  if (state === null) return null;
  // Our own words: written by digestState.
  return (JSON.parse(split(state)[1]) as Pick<Digest, 'labels'>).labels;
}
