import {
  BadAnswerError,
  CredentialError,
  NotFoundError,
  PermissionError,
  RejectedError,
  TrackerBusyError,
} from '../../errors.ts';
import { vendorText } from '../vendor-text.ts';
import { pauseOf, type Headers } from './throttle-headers.ts';

/** One answer as it came over the wire. */
export interface Answer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** No answer, or one that leaves open whether the request had its effect (5xx, timeout, reset). */
export class ServerTroubleError extends Error {
  override name = 'ServerTroubleError';
  /** Whom we asked. */
  readonly host: string;

  constructor(message: string, options: { readonly host: string; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.host = options.host;
  }
}

/** Code of the refusal that names the limit of 10,000 revisions per work item. */
export const revisionLimit = 'revision-limit';

const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * The error that an answer stands for, or null for a good one. The vendor's client hides three failures: 404 becomes
 * null, the HTML sign-in page sent with 203 becomes null, and unreadable JSON becomes null.
 */
export function errorOf(answer: Answer, now: Date, secrets: readonly string[] = []): Error | null {
  const { status } = answer;
  if (status === 203 || redirects.has(status) || status === 401) return credentialError(answer);
  if (status >= 200 && status < 300) return badBody(answer);
  const said = sayingOf(answer);
  const text = `Azure DevOps answered ${status} to ${whereOf(answer)}: ${vendorText(said.message, secrets)}`;
  if (status === 403) return new PermissionError(`${text}. Check the permissions of the account.`);
  if (status === 404) return new NotFoundError(text);
  if (status === 429 || (status === 503 && pauseOf(answer.headers, now) !== null)) return busyError(answer, text, now);
  if (status === 500 && /revision/i.test(said.message) && /limit|maximum|exceed|10[,.]?000/i.test(said.message)) {
    return new RejectedError(text, { status, code: revisionLimit });
  }
  if (status >= 500 || status === 408) return new ServerTroubleError(text, { host: new URL(answer.url).host });
  return new RejectedError(text, { status, code: said.code });
}

function credentialError(answer: Answer): Error {
  const how = answer.status === 401 ? 'refused the credential' : 'sent its sign-in page instead of data';
  return new CredentialError(
    `Azure DevOps ${how} (${answer.status} to ${whereOf(answer)}). ` +
      'Renew the token or secret of this connection, and see that it has the scopes "Work items (read & write)" and "Project and team (read)".',
  );
}

function badBody(answer: Answer): Error | null {
  if (answer.status === 204) return null;
  if (/text\/html/i.test(String(answer.headers['content-type'] ?? '')) || /^\s*</.test(answer.body)) {
    return new BadAnswerError(
      `${whereOf(answer)} answered with a web page instead of JSON. Check the url of the connection, and any proxy in between.`,
    );
  }
  try {
    // No resource that we ask for is null; the vendor's client would hand it on as "there is no such thing".
    if (JSON.parse(answer.body) !== null) return null;
    return new BadAnswerError(`${whereOf(answer)} answered with null instead of data.`);
  } catch (cause) {
    return new BadAnswerError(
      `${whereOf(answer)} answered with JSON that breaks off or cannot be read. Is a proxy in between?`,
      {
        cause,
      },
    );
  }
}

function busyError(answer: Answer, text: string, now: Date): Error {
  const pause = pauseOf(answer.headers, now);
  return new TrackerBusyError(text, {
    retryAt: pause === null ? null : new Date(now.getTime() + pause),
    reason: String(answer.headers['x-ratelimit-resource'] ?? '') || null,
  });
}

/** Method and path, without the query: tokens and long field lists help nobody. */
function whereOf(answer: Answer): string {
  return `${answer.method} ${new URL(answer.url).pathname}`;
}

interface Envelope {
  readonly message?: unknown;
  readonly typeKey?: unknown;
  readonly customProperties?: { readonly RuleValidationErrors?: unknown };
}

/** The vendor's own words and code: `TF401232`, `VS402337`, else the exception's key. Some 404s are plain text. */
function sayingOf(answer: Answer): { readonly message: string; readonly code: string | null } {
  let envelope: Envelope = {};
  try {
    const parsed: unknown = JSON.parse(answer.body);
    if (typeof parsed === 'object' && parsed !== null) envelope = parsed;
  } catch {
    envelope = { message: /^\s*</.test(answer.body) ? '' : answer.body.slice(0, 300) };
  }
  const message =
    typeof envelope.message === 'string' && envelope.message !== '' ? envelope.message : 'no reason given';
  const code = /\b(?:TF|VS)\d{5,6}\b/.exec(message)?.[0];
  const key = typeof envelope.typeKey === 'string' ? envelope.typeKey : null;
  const rules = brokenRules(envelope.customProperties?.RuleValidationErrors);
  return { message: rules === '' ? message : rules, code: code ?? key };
}

function brokenRules(errors: unknown): string {
  if (!Array.isArray(errors)) return '';
  return errors
    .map((error: { fieldReferenceName?: unknown; errorMessage?: unknown }) =>
      [error.fieldReferenceName, error.errorMessage].filter(part => typeof part === 'string').join(': '),
    )
    .filter(text => text !== '')
    .join('; ');
}
