import type { FieldEdits } from './change-item.ts';
import { fieldValue, knownField } from './field-rules.ts';
import { linkFrom, latest, type Item, type Link } from './item.ts';
import type { Organisation } from './organisation.ts';
import type { FieldMap, FieldValue } from './records.ts';
import { joinTags, splitTags } from './tags.ts';
import { badRequest, VendorError } from './vendor-error.ts';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value: unknown;
}

/** What a JSON Patch document asks for, checked against the item it is meant for. */
export interface Patch {
  readonly edits: FieldEdits;
  readonly addLinks: readonly Link[];
  readonly removeLinks: readonly Link[];
  readonly attach: readonly string[];
}

/**
 * Reads a JSON Patch document. A failed `test` is 412 VS403351; a path named twice VS403691; an unknown key, operation or
 * path 400. `add` on System.Tags merges with the present tags, `replace` sets them, `remove` clears them.
 */
export function readPatch(organisation: Organisation, item: Item | null, document: unknown): Patch {
  const operations = operationsOf(document);
  const id = item?.id ?? 0;
  const before = item === null ? {} : latest(item).fields;
  const edits: Record<string, FieldValue | null> = {};
  const patch = { edits, addLinks: [] as Link[], removeLinks: [] as Link[], attach: [] as string[] };
  for (const operation of operations) {
    if (operation.op === 'test') checkTest(item, operation);
    else if (operation.path.startsWith('/fields/')) {
      const field = knownField(organisation, operation.path.slice('/fields/'.length));
      edits[field.ref] = newValue(operation, before, fieldValue(field, operation.value), field.ref);
    } else if (operation.path.startsWith('/relations/')) readRelation(operation, item, id, patch);
    else throw unknownPath(operation.path);
  }
  return patch;
}

const KEYS = new Set(['op', 'path', 'value', 'from']);
/** Clients may send the operation as the number of its enumeration. */
const NUMBERED = ['add', 'remove', 'replace', 'move', 'copy', 'test'];
const OPS = new Set(['add', 'replace', 'remove', 'test']);

function operationsOf(document: unknown): readonly Operation[] {
  if (!Array.isArray(document) || document.length === 0) {
    throw badRequest(
      'You must pass a valid patch document in the body of the request.',
      'VssPropertyValidationException',
    );
  }
  const seen = new Set<string>();
  return document.map((entry: unknown) => {
    const operation = operationOf(entry);
    const key = operation.path.toLowerCase();
    if (operation.op !== 'test' && !/^\/relations\//.test(key)) {
      if (seen.has(key))
        throw badRequest(`VS403691: The path ${operation.path} is updated more than once.`, 'WorkItemPatchException');
      seen.add(key);
    }
    return operation;
  });
}

function operationOf(entry: unknown): Operation {
  if (typeof entry !== 'object' || entry === null) throw badRequest('A patch operation must be an object.');
  const record = entry as Record<string, unknown>;
  const stranger = Object.keys(record).find(key => !KEYS.has(key));
  if (stranger !== undefined) throw badRequest(`The patch operation has an unknown property "${stranger}".`);
  const { path } = record;
  const op = typeof record['op'] === 'number' ? NUMBERED[record['op']] : record['op'];
  if (typeof op !== 'string' || !OPS.has(op.toLowerCase()) || typeof path !== 'string') {
    throw badRequest(`The patch operation "${String(op)}" on "${String(path)}" is not supported.`);
  }
  return { op: op.toLowerCase(), path, value: record['value'] };
}

function unknownPath(path: string): VendorError {
  return badRequest(`Unable to evaluate path ${path}.`, 'PatchOperationFailedException');
}

function checkTest(item: Item | null, { path, value }: Operation): void {
  const actual = item === null ? undefined : tested(item, path);
  if (actual === value) return;
  throw new VendorError(
    412,
    'TestPatchOperationFailedException',
    `VS403351: Test Operation for path ${path} failed, value ${String(actual)} was not equal to test value ${String(value)}.`,
  );
}

function tested(item: Item, path: string): unknown {
  if (path === '/rev') return latest(item).rev;
  if (path === '/id') return item.id;
  if (path.startsWith('/fields/')) return latest(item).fields[path.slice('/fields/'.length)];
  throw unknownPath(path);
}

function newValue({ op, path }: Operation, before: FieldMap, value: FieldValue | null, ref: string): FieldValue | null {
  const present = before[ref];
  if (op === 'remove') return null;
  if (op === 'replace' && present === undefined) throw unknownPath(path);
  if (ref !== 'System.Tags' || op === 'replace' || typeof present !== 'string' || typeof value !== 'string') {
    return ref === 'System.Tags' && op === 'add' && value === null ? (present ?? null) : value;
  }
  return joinTags([...splitTags(present), ...splitTags(value)]);
}

interface Collected {
  readonly addLinks: Link[];
  readonly removeLinks: Link[];
  readonly attach: string[];
}

function readRelation(operation: Operation, item: Item | null, id: number, into: Collected): void {
  const place = operation.path.slice('/relations/'.length);
  if (operation.op === 'remove') {
    const link = item?.links[Number(place)];
    if (link === undefined) throw unknownPath(operation.path);
    into.removeLinks.push(link);
    return;
  }
  if (operation.op !== 'add' || place !== '-') throw unknownPath(operation.path);
  const { rel, url } = (operation.value ?? {}) as Record<string, unknown>;
  if (rel === 'AttachedFile' || rel === 'Hyperlink') {
    into.attach.push(String(url));
    return;
  }
  const target = /\/workitems\/(\d+)$/i.exec(String(url));
  const link = target === null ? null : linkFrom(id, String(rel), Number(target[1]));
  if (link === null)
    throw badRequest(`VS402839: The relation "${String(rel)}" is not known.`, 'WorkItemLinkInvalidException');
  into.addLinks.push(link);
}
