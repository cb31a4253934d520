import type { HttpAnswer, HttpRequest } from '../http/message.ts';
import type { Switches } from './switches.ts';
import { errorAnswer, VendorError } from './vendor-error.ts';

const PAGE =
  '<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head><body>Sign in to your account</body></html>';

/**
 * What a request without a good token gets instead of an error: 203 with a sign-in page, or a redirect to one; PATCH is
 * answered 401 TF400813. Null: the token is good.
 */
export function checkSignIn(
  request: HttpRequest,
  { pat, switches, base }: { readonly pat: string; readonly switches: Switches; readonly base: () => string },
): HttpAnswer | null {
  if (switches.pat === 'accepted' && tokenOf(request) === pat) return null;
  if (request.method === 'PATCH' || request.method === 'DELETE') {
    const error = new VendorError(
      401,
      'UnauthorizedRequestException',
      "TF400813: The user '' is not authorized to access this resource.",
    );
    return errorAnswer(error);
  }
  const headers = { 'content-type': 'text/html; charset=utf-8', location: `${base()}/_signin` };
  if (switches.pat === 'redirect') return { status: 302, headers, text: '<html><body>Object moved</body></html>' };
  return { status: 203, headers, text: PAGE };
}

/** Basic with any user name, or Bearer. */
function tokenOf(request: HttpRequest): string | null {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  if (value === undefined) return null;
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() !== 'basic') return null;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

/** 429 TF400733, with the headers the service also sends on successful answers when it slows a client down. */
export function throttled(retryAfterSeconds: number): HttpAnswer {
  const error = new VendorError(
    429,
    'RequestBlockedException',
    "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'.",
  );
  return {
    ...errorAnswer(error),
    headers: {
      'retry-after': String(retryAfterSeconds),
      'x-ratelimit-resource': 'Concurrency',
      'x-ratelimit-delay': '1.5',
      'x-ratelimit-limit': '200',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1800000000',
    },
  };
}
