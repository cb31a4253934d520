import type { Change, ExplanationSetChange } from '../../change.ts';
import { InternalError } from '../../errors.ts';
import { idOf, type BacklogItem, type ItemRef } from '../../item.ts';
import type { Effect, Write, WriteBatch } from '../connector.ts';
import { explanationValue } from './explanation.ts';
import { fieldNames, type FieldPlan } from './field-plan.ts';
import { placeItems } from './place.ts';
import { hasTag, joinTags, withoutTag } from './tags.ts';

/** One step of a JSON patch (RFC 6902). */
export interface PatchStep {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: string | number;
}

/** What `perform` sends: everything that changes on one item, refused by the service if the item is not at `rev`. */
export interface PatchRequest {
  readonly id: number;
  readonly rev: number;
  readonly patch: readonly PatchStep[];
}

/** What is known of an item beyond the batch: a write of ours that is newer than the read. */
export type Newer = (ref: ItemRef) => { readonly rev: number; readonly order: number | null } | null;

/** The fields that a patch may set beside the tags. */
type Written = Pick<FieldPlan, 'order' | 'score' | 'explanation'>;

const pathOf = (field: string): string => `/fields/${field}`;

/** Changes -> one guarded patch per item, in the wanted order; neighbours that must be spread anew get one too. */
export function prepare(batch: WriteBatch, fields: Written, newer: Newer = () => null): readonly Write[] {
  const changes = new Map<ItemRef, Change[]>();
  for (const change of batch.changes) changes.set(change.ref, [...(changes.get(change.ref) ?? []), change]);
  const orders = ordersOf(batch, newer);
  const others = [...changes.keys()].filter(ref => !orders.has(ref));
  return [...inMovingOrder(orders, batch), ...others.sort((a, b) => Number(idOf(a)) - Number(idOf(b)))].flatMap(
    (ref, index) => {
      const item = batch.items.get(ref);
      if (item === undefined) throw new InternalError(`A change names ${ref}, which is not among the items read.`);
      const write = writeOf(item, changes.get(ref) ?? [], orders.get(ref) ?? null, fields);
      return write.patch.length === 1 ? [] : [{ id: String(index), effects: write.effects, request: write.request }];
    },
  );
}

/**
 * What goes up goes from the top of the list down, then what goes down from the bottom up. So items that keep their order
 * among each other have it after every single write, and a round that is cut off mixes up nobody's own order inside a band.
 */
function inMovingOrder(orders: ReadonlyMap<ItemRef, number>, batch: WriteBatch): readonly ItemRef[] {
  const up: [ItemRef, number][] = [];
  const down: [ItemRef, number][] = [];
  for (const [ref, to] of orders) {
    const from = orderOf(batch.items.get(ref));
    (from === null || to < from ? up : down).push([ref, to]);
  }
  up.sort(([, a], [, b]) => a - b);
  down.sort(([, a], [, b]) => b - a);
  return [...up, ...down].map(([ref]) => ref);
}

function ordersOf(batch: WriteBatch, newer: Newer): ReadonlyMap<ItemRef, number> {
  const moving = new Set(batch.changes.filter(change => change.kind === 'move').map(change => change.ref));
  if (moving.size === 0) return new Map();
  return placeItems(
    batch.desired.map(ref => {
      const item = batch.items.get(ref);
      const written = newer(ref);
      const isNewer = written !== null && written.rev > Number(item?.version ?? 0);
      const order = isNewer ? written.order : orderOf(item);
      return { ref, order, moves: moving.has(ref), fixed: batch.fixed.has(ref) };
    }),
  );
}

function orderOf(item: BacklogItem | undefined): number | null {
  return typeof item?.order === 'number' ? item.order : null;
}

function writeOf(
  item: BacklogItem,
  changes: readonly Change[],
  order: number | null,
  fields: Written,
): { effects: Effect[]; patch: PatchStep[]; request: PatchRequest } {
  const { ref, key } = item;
  const rev = Number(item.version);
  const effects: Effect[] = [];
  const patch: PatchStep[] = [{ op: 'test', path: '/rev', value: rev }];
  if (order !== null) {
    const change = changes.find(({ kind }) => kind === 'move') ?? null;
    const from = item.order === null ? null : String(item.order);
    effects.push({ ref, key, field: 'rank', from, to: String(order), change });
    patch.push({ op: 'add', path: pathOf(fields.order), value: order });
  }
  let tags = item.labels;
  for (const change of changes) {
    if (change.kind !== 'label-add' && change.kind !== 'label-remove') continue;
    tags = retagged(tags, change);
    effects.push({ ref, key, field: 'label', from: change.from, to: change.to, change });
  }
  const tagStep = tagStepOf(item.labels, tags);
  if (tagStep !== null) patch.push(tagStep);
  for (const change of changes) {
    if (change.kind !== 'score-set') continue;
    if (fields.score === null)
      throw new InternalError(`A score is to be set on ${key}, but no score field is configured.`);
    const [from, to] = [change.from, change.to].map(score => (score === null ? null : String(score)));
    effects.push({ ref, key, field: 'score', from: from ?? null, to: to ?? null, change });
    // `add` sets a field whether or not it holds something.
    const path = pathOf(fields.score);
    patch.push(change.to === null ? { op: 'remove', path } : { op: 'add', path, value: change.to });
  }
  for (const change of changes) {
    if (change.kind !== 'explanation-set') continue;
    effects.push({ ref, key, field: 'explanation', from: change.from, to: change.to, change });
    patch.push(explanationStep(change, fields));
  }
  return { effects, patch, request: { id: Number(idOf(ref)), rev, patch } };
}

function explanationStep({ key, to }: ExplanationSetChange, { explanation }: Written): PatchStep {
  if (explanation === undefined)
    throw new InternalError(`An explanation is to be set on ${key}, but no field is configured for it.`);
  const path = pathOf(explanation.ref);
  return to === null ? { op: 'remove', path } : { op: 'add', path, value: explanationValue(to, explanation) };
}

function retagged(tags: readonly string[], change: Change & { kind: 'label-add' | 'label-remove' }): readonly string[] {
  if (change.kind === 'label-remove') return withoutTag(tags, change.from);
  return hasTag(tags, change.to) ? tags : [...tags, change.to];
}

/**
 * The whole new text of System.Tags. `add` merges with tags that are there, so it is right only on an item without any;
 * `replace` wants a value that is there; the last tag goes with `remove`, which clears the field.
 */
function tagStepOf(before: readonly string[], after: readonly string[]): PatchStep | null {
  const path = pathOf(fieldNames.tags);
  if (joinTags(before) === joinTags(after)) return null;
  if (after.length === 0) return { op: 'remove', path };
  return { op: before.length === 0 ? 'add' : 'replace', path, value: joinTags(after) };
}
