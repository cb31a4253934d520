import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../../errors.ts';
import { instantOf } from './jira-time.ts';
import { arrayOf, isObject, objectOf, type Json } from './json.ts';

/** One issue as Jira's REST API returned it, Server or Cloud, best with `expand=changelog`. */
export interface RawIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: Json;
  /** `{histories: [...]}`, newest or oldest first. */
  readonly changelog?: unknown;
  /** Field names by id, as `expand=names` gives them. */
  readonly names?: unknown;
}

/** Issues of a file with one JSON object per line, plain or gzipped. Throws naming the line that is not an issue. */
export async function* readExport(path: string): AsyncGenerator<RawIssue> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // A pipe does not carry the source's failure over.
  file.on('error', error => input.destroy(error));
  let number = 0;
  for await (const line of linesOf(input.setEncoding('utf8'))) {
    number += 1;
    if (line.trim() !== '') yield issueOf(line, `${path}:${number}`);
  }
}

/** Lines end with a line feed only: issue texts may hold U+2028, at which node:readline would cut. */
async function* linesOf(input: AsyncIterable<unknown>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

/** All of them in memory. */
export async function loadExport(path: string): Promise<readonly RawIssue[]> {
  return collect(readExport(path));
}

export async function collect(records: AsyncIterable<RawIssue> | Iterable<RawIssue>): Promise<readonly RawIssue[]> {
  const all: RawIssue[] = [];
  for await (const record of records) all.push(record);
  return all;
}

/** The latest time anything happened in these records; null when they hold none. */
export function newestInstant(records: Iterable<RawIssue>): Date | null {
  let newest = -Infinity;
  for (const record of records) {
    const talk = [
      ...arrayOf(objectOf(record.fields['comment'])['comments']),
      ...arrayOf(objectOf(record.fields['worklog'])['worklogs']),
    ].flatMap(entry => [objectOf(entry)['created'], objectOf(entry)['updated']]);
    const histories = arrayOf(objectOf(record.changelog)['histories']).map(entry => objectOf(entry)['created']);
    for (const time of [record.fields['created'], record.fields['updated'], ...talk, ...histories]) {
      newest = Math.max(newest, instantOf(time) ?? -Infinity);
    }
  }
  return newest === -Infinity ? null : new Date(newest);
}

function issueOf(line: string, where: string): RawIssue {
  const value = jsonIn(line, where);
  if (!isObject(value) || typeof value['key'] !== 'string' || !isObject(value['fields'])) {
    throw new Error(`${where} is not a Jira issue: it needs "id", "key" and "fields".`);
  }
  return { ...value, id: String(value['id']), key: value['key'], fields: value['fields'] };
}

function jsonIn(line: string, where: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    throw new Error(`${where} is not JSON: ${messageOf(error)}`, { cause: error });
  }
}
