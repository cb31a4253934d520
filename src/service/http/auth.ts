import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

/**
 * Lets requests with the token pass: `Authorization: Bearer <token>`, or Basic with the token as password and any user
 * name, which browsers know how to ask for. `realm`: ask browsers for it (pages); null: do not (API).
 */
export function requireToken(token: string, realm: string | null): RequestHandler {
  return (request, response, next) => {
    if (presents(request, token)) {
      next();
      return;
    }
    if (realm !== null) response.set('WWW-Authenticate', `Basic realm="${realm}", charset="UTF-8"`);
    else response.set('WWW-Authenticate', 'Bearer');
    response
      .status(401)
      .json({ error: 'This needs the API token: service.http.apiToken, or the file api-token in WINNOW_DATA.' });
  };
}

function presents(request: IncomingMessage, token: string): boolean {
  const header = request.headers.authorization ?? '';
  const [scheme = '', value = ''] = header.split(' ', 2);
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return sameSecret(value, token);
    case 'basic': {
      const pair = Buffer.from(value, 'base64').toString('utf8');
      return sameSecret(pair.slice(pair.indexOf(':') + 1), token);
    }
    default:
      return false;
  }
}

/** In constant time, whatever the lengths: digests of equal length are compared. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * Refuses what other sites make a browser send: the browser attaches remembered credentials by itself. Programs send
 * neither header.
 */
export const refuseCrossSite: RequestHandler = (request, response, next) => {
  const site = request.headers['sec-fetch-site'];
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!foreignSite && !foreignOrigin(request)) {
    next();
    return;
  }
  response.status(403).json({ error: 'Requests from other sites are refused.' });
};

function foreignOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return false;
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host;
}
