import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../shared/fixtures/', import.meta.url);

/** Whether recorded deliveries lie beside this checkout. */
export const haveRecorded = existsSync(folder);

/** A recorded body as bytes that a tracker would send: some recordings hold commas too many. */
export function recorded(path: string): Buffer {
  const text = readFileSync(new URL(path, folder), 'utf8');
  return Buffer.from(text.replaceAll(/,(\s*[}\]])/g, '$1'), 'utf8');
}
