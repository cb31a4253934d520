import type { HttpRequest } from '../http/message.ts';
import type { Resource } from './resources.ts';
import { VendorError } from './vendor-error.ts';

const NEWEST = 7.2;
const NEWEST_RELEASED = 7.1;

/**
 * The api-version of a request, from the query or the Accept header, as the answer repeats it. GET and HEAD may leave it
 * out. Refuses versions the service refuses: newer than it knows, or without `-preview` where only a preview exists.
 */
export function apiVersion(request: HttpRequest, resource: Resource): string {
  const asked = request.query.get('api-version') ?? /api-version=([^;,\s]+)/i.exec(request.headers.accept ?? '')?.[1];
  if (asked === undefined) {
    if (request.method === 'GET' || request.method === 'HEAD') return String(NEWEST_RELEASED);
    throw new VendorError(
      400,
      'VssVersionNotSpecifiedException',
      `No api-version was supplied for the "${request.method}" request. The version must be supplied either as part of ` +
        'the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").',
    );
  }
  const match = /^(\d+\.\d+)(-preview(?:\.(\d+))?)?$/.exec(asked);
  if (match === null) throw outOfRange(asked);
  const [, number, preview, resourceVersion] = match;
  if (Number(number) > NEWEST || Number(resourceVersion ?? 0) > resource.resourceVersion) throw outOfRange(asked);
  if (preview === undefined && (!resource.released || Number(number) > NEWEST_RELEASED)) {
    throw new VendorError(
      400,
      'VssInvalidPreviewVersionException',
      `The requested version "${asked}" of the resource is under preview. The -preview flag must be supplied in the ` +
        `api-version for such requests. For example: "${asked}-preview"`,
    );
  }
  return asked;
}

function outOfRange(asked: string): VendorError {
  return new VendorError(
    400,
    'VssVersionOutOfRangeException',
    `The requested REST API version of ${asked} is out of range for this server. The latest REST API version this server ` +
      `supports is ${NEWEST}.`,
  );
}
