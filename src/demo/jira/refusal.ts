import type { HttpAnswer } from '../http/message.ts';

/** What the site answers instead of doing as asked. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  /** Messages by field, as in Jira's error collection. */
  readonly errors: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: {
      readonly errors?: Readonly<Record<string, string>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = more.errors ?? {};
    this.headers = more.headers ?? {};
  }
}

/** A refusal that concerns one field. */
export function fieldRefusal(field: string, message: string): Refusal {
  return new Refusal(400, '', { errors: { [field]: message } });
}

export const noSuchIssue = (): Refusal =>
  new Refusal(404, 'Issue does not exist or you do not have permission to see it.');

/** Jira's error collection; the bulk operations have a form of their own. */
export function answerOf(refusal: Refusal, form: 'collection' | 'bulk'): HttpAnswer {
  const messages = refusal.message === '' ? [] : [refusal.message];
  const json =
    form === 'bulk'
      ? { errors: [...messages, ...Object.values(refusal.errors)].map(message => ({ message })) }
      : { errorMessages: messages, errors: refusal.errors };
  return { status: refusal.status, headers: refusal.headers, json };
}
