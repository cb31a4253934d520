import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Beside basic authentication: the header in which an Azure DevOps subscription may carry one of the passwords. */
export const secretHeader = 'x-winnow-secret';

/** Whether two texts are equal, in a time that says nothing of where they differ, nor of their length. */
export function sameSecret(given: string, known: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(known));
}

/**
 * Checks `X-Hub-Signature: sha256=<hex>`, an HMAC over the body's bytes, against several secrets (rotation). The method is
 * named by the header (WebSub 0.4); weaker ones than SHA-256 are refused.
 */
export function isSigned(header: string, body: Buffer, secrets: readonly string[]): boolean {
  const found = /^sha(256|512)=([0-9a-f]+)$/i.exec(header.trim());
  if (found === null) return false;
  const [, bits = '', hex = ''] = found;
  // Every secret is tried, so that the time says nothing of which one fits.
  return secrets
    .map(secret => sameSecret(hex.toLowerCase(), createHmac(`sha${bits}`, secret).update(body).digest('hex')))
    .some(fits => fits);
}

/** Checks basic authentication, or the secret header, against the connection's user name and passwords. */
export function isKnown(
  given: { readonly authorization: string | undefined; readonly secret: string | undefined },
  { username, passwords }: { readonly username: string; readonly passwords: readonly string[] },
): boolean {
  const [, base64 = null] = /^basic\s+([\w+/=-]+)$/i.exec(given.authorization?.trim() ?? '') ?? [];
  const basic = base64 === null ? null : Buffer.from(base64, 'base64').toString('utf8');
  const secret = given.secret ?? null;
  const fitting = passwords.flatMap(password => [
    basic !== null && sameSecret(basic, `${username}:${password}`),
    secret !== null && sameSecret(secret, password),
  ]);
  return fitting.some(fits => fits);
}
