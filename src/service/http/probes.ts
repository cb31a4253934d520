import { Router } from 'express';
import type { Readiness } from '../health.ts';

export interface ProbeParts {
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
}

/** `/healthz`: the process runs and answers. `/readyz`: it can do its work, else 503 with reasons. `/metrics`. */
export function createProbes({ readiness, metrics }: ProbeParts): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const found = await readiness();
    response.status(found.ready ? 200 : 503).json(found);
  });
  router.get('/metrics', async (_request, response) => {
    const { type, text } = await metrics();
    response.type(type).send(text);
  });
  return router;
}
