import { z } from 'zod';
import { itemRef, type Activity, type FieldChange } from '../item.ts';
import { Id, parse } from './json.ts';
import type { AnnouncedItem, Announcement } from './ports.ts';

/**
 * Service hooks of Azure DevOps, events of work items. Of `workitem.updated`, `resource.id` is the number of the update and
 * the item is `resource.workItemId`; everywhere else `resource.id` is the item. Some senders write the envelope's keys in
 * PascalCase; resource version 1.0 writes people as text, later ones as objects.
 */
const Envelope = z.object({
  id: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .nullish()
    .catch(null),
  subscriptionId: z.string().nullish().catch(null),
  notificationId: z.number().nullish().catch(null),
  eventType: z.string(),
  createdDate: z.string().nullish().catch(null),
});

const Fields = z.record(z.string(), z.unknown()).catch({});
const Difference = z.object({ oldValue: z.unknown().optional(), newValue: z.unknown().optional() });
const Relations = z
  .object({
    added: z.array(z.object({ url: z.string() })).catch([]),
    removed: z.array(z.object({ url: z.string() })).catch([]),
    updated: z.unknown().optional(),
  })
  .partial()
  .nullish()
  .catch(null);

const WorkItem = z.object({ id: Id.nullish().catch(null), fields: Fields });
const Update = z.object({
  /** 0 in the events that are sent to try a subscription out; null where a subscription sends too few details. */
  workItemId: z.number().int().nonnegative().nullish().catch(null),
  url: z.string().nullish().catch(null),
  id: z.union([z.string(), z.number()]).transform(String).catch(''),
  revisedBy: z.unknown().optional(),
  fields: z.record(z.string(), Difference).nullish().catch(null),
  relations: Relations,
  revision: z.object({ fields: Fields }).nullish().catch(null),
});
type Update = z.infer<typeof Update>;

/**
 * What an Azure DevOps delivery announces; null for an event that says nothing of items. Whatever is an event at all is
 * taken: the tracker puts a subscription on probation, and then ends it, for a delivery that is refused. Throws
 * MalformedError for what is no event.
 */
export function announcedByAzureDevOps(body: unknown): Announcement | null {
  const lower = lowerKeys(body);
  const envelope = parse(Envelope, lower);
  if (!envelope.eventType.startsWith('workitem.')) return null;
  const { resource } = parse(z.object({ resource: z.unknown().optional() }), lower);
  const base = {
    id: deliveryOf(envelope),
    at: dateOf(envelope.createdDate),
    sprints: [],
    boards: [],
    items: [],
    change: null,
    moved: false,
  };
  // "Resource details to send: none" sends no resource.
  const given = typeof resource === 'object' && resource !== null ? resource : {};
  if (envelope.eventType === 'workitem.updated') return { ...base, ...readUpdate(parse(Update, given), base.at) };
  const { id, fields } = parse(WorkItem, given);
  if (id === null || id === undefined) return { ...base, lacks };
  const named = announced(id, fields);
  return { ...base, items: [entering.has(envelope.eventType) ? named : { ...named, concerns: 'holders' }] };
}

/** For whoever set up the subscription. */
const lacks = 'which work item it is about. Set "Resource details to send" of the service hook to All';

/** Whereby an item may come into a backlog; comments and deletions concern only those that hold it. */
const entering = new Set(['workitem.created', 'workitem.restored']);

function lowerKeys(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, of]) => [key.slice(0, 1).toLowerCase() + key.slice(1), of]),
  );
}

/** The event's id; else the number of the notification, which counts per subscription. */
function deliveryOf({ id, subscriptionId, notificationId }: z.infer<typeof Envelope>): string | null {
  if (id !== null && id !== undefined) return id;
  if (typeof subscriptionId !== 'string' || typeof notificationId !== 'number') return null;
  return `${subscriptionId}/${notificationId}`;
}

/** Fields whose change brings an item into another project, team or level, and with it into other backlogs. */
const moving = ['System.TeamProject', 'System.AreaPath', 'System.WorkItemType'];

function readUpdate(update: Update, createdAt: Date | null): Partial<Announcement> {
  const id = itemOf(update);
  if (id === null) return { lacks };
  if (id === 0) return {};
  const fields = update.fields ?? {};
  const linked = [...(update.relations?.added ?? []), ...(update.relations?.removed ?? [])].flatMap(({ url }) => {
    const id = /\/workitems\/(\d{1,10})$/i.exec(url)?.[1];
    return id === undefined ? [] : [{ ref: itemRef('azure-devops', id), project: null, concerns: 'holders' as const }];
  });
  const at = dateOf(fields['System.ChangedDate']?.newValue) ?? createdAt;
  const only = update.relations === null || update.relations === undefined;
  return {
    items: [announced(String(id), update.revision?.fields ?? {}), ...linked],
    change: only && at !== null ? changeOf(update, fields, at) : null,
    moved: moving.some(name => name in fields),
  };
}

/** The item of an update. With minimal details only addresses may tell: `resource.id` is the number of the update. */
function itemOf({ workItemId, url }: Update): number | null {
  const told = workItemId ?? /\/workitems\/(\d{1,10})(?:\/|$)/i.exec(url ?? '')?.[1];
  return told === undefined ? null : Number(told);
}

/** Every revision moves these; they say nothing of what was done. */
const housekeeping = new Set([
  'System.Rev',
  'System.AuthorizedDate',
  'System.RevisedDate',
  'System.ChangedDate',
  'System.ChangedBy',
  'System.AuthorizedAs',
  'System.PersonId',
  'System.Watermark',
]);
const orderFields = new Set(['Microsoft.VSTS.Common.StackRank', 'Microsoft.VSTS.Common.BacklogPriority']);

function changeOf(update: Update, told: NonNullable<Update['fields']>, at: Date): Activity | null {
  const fields = Object.entries(told).flatMap(([name, difference]) =>
    housekeeping.has(name) ? [] : [fieldOf(name, difference)],
  );
  if (fields.length === 0) return null;
  return { id: update.id, at, actor: actorOf(update.revisedBy), kind: 'changed', fields };
}

function fieldOf(field: string, { oldValue, newValue }: z.infer<typeof Difference>): FieldChange {
  const [from, to] = [textOf(oldValue), textOf(newValue)];
  if (orderFields.has(field)) return { kind: 'rank', field, from, to };
  if (field !== 'System.Tags') return { kind: 'other', field, from, to };
  const [before, after] = [tagsOf(from), tagsOf(to)];
  const lacks = (tags: readonly string[], tag: string): boolean =>
    !tags.some(known => known.toLowerCase() === tag.toLowerCase());
  return {
    kind: 'labels',
    field,
    from,
    to,
    added: after.filter(tag => lacks(before, tag)),
    removed: before.filter(tag => lacks(after, tag)),
  };
}

function tagsOf(text: string | null): readonly string[] {
  return (text ?? '')
    .split(';')
    .map(tag => tag.trim())
    .filter(tag => tag !== '');
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Only an id tells whose account it was; a name does not. */
function actorOf(raw: unknown): Activity['actor'] {
  const found = z.object({ id: z.string(), displayName: z.string().catch('') }).safeParse(raw);
  return found.success ? { id: found.data.id, name: found.data.displayName, automated: false } : null;
}

function announced(id: string, fields: Readonly<Record<string, unknown>>): AnnouncedItem {
  const project = fields['System.TeamProject'];
  return {
    ref: itemRef('azure-devops', id),
    project: typeof project === 'string' ? project : null,
  };
}

function dateOf(text: unknown): Date | null {
  if (typeof text !== 'string') return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}
