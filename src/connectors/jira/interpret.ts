import { BadAnswerError, CredentialError, NotFoundError, PermissionError, RejectedError } from '../../errors.ts';
import type { HttpAnswer } from '../http.ts';
import { parseRetryAfter } from '../retry-after.ts';
import type { Trouble } from '../retry.ts';
import { complainedField, vendorMessage } from './vendor-message.ts';

/** What an HTTP answer means. Errors that nothing but a person can heal are returned, not thrown, so that all is one table. */
export type Meaning =
  | { readonly kind: 'body'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly reason: string | null; readonly said: string }
  | { readonly kind: 'quota'; readonly askedMs: number | null; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly error: BadAnswerError }
  | { readonly kind: 'refused'; readonly error: Error };

export interface Occasion {
  /** In the middle of a sentence: `reading the backlog`. */
  readonly what: string;
  readonly host: string;
  readonly now: Date;
  readonly secrets: readonly string[];
}

export function interpret(answer: HttpAnswer, occasion: Occasion): Meaning {
  const { status, headers, text } = answer;
  const said = vendorMessage(text, occasion.secrets);
  const login = headers.get('x-seraph-loginreason') ?? '';
  if (status === 401 || /AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(login) || isAnonymous(headers)) {
    return { kind: 'refused', error: notSignedIn(status, said, occasion) };
  }
  if (status >= 200 && status < 300) return readBody(answer, occasion);
  if (status >= 300 && status < 400) return { kind: 'unreadable', error: redirected(answer, occasion) };
  const askedMs = parseRetryAfter(headers.get('retry-after'), occasion.now);
  if (status === 429) return throttled(headers.get('ratelimit-reason'), askedMs, said);
  if (status === 503 && askedMs !== null) {
    return { kind: 'trouble', trouble: { kind: 'refused', askedMs }, reason: null, said: `503 ${said}`.trim() };
  }
  if (status >= 500 || status === 408) {
    return { kind: 'trouble', trouble: { kind: 'unknown' }, reason: null, said: `${status} ${said}`.trim() };
  }
  return { kind: 'refused', error: refusal(status, said, text, occasion) };
}

/** A missing or dead credential can fall through to anonymous access, which answers 200 with empty lists. */
function isAnonymous(headers: Headers): boolean {
  return [headers.get('x-ausername'), headers.get('x-aaccountid')].some(name => name?.toLowerCase() === 'anonymous');
}

function notSignedIn(status: number, said: string, { what, host }: Occasion): CredentialError {
  const scope = /scope/i.test(said);
  const next = scope
    ? 'The token lacks a scope for this: add it (board reading and ranking need the granular Jira Software scopes).'
    : 'Check e-mail and API token; scoped tokens work only with url: https://api.atlassian.com/ex/jira/<cloudId>.';
  return new CredentialError(`${host} did not accept the credential while ${what} (${status}${tail(said)}). ${next}`);
}

function readBody({ status, headers, text }: HttpAnswer, { what, host }: Occasion): Meaning {
  if (text.trim() === '') return { kind: 'body', status, body: null };
  const bad = (how: string): Meaning => ({
    kind: 'unreadable',
    error: new BadAnswerError(`${host} answered ${what} with ${how}. Is a proxy or sign-in page in between?`),
  });
  if (/html/i.test(headers.get('content-type') ?? '') || text.trimStart().startsWith('<')) return bad('a web page');
  try {
    return { kind: 'body', status, body: JSON.parse(text) as unknown };
  } catch (error) {
    return bad(
      `broken JSON (${text.length} characters${error instanceof SyntaxError ? ', cut off or malformed' : ''})`,
    );
  }
}

function redirected({ status, headers }: HttpAnswer, { what, host }: Occasion): BadAnswerError {
  let target = 'an unknown place';
  const location = headers.get('location') ?? '';
  if (URL.canParse(location, `https://${host}`)) target = new URL(location, `https://${host}`).host;
  return new BadAnswerError(
    `${host} redirects to ${target} while ${what} (${status}). Redirects are not followed with credentials: set url to the site's own address.`,
  );
}

function throttled(reason: string | null, askedMs: number | null, said: string): Meaning {
  if (reason !== null && /quota/i.test(reason)) return { kind: 'quota', askedMs, reason };
  return { kind: 'trouble', trouble: { kind: 'refused', askedMs }, reason, said: `429${tail(said)}` };
}

function refusal(status: number, said: string, text: string, { what, host }: Occasion): Error {
  const message = `${host} refused ${what} (${status}${tail(said)})`;
  if (status === 403) return new PermissionError(`${message}. Check the account's permissions and Jira licence.`);
  if (status === 404) return new NotFoundError(`${message}: it does not exist, or the account may not see it.`);
  return new RejectedError(message, { status, code: complainedField(text) });
}

function tail(said: string): string {
  return said === '' ? '' : `: ${said}`;
}
