import type { Identity } from './identity.ts';
import { latest, numberOf, parentOf, textOf, type Item } from './item.ts';
import { isReadable, type Organisation } from './organisation.ts';
import { categoryOf, typesOn, type Level } from './process.ts';
import type { Project, Team } from './project.ts';
import type { FieldMap } from './records.ts';
import { isUnder } from './tree.ts';
import { saveEdits } from './change-item.ts';
import { VendorError } from './vendor-error.ts';

/** A level of a team's backlog: whose items, of which types. */
export interface Backlog {
  readonly project: Project;
  readonly team: Team;
  readonly level: Level;
}

/** Items a team sees on a level, in their order: by order field, items without one last, ties by id. */
export function itemsOn(organisation: Organisation, backlog: Backlog): readonly Item[] {
  const types = new Set(typesOn(backlog.level, backlog.project.process, backlog.team.bugsBehavior));
  const shown: Item[] = [];
  for (const item of organisation.items.all()) {
    if (isReadable(organisation, item) && isShown(latest(item).fields, backlog, types)) shown.push(item);
  }
  return inOrder(shown, backlog.project.process.orderField);
}

function isShown(fields: FieldMap, { project, team }: Backlog, types: ReadonlySet<string>): boolean {
  const type = textOf(fields, 'System.WorkItemType');
  if (!types.has(type) || textOf(fields, 'System.TeamProject') !== project.name) return false;
  const category = categoryOf(project.process, type, textOf(fields, 'System.State'));
  if (category === 'Completed' || category === 'Removed') return false;
  const area = textOf(fields, 'System.AreaPath');
  const top = team.backlogIteration?.path;
  if (top === undefined || !isUnder(textOf(fields, 'System.IterationPath'), top)) return false;
  return team.areas.some(({ path, includeChildren }) =>
    includeChildren ? isUnder(area, path) : area.toLowerCase() === path.toLowerCase(),
  );
}

export function inOrder(items: readonly Item[], orderField: string): readonly Item[] {
  const key = (item: Item): number => numberOf(latest(item).fields, orderField) ?? Infinity;
  const keyed = items.map(item => ({ item, key: key(item) }));
  keyed.sort((a, b) => (a.key === b.key ? a.item.id - b.item.id : a.key - b.key));
  return keyed.map(({ item }) => item);
}

export interface Reorder {
  readonly ids: readonly number[];
  readonly parentId: number;
  /** 0: to the start. */
  readonly previousId: number;
  /** 0: to the end. */
  readonly nextId: number;
  readonly by: Identity;
}

/** Distance between two neighbours where there is room, as seen in Microsoft's samples. */
const STEP = 1_000_000;
const FIRST = 1_000_000_000;

/**
 * Places items between two others. Every unranked item of the level gets an order value too (at the end, as it stands),
 * so the answer may name more items than were asked for. Impossible places are refused with TF400486.
 */
export function reorder(
  organisation: Organisation,
  backlog: Backlog,
  move: Reorder,
): readonly { id: number; order: number }[] {
  const { orderField } = backlog.project.process;
  const level = itemsOn(organisation, backlog);
  checkMove(level, move, orderField);
  const orders = new Map(level.map(item => [item.id, numberOf(latest(item).fields, orderField)]));
  const targets = plan(
    level.map(({ id }) => id),
    orders,
    move,
  );
  const written: { id: number; order: number }[] = [];
  for (const item of level) {
    const order = targets.get(item.id);
    if (order === undefined || order === orders.get(item.id)) continue;
    saveEdits(organisation, item, { edits: { [orderField]: order }, by: move.by });
    written.push({ id: item.id, order });
  }
  return written.sort((a, b) => a.order - b.order);
}

function impossible(): VendorError {
  return new VendorError(
    400,
    'InvalidReorderOperationException',
    'TF400486: The items cannot be placed there. Refresh the backlog and try again.',
  );
}

function checkMove(level: readonly Item[], move: Reorder, orderField: string): void {
  const byId = new Map(level.map(item => [item.id, item]));
  for (const id of move.ids) {
    const item = byId.get(id);
    if (item === undefined || (parentOf(item) ?? 0) !== move.parentId) throw impossible();
  }
  for (const anchor of [move.previousId, move.nextId]) {
    if (anchor === 0) continue;
    const item = byId.get(anchor);
    if (item === undefined || move.ids.includes(anchor)) throw impossible();
    if (numberOf(latest(item).fields, orderField) === null || (parentOf(item) ?? 0) !== move.parentId)
      throw impossible();
  }
}

/** New order values: for the moved ids between their neighbours, for unranked items after the last. */
function plan(
  ids: readonly number[],
  orders: ReadonlyMap<number, number | null>,
  move: Reorder,
): ReadonlyMap<number, number> {
  const moved = new Set(move.ids);
  const rest = ids.filter(id => !moved.has(id));
  const targets = new Map<number, number>();
  let last = Math.max(FIRST, ...rest.map(id => orders.get(id) ?? FIRST));
  for (const id of rest) if (orders.get(id) === null) targets.set(id, (last += STEP));
  const orderAt = (id: number | undefined): number | null =>
    id === undefined ? null : (targets.get(id) ?? orders.get(id) ?? null);
  const place =
    move.previousId !== 0 ? rest.indexOf(move.previousId) + 1 : move.nextId !== 0 ? rest.indexOf(move.nextId) : 0;
  const low = orderAt(rest[place - 1]);
  const high = orderAt(rest[place]);
  const from = low ?? (high ?? FIRST) - STEP * (move.ids.length + 1);
  const step = high === null ? STEP : (high - from) / (move.ids.length + 1);
  for (const [index, id] of move.ids.entries()) targets.set(id, from + step * (index + 1));
  return targets;
}
