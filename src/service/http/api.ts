import express, { Router, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { Log } from '../../log.ts';
import { roundJob, type Job } from '../../jobs/job.ts';
import type { Enqueued } from '../../jobs/queue.ts';
import type { BacklogSettings } from '../../settings.ts';

export interface ApiParts {
  readonly backlogs: readonly BacklogSettings[];
  readonly enqueue: (job: Job) => Promise<Enqueued>;
  readonly log: Log;
  readonly now: () => Date;
  /** What `winnow status --json` prints. */
  readonly status: () => Promise<unknown>;
  /** Checks a body; a string says what is wrong with it. */
  readonly command: (body: unknown) => string | ((signal: AbortSignal) => Promise<unknown>);
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
}

/** Saved plans travel in the body: some hundred bytes for each change. */
const commandLimit = '20mb';
/** Each may hold a whole backlog in memory. */
const mostCommands = 4;
/** Proxies and clients hang up on silence; spaces before JSON mean nothing. */
const stillHereMs = 10_000;

const RoundRequest = z.strictObject({ backlog: z.string(), sweep: z.boolean().default(false) });

/** `/api`: status, a round on demand, and any command line of the program. The caller has shown the token. */
export function createApi(parts: ApiParts): Router {
  const router = Router();
  let underWay = 0;
  router.use(noCache);
  router.get('/status', async (_request, response) => void response.json(await parts.status()));
  router.post('/rounds', express.json({ limit: '10kb' }), async (request, response) => {
    const asked = RoundRequest.safeParse(request.body);
    const found = parts.backlogs.find(backlog => backlog.name === asked.data?.backlog);
    if (!asked.success) response.status(400).json({ error: z.prettifyError(asked.error) });
    else if (found === undefined) {
      const known = parts.backlogs.map(backlog => backlog.name).join(', ');
      response.status(404).json({ error: `There is no such backlog. Known: ${known}.` });
    } else {
      const { name: backlog, connection } = found;
      const since = parts.now().toISOString();
      const job = roundJob({ connection, backlog, reason: 'person', sweep: asked.data.sweep, since });
      response.status(202).json(await parts.enqueue(job));
    }
  });
  router.post('/commands', express.json({ limit: commandLimit }), async (request, response) => {
    const command = parts.command(request.body);
    if (typeof command === 'string') response.status(400).json({ error: command });
    else if (underWay >= mostCommands) {
      const error = `The service carries out ${mostCommands} commands already. Wait until one of them ends, and try again.`;
      response.status(429).set('Retry-After', '10').json({ error });
    } else {
      underWay++;
      await answerLate(response, command, parts).finally(() => underWay--);
    }
  });
  return router;
}

const noCache: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** A round may take minutes: the answer's head goes at once, spaces follow, the body when it is there. */
async function answerLate(
  response: Response,
  command: (signal: AbortSignal) => Promise<unknown>,
  { signal }: ApiParts,
): Promise<void> {
  const left = new AbortController();
  response.on('close', () => left.abort());
  response.type('json').flushHeaders();
  const stillHere = setInterval(() => response.write(' '), stillHereMs);
  try {
    const answer = await command(AbortSignal.any([signal, left.signal]));
    response.end(JSON.stringify(answer));
  } finally {
    clearInterval(stillHere);
  }
}
