import type { z } from 'zod';
import { BadAnswerError } from '../../errors.ts';
import type { MetadataCache } from '../connector.ts';
import type { Answer } from './call.ts';

/** A day: fields, boards and priorities change rarely. */
export const daySeconds = 86_400;

/** Reads an answer with a schema, or says which part of it is not as documented. */
export function parse<S extends z.ZodType>(answer: Answer, schema: S, what: string): z.infer<S> {
  return parseBody(answer.body, schema, what);
}

export function parseBody<S extends z.ZodType>(body: unknown, schema: S, what: string): z.infer<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the whole answer' : issue.path.join('.');
  throw new BadAnswerError(
    `Jira's answer to ${what} is not what it documents (${where}: ${issue?.message ?? 'unreadable'}). Nothing was written.`,
  );
}

/** From the cache, else asked for and kept. A cached value that no longer fits is asked for again; failures are never kept. */
export async function cached<S extends z.ZodType>(
  cache: MetadataCache,
  key: string,
  schema: S,
  load: () => Promise<z.infer<S>>,
): Promise<z.infer<S>> {
  const known = schema.safeParse(await cache.get(key));
  if (known.success) return known.data;
  const fresh = await load();
  await cache.put(key, fresh, daySeconds);
  return fresh;
}
