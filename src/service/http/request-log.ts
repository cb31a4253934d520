import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import type { Logger } from 'pino';

/** Paths that are asked every few seconds and tell nothing. */
const dull = new Set(['/healthz', '/readyz', '/metrics']);

/** One line for each request: id, method, path, status, time. Never headers, bodies or queries. */
export function createRequestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: request => request.id,
    autoLogging: { ignore: request => dull.has(pathOf(request.url)) },
    customLogLevel: (_request, response, error) =>
      error !== undefined || response.statusCode >= 500 ? 'warn' : response.statusCode >= 400 ? 'info' : 'debug',
    quietReqLogger: true,
    wrapSerializers: false,
    serializers: {
      req: (request: { method?: string; url?: string }) => ({ method: request.method, path: pathOf(request.url) }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      err: (error: { message?: string }) => error.message,
    },
  }) as RequestHandler;
}

function pathOf(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}
