import { BadAnswerError, NotFoundError } from '../errors.ts';
import type { Trouble } from './retry.ts';

/** Failures before anything was sent; all others may have struck after the request arrived. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The system's code of a failed request (`ECONNRESET`), wherever in the chain of causes it stands; null if there is none. */
export function networkCode(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code: unknown = 'code' in at ? at.code : undefined;
    if (typeof code === 'string') return code;
    const first: unknown = at instanceof AggregateError ? at.errors[0] : undefined;
    if (first instanceof Error && 'code' in first && typeof first.code === 'string') return first.code;
  }
  return null;
}

export function networkTrouble(error: unknown): Trouble {
  return neverSent.has(networkCode(error) ?? '') ? { kind: 'not-sent' } : { kind: 'unknown' };
}

/** What only a person can heal: an address that does not exist, or a host that cannot prove who it is. */
export function unreachable(code: string | null, host: string): Error | null {
  if (code === 'ENOTFOUND') {
    return new NotFoundError(`There is no host ${host}. Check the connection's url and this machine's name service.`);
  }
  if (code !== null && /CERT|SIGNATURE|TLS/.test(code)) {
    return new BadAnswerError(`${host} cannot prove who it is (${code}). Is a proxy in between, or its CA unknown?`);
  }
  return null;
}

/** When a tracker that could not answer is asked again, for the end of a message. */
export function nextTry(retryAt: Date | null): string {
  if (retryAt !== null) return `it asked to be left alone until ${retryAt.toISOString()}`;
  return 'the next round tries again';
}
