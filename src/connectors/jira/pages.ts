import { BadAnswerError } from '../../errors.ts';

export interface TokenPage<T> {
  readonly entries: readonly T[];
  readonly nextPageToken?: string | null | undefined;
  readonly isLast?: boolean | null | undefined;
}

/**
 * Follows page tokens to the end. Jira marks the last page by `isLast`, by an absent or by an empty token. A token that
 * comes back a second time would go round for ever, and a promised page without a token would be a shorter list.
 */
export async function followPages<T>(
  what: string,
  read: (token: string | undefined) => Promise<TokenPage<T>>,
  take: (entries: readonly T[]) => void | Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const page = await read(token);
    await take(page.entries);
    const next = page.nextPageToken ?? '';
    if (page.isLast === true || (next === '' && page.isLast !== false)) return;
    if (next === '') throw new BadAnswerError(`Jira announced another page of ${what} but did not say how to get it.`);
    if (seen.has(next)) throw new BadAnswerError(`Jira sends the same page of ${what} over and over.`);
    seen.add(next);
    token = next;
  }
}

/** Slices of at most `size`. */
export function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const found: (readonly T[])[] = [];
  for (let at = 0; at < all.length; at += size) found.push(all.slice(at, at + size));
  return found;
}
