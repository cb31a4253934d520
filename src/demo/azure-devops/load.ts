import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../../errors.ts';
import { recordsFrom, type RawRecord } from './load-records.ts';
import type { AzureDevOpsRecords } from './records.ts';

/**
 * Reads an export: one work item per line as the REST API writes it (`id`, `rev`, `fields`, `relations`), with
 * `_template` naming where it came from; gzipped when the name ends in `.gz`. Each template becomes a project. Throws
 * with file and line when a line is not a work item.
 */
export async function loadAzureDevOpsExport(file: string): Promise<AzureDevOpsRecords> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  // A pipe does not carry the source's failure over.
  if (input !== raw) raw.on('error', error => input.destroy(error));
  const records: RawRecord[] = [];
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() !== '') records.push(recordOf(line, `${file}, line ${number}`));
  }
  return recordsFrom(records);
}

function recordOf(line: string, place: string): RawRecord {
  let value: unknown;
  try {
    value = JSON.parse(line) as unknown;
  } catch (error) {
    throw new Error(`${place} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (!isRecord(value)) throw new Error(`${place} is not a work item: it needs a number "id" and an object "fields".`);
  return value;
}

function isRecord(value: unknown): value is RawRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { id, fields } = value as Record<string, unknown>;
  return Number.isInteger(id) && typeof fields === 'object' && fields !== null;
}
