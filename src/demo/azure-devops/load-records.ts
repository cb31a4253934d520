import { createFieldCatalogue, type Field } from './field-catalogue.ts';
import { identityFromText, personNamed, type Identity } from './identity.ts';
import type { ProcessName } from './process.ts';
import type { AzureDevOpsRecords, FieldMap, FieldValue, SeedItem, SeedLink, SeedRevision } from './records.ts';
import { joinTags, splitTags } from './tags.ts';

/** A line of an export. */
export interface RawRecord {
  readonly id: number;
  readonly rev?: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly relations?: readonly { readonly rel?: unknown; readonly url?: unknown }[] | null;
  readonly _template?: string;
}

const NOBODY = personNamed('Unknown', 'unknown@example.invalid');
const OLDEST_OF_ALL = Date.UTC(2020, 0, 1);

/** Turns lines of an export into projects and items with a synthesised history. The same lines give the same result. */
export function recordsFrom(raw: readonly RawRecord[]): AzureDevOpsRecords {
  const templates = Map.groupBy(raw, record => record._template ?? 'Export');
  const oldestOfFile = oldest(raw) ?? OLDEST_OF_ALL;
  const taken = new Set<number>();
  let highest = Math.max(0, ...raw.map(({ id }) => id));
  const items: SeedItem[] = [];
  for (const [project, records] of templates) {
    const ids = new Map<number, number>();
    for (const { id } of records) {
      if (ids.has(id)) throw new Error(`The export holds item ${id} of "${project}" twice.`);
      const own = taken.has(id) ? (highest += 1) : id;
      taken.add(own);
      ids.set(id, own);
    }
    const fallback = oldest(records) ?? oldestOfFile;
    for (const record of records) items.push(seedItem(record, { project, ids, fallback }));
  }
  const projects = [...templates].map(([name, records]) => ({ name, process: guessProcess(records) }));
  return { projects, items };
}

function guessProcess(records: readonly RawRecord[]): ProcessName {
  const types = new Set(records.map(({ fields }) => fields['System.WorkItemType']));
  if (types.has('User Story')) return 'Agile';
  if (types.has('Product Backlog Item')) return 'Scrum';
  if (types.has('Requirement')) return 'CMMI';
  if (types.has('Issue')) return 'Basic';
  const states = new Set(records.map(({ fields }) => fields['System.State']));
  return states.has('Committed') || states.has('Approved') || states.has('Done') ? 'Scrum' : 'Agile';
}

function instantOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? null : at;
}

function oldest(records: readonly RawRecord[]): number | null {
  const times = records.flatMap(({ fields }) =>
    [fields['System.CreatedDate'], fields['System.ChangedDate']].map(instantOf).filter(at => at !== null),
  );
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
}

interface Home {
  readonly project: string;
  /** Number in the export -> number here. */
  readonly ids: ReadonlyMap<number, number>;
  /** When something happened that has no date. */
  readonly fallback: number;
}

function seedItem(record: RawRecord, home: Home): SeedItem {
  const { fields } = record;
  const created = instantOf(fields['System.CreatedDate']) ?? home.fallback;
  const changed = instantOf(fields['System.ChangedDate']) ?? created;
  const now = ownFields(record, home.project);
  const comment = typeof fields['System.History'] === 'string' ? fields['System.History'] : '';
  const last = { at: new Date(changed), by: whoIn(fields['System.ChangedBy']), fields: now };
  const revisions: readonly SeedRevision[] =
    changed > created
      ? [
          { at: new Date(created), by: whoIn(fields['System.CreatedBy']), fields: asCreated(now) },
          comment === '' ? last : { ...last, comment },
        ]
      : [{ at: new Date(created), by: whoIn(fields['System.CreatedBy']), fields: now }];
  return { id: home.ids.get(record.id) ?? record.id, project: home.project, revisions, links: linksOf(record, home) };
}

/** The tags are what most likely came later; an export tells only the last state. */
function asCreated(fields: FieldMap): FieldMap {
  const { 'System.Tags': _tags, ...rest } = fields;
  return rest;
}

function whoIn(value: unknown): Identity {
  return typeof value === 'string' ? (identityFromText(value) ?? NOBODY) : NOBODY;
}

function linksOf(record: RawRecord, { ids }: Home): readonly SeedLink[] {
  return (record.relations ?? []).flatMap(({ rel, url }) => {
    const number = /\/workItems\/(\d+)$/i.exec(String(url))?.[1];
    const target = number === undefined ? undefined : ids.get(Number(number));
    return target === undefined || typeof rel !== 'string' ? [] : [{ rel, target }];
  });
}

const catalogue = createFieldCatalogue();

/** Fields as the organisation holds them: no empty or foreign ones, trees under the project's own root, numbers as numbers. */
function ownFields({ fields }: RawRecord, project: string): FieldMap {
  const own: Record<string, FieldValue> = {
    'System.TeamProject': project,
    'System.Reason': 'New',
    'System.Title': '(untitled)',
  };
  for (const [ref, raw] of Object.entries(fields)) {
    const field = catalogue.find(ref);
    if (field === null || field.ref === 'System.History') continue;
    if (field.readOnly && field.ref !== 'System.WorkItemType') continue;
    const value = valueOf(field, raw, project);
    if (value !== null) own[field.ref] = value;
  }
  for (const tree of ['System.AreaPath', 'System.IterationPath']) own[tree] ??= project;
  return own;
}

function valueOf(field: Field, raw: unknown, project: string): FieldValue | null {
  if (raw === null || raw === undefined || raw === '') return null;
  if (field.identity) return typeof raw === 'string' ? identityFromText(raw) : null;
  if (field.type === 'treePath') return [project, ...String(raw).split('\\').slice(1)].join('\\');
  if (field.type === 'integer' || field.type === 'double') {
    const number = Number(raw);
    return Number.isFinite(number) ? number : null;
  }
  if (field.ref === 'System.Tags') return joinTags(splitTags(String(raw)));
  if (field.type === 'boolean') return raw === true || raw === 'true' || raw === 'True';
  const text = String(raw).replaceAll('$ProjectName$', project);
  return text === '' ? null : text;
}
