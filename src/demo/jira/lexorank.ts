/**
 * Rank strings as Jira keeps them: `bucket|body:more`, in base 36, compared byte by byte. Bodies here are six
 * digits where there is room and go on behind the colon where there is not.
 */

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const LENGTH = 6;
const LOWEST = '0'.repeat(LENGTH);
const HIGHEST = 'z'.repeat(LENGTH);

export interface Rank {
  readonly bucket: string;
  readonly body: string;
}

/** Throws on a string that is not a rank. */
export function parseRank(rank: string): Rank {
  const found = /^([012])\|([0-9a-z]+):([0-9a-z]*)$/.exec(rank);
  if (found === null) throw new Error(`"${rank}" is not a rank.`);
  // The part behind the colon continues the body, as a fraction does.
  return { bucket: found[1] ?? '0', body: `${found[2] ?? ''}${found[3] ?? ''}` };
}

export const isRank = (value: unknown): value is string =>
  typeof value === 'string' && /^[012]\|[0-9a-z]+:[0-9a-z]*$/.test(value);

/** `count` ranks strictly between two neighbours, ascending; null means the end of the list. */
export function ranksBetween(low: string | null, high: string | null, count: number): readonly string[] {
  const bucket = parseRank(low ?? high ?? `0|${LOWEST}:`).bucket;
  const from = low === null ? LOWEST : parseRank(low).body;
  const to = high === null ? HIGHEST : parseRank(high).body;
  return spread(from, to, count).map(body => written(bucket, body));
}

/** `count` ranks spread over the whole bucket: a fresh or a rebalanced list. */
export function freshRanks(count: number, bucket = '0'): readonly string[] {
  return spread(LOWEST, HIGHEST, count).map(body => written(bucket, body));
}

/** Digits beyond the usual length stand behind the colon: before it they would sort below the shorter body, byte by byte. */
function written(bucket: string, body: string): string {
  return `${bucket}|${body.slice(0, LENGTH)}:${body.slice(LENGTH)}`;
}

/** Equal steps between two bodies, at the shortest length that has room for all. */
function spread(from: string, to: string, count: number): readonly string[] {
  for (let length = Math.max(from.length, to.length, LENGTH); ; length += 1) {
    const low = valueOf(from.padEnd(length, '0'));
    const step = (valueOf(to.padEnd(length, '0')) - low) / BigInt(count + 1);
    if (step < 1n) continue;
    return Array.from({ length: count }, (_, place) => bodyOf(low + step * BigInt(place + 1), length));
  }
}

function valueOf(body: string): bigint {
  let value = 0n;
  for (const digit of body) value = value * 36n + BigInt(DIGITS.indexOf(digit));
  return value;
}

/** Trailing zeros beyond the usual length say nothing and are dropped. */
function bodyOf(value: bigint, length: number): string {
  let body = value.toString(36).padStart(length, '0');
  while (body.length > LENGTH && body.endsWith('0')) body = body.slice(0, -1);
  return body;
}
