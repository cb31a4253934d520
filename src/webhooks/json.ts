import { z } from 'zod';

/** The body is not what the tracker documents. */
export class MalformedError extends Error {
  override name = 'MalformedError';
}

/** Reads JSON text; a byte order mark before it is harmless. Throws MalformedError. */
export function readJson(bytes: Buffer): unknown {
  const text = new TextDecoder('utf-8').decode(bytes);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new MalformedError('The body is no JSON.', { cause });
  }
}

/** What a schema makes of a part of a body. Throws MalformedError naming the place, never a value. */
export function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const found = schema.safeParse(body);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the body' : issue.path.join('.');
  throw new MalformedError(`${place} is not as documented.`);
}

/** A tracker's numeric id, as number or text; above zero. */
export const Id = z
  .union([z.number().int().positive(), z.string().regex(/^[1-9]\d{0,18}$/)])
  .transform(id => String(id));
