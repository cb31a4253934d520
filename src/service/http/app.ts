import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { refuseCrossSite, requireToken } from './auth.ts';

export interface AppParts {
  readonly log: Log;
  /** Writes a line for each request. */
  readonly requestLog: RequestHandler;
  /** Healthz, readyz, metrics: every role serves them. */
  readonly probes: Router;
  /** What only the web role serves; null: this process has no such role. */
  readonly web: {
    readonly token: string;
    readonly webhooks: Router;
    readonly api: Router;
    readonly board: Router;
  } | null;
  /** True once the service is stopping. */
  readonly stopping: () => boolean;
}

/** Puts the routes together. Bodies are read by the routers that want them, each within its own limit. */
export function createApp({ log, requestLog, probes, web, stopping }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(nameRequest);
  app.use(requestLog);
  app.use(helmet({ strictTransportSecurity: false, contentSecurityPolicy: { directives: policy } }));
  app.use((_request, response, next) => {
    // A kept connection would hold the server open.
    if (stopping()) response.set('Connection', 'close');
    next();
  });
  app.use(probes);
  if (web !== null) {
    app.use('/webhooks', web.webhooks);
    app.use('/api', refuseCrossSite, requireToken(web.token, null), web.api);
    app.use('/admin/queues', refuseCrossSite, requireToken(web.token, 'Winnow'), readOnly, web.board);
  }
  app.use((_request, response) => void response.status(404).json({ error: 'There is nothing here.' }));
  app.use(lastResort(log));
  return app;
}

/** The queue board's page brings its own scripts, fonts and inline styles; nothing comes from elsewhere. */
const policy = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'", 'data:'],
  'frame-ancestors': ["'none'"],
  // The service speaks http behind a proxy; browsers must not turn its own addresses into https.
  'upgrade-insecure-requests': null,
};

/** A caller's own id is kept if it is harmless, so that logs of both sides meet. */
const nameRequest: RequestHandler = (request, response, next) => {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  request.id = id;
  response.set('X-Request-Id', id);
  next();
};

const readOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') next();
  else response.status(405).set('Allow', 'GET, HEAD').json({ error: 'The queue board is read-only.' });
};

/** Errors of a body (too large, no JSON) are the caller's; everything else is ours, told in the log alone. */
function lastResort(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status >= 500) log.error({ request: request.id, problem: messageOf(error) }, 'a request failed');
    const told =
      status >= 500 ? `Something went wrong; the log says what (request ${String(request.id)}).` : messageOf(error);
    response.status(status).json({ error: told });
  };
}

function statusOf(error: unknown): number {
  const given = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  return given >= 400 && given < 500 ? given : 500;
}
