import { sameValue } from '../change-item.ts';
import { wireDate } from '../instants.ts';
import { relOf, type Item, type Update } from '../item.ts';
import type { Organisation } from '../organisation.ts';
import { projectOfItem } from '../organisation.ts';
import type { FieldMap, FieldValue } from '../records.ts';
import { fieldValues } from './field-values.ts';
import { identityWire, valueWire } from './identity-wire.ts';

/** One entry of an item's update list: field differences, or a link change that repeats the revision before it. */
export function updateWire(organisation: Organisation, base: string, item: Item, update: Update): unknown {
  const home = `${base}/${projectOfItem(organisation, item).id}/_apis/wit/workItems`;
  const common = {
    id: update.id,
    workItemId: item.id,
    rev: update.rev,
    revisedBy: { ...identityWire(base, update.by), name: `${update.by.displayName} <${update.by.uniqueName}>` },
    revisedDate: revisedDate(item, update),
    url: `${home}/${item.id}/updates/${update.id}`,
  };
  if (update.link === null) return { ...common, fields: differences(organisation, base, item, update.rev) };
  const { rel, name, other } = relOf(update.link, item.id);
  const relation = { rel, url: `${home}/${other}`, attributes: { isLocked: false, name } };
  const relations = update.kind === 'link-added' ? { added: [relation] } : { removed: [relation] };
  return { ...common, relations };
}

/** Until when it stood: the next update's time, `9999` for the last one. */
function revisedDate(item: Item, update: Update): string {
  const next = item.updates[update.id];
  return next === undefined ? '9999-01-01T00:00:00Z' : wireDate(next.at);
}

function differences(organisation: Organisation, base: string, item: Item, rev: number): unknown {
  const now = valuesAt(organisation, item, rev);
  // A comment belongs to its own revision: the next one does not tell that it went.
  const { 'System.History': _comment, ...before } = valuesAt(organisation, item, rev - 1);
  const changed: Record<string, unknown> = {};
  const wire = (value: FieldValue): unknown => valueWire(value, who => identityWire(base, who));
  for (const ref of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [old, fresh] = [before[ref], now[ref]];
    if (sameValue(old, fresh)) continue;
    changed[ref] = {
      ...(old === undefined ? {} : { oldValue: wire(old) }),
      ...(fresh === undefined ? {} : { newValue: wire(fresh) }),
    };
  }
  return changed;
}

/** Links are not part of a revision, so the parent never differs between two of them. */
function valuesAt(organisation: Organisation, item: Item, rev: number): FieldMap {
  const revision = item.revisions[rev - 1];
  if (revision === undefined) return {};
  const { 'System.Parent': _parent, ...values } = fieldValues(organisation, item, revision);
  return values;
}
