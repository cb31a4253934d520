import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

/** Jira drops payloads above 25 MB; nothing larger is a delivery. */
export const mostBytes = 25 * 1024 * 1024;

/** A body that cannot be taken, with the status that says so. */
export class BodyError extends Error {
  override name = 'BodyError';
  readonly status: 400 | 413 | 503;

  constructor(status: 400 | 413 | 503, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.status = status;
  }
}

/** Memory that bodies under way may take together. */
export interface Room {
  /** False when there is no room for so many bytes more. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** A delivery is small; a hundred of the largest at once would be gigabytes. */
export function createRoom(limit: number): Room {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > limit) return false;
      taken += bytes;
      return true;
    },
    giveBack(bytes) {
      taken -= bytes;
    },
  };
}

/** Reads a request's bytes as they were sent. `done` gives their room back. Throws BodyError; or when the sender hangs up. */
export async function readBytes(
  request: IncomingMessage,
  room: Room,
): Promise<{ readonly bytes: Buffer; readonly done: () => void }> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  const done = (): void => {
    room.giveBack(size);
    size = 0;
  };
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (size + chunk.length > mostBytes) throw tooLarge();
      if (!room.take(chunk.length)) throw tooMany();
      size += chunk.length;
      chunks.push(chunk);
    }
    return { bytes: Buffer.concat(chunks), done };
  } catch (error) {
    done();
    throw error;
  }
}

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/** The body without its content encoding. Throws BodyError, also when it unpacks to more than is allowed. */
export async function unpack(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '') return bytes;
  if (!Object.hasOwn(unpackers, name)) throw new BodyError(400, 'The content encoding is none of gzip, deflate, br.');
  try {
    return await unpackers[name as keyof typeof unpackers](bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    const large = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw large ? tooLarge() : new BodyError(400, `The body is no ${name}.`, { cause });
  }
}

/** Both trackers send it again. */
export function tooMany(): BodyError {
  return new BodyError(503, 'Too many deliveries at once; send it again in a moment.');
}

function tooLarge(): BodyError {
  return new BodyError(413, 'The body is larger than 25 MB.');
}
