import type { HttpAnswer } from '../../http/message.ts';
import { applyEdits, createItem, saveEdits } from '../change-item.ts';
import { checkRules } from '../field-rules.ts';
import { HIERARCHY, latest, parentOf, typeOf, type Item, type Link } from '../item.ts';
import { isReadable, projectOfItem } from '../organisation.ts';
import { readPatch, type Patch } from '../patch.ts';
import { resources } from '../resources.ts';
import { idFrom, ok, projectOfCall, type AdoRoute, type Call } from '../route.ts';
import { badRequest, brokenRules, noSuchItem, VendorError } from '../vendor-error.ts';
import { workItemWire } from '../wire/work-item.ts';
import { itemOf, shapeOf } from './read-items.ts';

const query = ['validateOnly', 'bypassRules', 'suppressNotifications', '$expand'];

/** Saving work items by JSON Patch. */
export const writeItemRoutes: readonly AdoRoute[] = [
  {
    method: 'PATCH',
    template: '/_apis/wit/workitems/{id}',
    resource: resources.workItems,
    scopes: ['organisation', 'project'],
    query,
    takes: 'application/json-patch+json',
    handle: update,
  },
  {
    method: 'POST',
    template: '/_apis/wit/workitems/{type}',
    resource: resources.newWorkItem,
    scopes: ['project'],
    query,
    takes: 'application/json-patch+json',
    handle: create,
  },
];

function update(call: Call): HttpAnswer {
  const { organisation, switches } = call;
  const item = itemOf(call, idFrom(call.params['id']));
  checkPermissions(call);
  const shape = shapeOf(call, { fields: null, expand: call.query.text('$expand') });
  const patch = readPatch(organisation, item, call.body);
  checkRules(organisation, patch.edits, { project: projectOfItem(organisation, item), type: typeOf(item) });
  checkHealth(call, item);
  checkLinks(call, patch);
  if (call.query.flag('validateOnly')) {
    const before = latest(item);
    const would = { ...before, fields: applyEdits(organisation, before.fields, patch.edits) };
    return ok(workItemWire(organisation, item, would, shape));
  }
  if (switches.takeRace(item.id)) throw raced();
  apply(call, item, patch);
  // An answer to a link change carries the relations, asked for or not (as recorded).
  const links = patch.addLinks.length + patch.removeLinks.length > 0;
  const told = links && shape.expand === 'none' ? { ...shape, expand: 'relations' as const } : shape;
  return ok(workItemWire(organisation, item, latest(item), told));
}

function apply({ organisation }: Call, item: Item, patch: Patch): void {
  const by = organisation.owner;
  saveEdits(organisation, item, { edits: patch.edits, by });
  for (const link of patch.removeLinks) organisation.items.link(link, by, false);
  for (const link of patch.addLinks) organisation.items.link(link, by, true);
  for (const name of patch.attach) organisation.items.attach(item, name, by);
}

function create(call: Call): HttpAnswer {
  const { organisation } = call;
  const project = projectOfCall(call);
  const named = call.params['type'] ?? '';
  const type = Object.keys(project.process.states).find(name => `$${name}`.toLowerCase() === named.toLowerCase());
  if (type === undefined) {
    throw new VendorError(
      404,
      'WorkItemTypeNotFoundException',
      `VS402323: Work item type ${named.slice(1)} does not exist in project ${project.name} or you do not have permission to access it.`,
    );
  }
  checkPermissions(call);
  const patch = readPatch(organisation, null, call.body);
  checkRules(organisation, { 'System.Title': null, ...patch.edits }, { project, type });
  const item = createItem(organisation, { project, type, edits: patch.edits, by: organisation.owner });
  return ok(
    workItemWire(organisation, item, latest(item), shapeOf(call, { fields: null, expand: call.query.text('$expand') })),
  );
}

function checkPermissions({ query: asked, switches }: Call): void {
  if (asked.flag('bypassRules')) {
    throw new VendorError(
      403,
      'WorkItemUnauthorizedBypassRulesException',
      'VS403463: You do not have permission to bypass rules on work item updates.',
    );
  }
  if (asked.flag('suppressNotifications') && !switches.maySuppress) {
    throw new VendorError(
      403,
      'WorkItemUnauthorizedSuppressNotificationsException',
      'VS403464: You do not have permission to suppress notifications for work item updates.',
    );
  }
}

/** Faults that an item itself carries: too many revisions, a rule that its present state breaks. */
function checkHealth({ organisation, switches }: Call, item: Item): void {
  const broken = switches.brokenRule(item.id);
  if (broken !== null) {
    const name = organisation.fields.find(broken)?.name ?? broken;
    throw brokenRules([{ field: broken, fieldName: name, flags: 'Required, InvalidEmpty' }]);
  }
  if (latest(item).rev < organisation.limits.revisions) return;
  throw new VendorError(
    500,
    'WorkItemRevisionLimitExceededException',
    `Work item ${item.id} exceeds the limit of ${organisation.limits.revisions} revisions allowed through the REST API.`,
  );
}

function raced(): VendorError {
  return new VendorError(
    409,
    'WorkItemRevisionMismatchException',
    'TF26071: This work item has been changed by someone else since you opened it. You will need to refresh it and discard your changes.',
  );
}

/** The other end must exist, and an item has one parent (TF201036). */
function checkLinks({ organisation }: Call, patch: Patch): void {
  const leaves = (link: Link): boolean =>
    patch.removeLinks.some(other => other.source === link.source && other.type === link.type);
  for (const link of patch.addLinks) {
    for (const id of [link.source, link.target]) {
      const end = organisation.items.get(id);
      if (end === null || !isReadable(organisation, end)) throw noSuchItem(id);
    }
    const child = organisation.items.get(link.target);
    const parent = child === null ? null : parentOf(child);
    if (link.type !== HIERARCHY || parent === null || parent === link.source) continue;
    if (leaves({ ...link, source: parent })) continue;
    throw badRequest(
      `TF201036: You cannot add a Child link between work items ${link.source} and ${link.target} because a work item can have only one Parent link.`,
      'WorkItemLinkInvalidException',
    );
  }
}
