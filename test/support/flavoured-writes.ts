import type { Change } from '../../src/change.ts';
import type { Effect, ItemResult, Write, WriteBatch } from '../../src/connectors/connector.ts';
import type { Activity, Actor, BacklogItem, FieldChange, ItemRef, OrderValue } from '../../src/item.ts';
import { absent, value } from '../../src/item.ts';

/** How a tracker behaves, as far as own writes, drags and clocks are concerned. */
export type Flavour = 'jira' | 'azure-devops';

export interface Held {
  item: BacklogItem;
  history: Activity[];
}

export const gap = 2 ** 40;

export function orderOf(flavour: Flavour, number: number): OrderValue {
  return flavour === 'jira' ? `0|${String(number).padStart(17, '0')}:` : number;
}

export function numberOf(order: OrderValue): number {
  return typeof order === 'string' ? Number(order.slice(2, -1)) : (order ?? Infinity);
}

export function between(above: ItemRef | undefined, below: ItemRef | undefined, at: (ref: ItemRef) => number): number {
  const low = above === undefined ? null : at(above);
  const high = below === undefined ? null : at(below);
  if (low !== null && high !== null) return Math.floor((low + high) / 2);
  if (low !== null) return low + gap;
  return Math.floor((high ?? 2 * gap) / 2);
}

export function rankField(flavour: Flavour, from: OrderValue, to: number): FieldChange {
  if (flavour === 'jira') return { kind: 'rank', field: 'Rank', from: '', to: 'Ranked higher' };
  return { kind: 'rank', field: 'StackRank', from: from === null ? null : String(from), to: String(to) };
}

export function labelField(before: readonly string[], after: readonly string[]): FieldChange {
  const added = after.filter(label => !before.includes(label));
  const removed = before.filter(label => !after.includes(label));
  return { kind: 'labels', field: 'labels', from: before.join(' '), to: after.join(' '), added, removed };
}

interface Request {
  readonly rank: {
    readonly refs: readonly ItemRef[];
    readonly after: ItemRef | null;
    readonly to: number | null;
  } | null;
  readonly changes: readonly Change[];
  readonly version: string;
}

/** Jira: chains of neighbours in one call, labels and score per item. Azure DevOps: everything of an item in one patch. */
export function prepare(batch: WriteBatch, flavour: Flavour): readonly Write[] {
  const moves = batch.changes.filter(change => change.kind === 'move').sort((a, b) => a.to - b.to);
  const places = placesFor(batch, new Set(moves.map(move => move.ref)));
  const writes: { effects: Effect[]; request: Request }[] = [];
  const others = new Map<ItemRef, Change[]>();
  for (const change of batch.changes) {
    if (change.kind !== 'move') others.set(change.ref, [...(others.get(change.ref) ?? []), change]);
  }
  const versionOf = (ref: ItemRef): string => batch.items.get(ref)?.version ?? '';
  for (const move of moves) {
    const to = places.get(move.ref) ?? null;
    const rank = { refs: [move.ref], after: move.after, to };
    const along = flavour === 'jira' ? [] : (others.get(move.ref) ?? []);
    if (flavour !== 'jira') others.delete(move.ref);
    const held = batch.items.get(move.ref)?.order ?? null;
    const effect: Effect = {
      ref: move.ref,
      key: move.key,
      field: 'rank',
      from: flavour === 'jira' ? null : String(held),
      to: flavour === 'jira' ? String(move.after) : String(to),
      change: move,
    };
    writes.push({
      effects: [effect, ...along.map(effectOf)],
      request: { rank, changes: along, version: versionOf(move.ref) },
    });
  }
  for (const [ref, changes] of others) {
    writes.push({ effects: changes.map(effectOf), request: { rank: null, changes, version: versionOf(ref) } });
  }
  return writes.map((write, i) => ({ id: String(i), ...write }));
}

function effectOf(change: Change): Effect {
  const base = { ref: change.ref, key: change.key, change };
  const [from, to] = [change.from, change.to].map(side => (side === null ? null : String(side)));
  const field =
    change.kind === 'score-set' ? 'score' : change.kind === 'explanation-set' ? 'explanation' : ('label' as const);
  return { ...base, field, from: from ?? null, to: to ?? null };
}

/** Values for moved items, evenly between the neighbours that stay. */
function placesFor(batch: WriteBatch, moving: ReadonlySet<ItemRef>): ReadonlyMap<ItemRef, number> {
  const places = new Map<ItemRef, number>();
  const at = (ref: ItemRef): number => places.get(ref) ?? numberOf(batch.items.get(ref)?.order ?? null);
  batch.desired.forEach((ref, i) => {
    if (!moving.has(ref)) return;
    const below = batch.desired.slice(i + 1).find(other => !moving.has(other));
    places.set(ref, between(batch.desired[i - 1], below, at));
  });
  return places;
}

export interface Site {
  readonly flavour: Flavour;
  readonly heldOf: (ref: ItemRef) => Held;
  readonly ordered: () => readonly ItemRef[];
  readonly save: (ref: ItemRef, over: Partial<BacklogItem>, by: Actor, fields: readonly FieldChange[]) => Date;
  readonly by: Actor;
  /** Whether the history tells changes of the explanation, or shows an entry without fields. */
  readonly told: boolean;
}

export function carryOut(write: Write, site: Site): readonly ItemResult[] {
  const request = write.request as Request;
  const ref = write.effects[0]?.ref;
  if (ref === undefined) throw new Error('a write without effects');
  const held = site.heldOf(ref);
  if (site.flavour === 'azure-devops' && held.item.version !== request.version) {
    return [{ ref, status: 'conflict', problem: `TestPatchOperationFailedException: rev is ${held.item.version}` }];
  }
  const { over, fields } = effectsOn(held.item, request, site);
  site.save(ref, over, site.by, fields);
  return [{ ref, status: 'applied' }];
}

function effectsOn(
  item: BacklogItem,
  request: Request,
  { flavour, heldOf, ordered, told }: Site,
): { readonly over: Partial<BacklogItem>; readonly fields: readonly FieldChange[] } {
  const fields: FieldChange[] = [];
  let over: Partial<BacklogItem> = {};
  if (request.rank !== null) {
    const { after, to } = request.rank;
    const others = ordered().filter(ref => ref !== item.ref);
    const place = after === null ? 0 : others.indexOf(after) + 1;
    const beside = between(others[place - 1], others[place], ref => numberOf(heldOf(ref).item.order));
    const next = flavour === 'jira' ? beside : (to ?? beside);
    fields.push(rankField(flavour, item.order, next));
    over = { ...over, order: orderOf(flavour, next) };
  }
  let labels = item.labels;
  for (const change of request.changes) {
    if (change.kind === 'label-add') labels = [...labels, change.to];
    if (change.kind === 'label-remove') labels = labels.filter(label => label !== change.from);
    if (change.kind === 'score-set') {
      const [from, to] = [change.from, change.to].map(score => (score === null ? null : String(score)));
      fields.push({ kind: 'score', field: 'Score', from: from ?? null, to: to ?? null });
      over = change.to === null ? over : { ...over, scoreField: value(change.to) };
    }
    if (change.kind === 'explanation-set') {
      if (told) fields.push({ kind: 'explanation', field: 'Why', from: change.from, to: change.to });
      over = { ...over, explanation: change.to === null ? absent : value(change.to) };
    }
  }
  if (labels !== item.labels) {
    fields.push(labelField(item.labels, labels));
    over = { ...over, labels };
  }
  return { over, fields };
}
