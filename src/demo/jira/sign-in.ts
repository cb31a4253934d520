import type { HttpRequest } from '../http/message.ts';
import { Refusal } from './refusal.ts';

/** The one account that may sign in. */
export interface SignIn {
  /** False for no credentials at all. Throws a refusal (401) for wrong ones. */
  check(request: HttpRequest): boolean;
  refusal(): Refusal;
  revoke(): void;
  restore(): void;
}

/** Basic with e-mail and API token, or Bearer with an access token. */
export function createSignIn(credentials: {
  readonly email: string;
  readonly apiToken: string;
  readonly accessToken: string;
}): SignIn {
  let valid = true;
  const basic = Buffer.from(`${credentials.email}:${credentials.apiToken}`).toString('base64');
  const accepted = new Set([`Basic ${basic}`, `Bearer ${credentials.accessToken}`]);
  const refusal = (): Refusal =>
    new Refusal(401, 'Client must be authenticated to access this resource.', {
      headers: { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED', 'www-authenticate': 'OAuth realm="emulated"' },
    });
  return {
    check(request) {
      const { authorization } = request.headers;
      if (authorization === undefined) return false;
      if (valid && accepted.has(authorization)) return true;
      throw refusal();
    },
    refusal,
    revoke: () => void (valid = false),
    restore: () => void (valid = true),
  };
}
