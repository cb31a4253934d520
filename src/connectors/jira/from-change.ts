import type { Change } from '../../change.ts';
import { idOf, type ItemRef } from '../../item.ts';
import type { Effect, Write, WriteBatch } from '../connector.ts';
import { chunks } from './pages.ts';
import { rankWrites } from './rank-writes.ts';
import type { JiraRequest, Unnumbered } from './request.ts';
import { projectOf } from './session.ts';

/** Changes -> requests. Pure: one PUT ranks up to 50 neighbours, one PUT or bulk edit carries labels, scores and texts. */

export interface PrepareContext {
  /** Projects where quiet edits are refused: their labels go by bulk edit at any count. */
  readonly loud: ReadonlySet<string>;
  /** Whether explanations go to the issue property, each by a request of its own, rather than to a field. */
  readonly asProperty?: boolean;
}

/** Jira's limit, and from how many equal label changes on a bulk edit is worth its polling. */
const mostBulkEdited = 1000;
const manyAlike = 20;

type LabelChange = Extract<Change, { kind: 'label-add' | 'label-remove' }>;

export function prepare(batch: WriteBatch, context: PrepareContext): readonly Write[] {
  const isProperty = (change: Change): boolean => context.asProperty === true && change.kind === 'explanation-set';
  const fields = { ...batch, changes: batch.changes.filter(change => !isProperty(change)) };
  const properties = batch.changes.filter(isProperty).flatMap(propertyWrite);
  const writes = [...rankWrites(batch), ...fieldWrites(fields, context), ...properties];
  return writes.map((write, index) => ({ ...write, id: String(index) }));
}

function fieldWrites(batch: WriteBatch, { loud }: PrepareContext): readonly Unnumbered[] {
  const byItem = new Map<ItemRef, Change[]>();
  for (const change of batch.changes) {
    if (change.kind === 'move') continue;
    byItem.set(change.ref, [...(byItem.get(change.ref) ?? []), change]);
  }
  const alike = new Map<string, LabelChange[]>();
  for (const changes of byItem.values()) {
    // A score or text is written per item anyway; labels ride along in the same request.
    if (changes.some(isPerItem) && !loud.has(projectOfAll(changes))) continue;
    for (const change of changes) {
      if (change.kind === 'label-add' || change.kind === 'label-remove') {
        alike.set(sortOf(change), [...(alike.get(sortOf(change)) ?? []), change]);
      }
    }
  }
  const bulk = [...alike.entries()]
    // Removals first: an item between two stages bears none rather than two.
    .sort(([a], [b]) => (a < b ? 1 : a > b ? -1 : 0))
    .flatMap(([, changes]) => bulkWrites(changes, loud));
  const inBulk = new Set(bulk.flatMap(write => write.effects.map(effect => effect.change)));
  const single = [...byItem.values()].flatMap(
    changes => editWrite(changes.filter(change => !inBulk.has(change))) ?? [],
  );
  return [...bulk, ...single];
}

function isPerItem({ kind }: Change): boolean {
  return kind === 'score-set' || kind === 'explanation-set';
}

function propertyWrite(change: Change): readonly Unnumbered[] {
  if (change.kind !== 'explanation-set') return [];
  const request: JiraRequest = { kind: 'property', issue: idOf(change.ref), json: change.to };
  return [{ effects: [effectOf(change)], request }];
}

/** `+label` sorts before `-label`. */
function sortOf(change: LabelChange): string {
  return change.kind === 'label-add' ? `+${change.to}` : `-${change.from}`;
}

function bulkWrites(changes: readonly LabelChange[], loud: ReadonlySet<string>): readonly Unnumbered[] {
  const chosen = changes.length > manyAlike ? changes : changes.filter(change => loud.has(projectOf(change.key)));
  return chunks(chosen, mostBulkEdited).flatMap(chunk => {
    const [first] = chunk;
    if (first === undefined) return [];
    const issues = chunk.map(change => ({ id: idOf(change.ref), project: projectOf(change.key) }));
    const request: JiraRequest =
      first.kind === 'label-add'
        ? { kind: 'bulk-label', issues, option: 'ADD', label: first.to }
        : { kind: 'bulk-label', issues, option: 'REMOVE', label: first.from };
    return [{ effects: chunk.map(effectOf), request }];
  });
}

function editWrite(changes: readonly Change[]): Unnumbered | null {
  const [first] = changes;
  if (first === undefined) return null;
  const score = changes.find(change => change.kind === 'score-set');
  const explanation = changes.find(change => change.kind === 'explanation-set');
  const request: JiraRequest = {
    kind: 'edit',
    issue: idOf(first.ref),
    project: projectOf(first.key),
    add: changes.flatMap(change => (change.kind === 'label-add' ? change.to : [])),
    remove: changes.flatMap(change => (change.kind === 'label-remove' ? change.from : [])),
    ...(score === undefined ? {} : { score: score.to }),
    ...(explanation === undefined ? {} : { explanation: explanation.to }),
  };
  return { effects: changes.map(effectOf), request };
}

function effectOf(change: Change): Effect {
  const { ref, key } = change;
  switch (change.kind) {
    case 'move':
      return { ref, key, field: 'rank', from: null, to: String(change.after), change };
    case 'label-add':
    case 'label-remove':
      return { ref, key, field: 'label', from: change.from, to: change.to, change };
    case 'score-set':
      return { ref, key, field: 'score', from: textOfScore(change.from), to: textOfScore(change.to), change };
    case 'explanation-set':
      return { ref, key, field: 'explanation', from: change.from, to: change.to, change };
    default:
      return change satisfies never;
  }
}

function textOfScore(score: number | null): string | null {
  return score === null ? null : String(score);
}

function projectOfAll(changes: readonly Change[]): string {
  return projectOf(changes[0]?.key ?? '');
}
