import type { HttpAnswer } from '../../http/message.ts';
import type { Field, FieldType } from '../field-catalogue.ts';
import { guidOf } from '../identity.ts';
import { LINK_TYPES } from '../item.ts';
import type { Project } from '../project.ts';
import { resources } from '../resources.ts';
import { list, ok, projectOfCall, type AdoRoute, type Call } from '../route.ts';
import type { Node } from '../tree.ts';
import { noSuchField, VendorError } from '../vendor-error.ts';

const anywhere = ['organisation', 'project'] as const;

/** Fields, types, states, tags, trees. */
export const metadataRoutes: readonly AdoRoute[] = [
  {
    method: 'GET',
    template: '/_apis/wit/fields',
    resource: resources.fields,
    scopes: anywhere,
    query: ['$expand'],
    handle: call => list(call.organisation.fields.all().map(field => fieldWire(call, field))),
  },
  {
    method: 'GET',
    template: '/_apis/wit/fields/{fieldNameOrRefName}',
    resource: resources.fields,
    scopes: anywhere,
    handle(call) {
      const name = call.params['fieldNameOrRefName'] ?? '';
      const field = call.organisation.fields.find(name);
      if (field === null) throw new VendorError(404, noSuchField(name).typeKey, noSuchField(name).message);
      return ok(fieldWire(call, field));
    },
  },
  {
    method: 'GET',
    template: '/_apis/wit/workitemtypes',
    resource: resources.workItemTypes,
    scopes: ['project'],
    handle: call =>
      list(Object.keys(projectOfCall(call).process.states).map(type => typeWire(call, projectOfCall(call), type))),
  },
  {
    method: 'GET',
    template: '/_apis/wit/workitemtypes/{type}',
    resource: resources.workItemTypes,
    scopes: ['project'],
    handle: call => ok(typeWire(call, projectOfCall(call), typeAt(call))),
  },
  {
    method: 'GET',
    template: '/_apis/wit/workitemtypes/{type}/states',
    resource: resources.typeStates,
    scopes: ['project'],
    handle: call => list(projectOfCall(call).process.states[typeAt(call)] ?? []),
  },
  {
    method: 'GET',
    template: '/_apis/wit/workitemtypes/{type}/fields',
    resource: resources.typeFields,
    scopes: ['project'],
    query: ['$expand'],
    handle: typeFields,
  },
  {
    method: 'GET',
    template: '/_apis/wit/workitemrelationtypes',
    resource: resources.relationTypes,
    scopes: ['organisation'],
    handle: relationTypes,
  },
  {
    method: 'GET',
    template: '/_apis/wit/tags',
    resource: resources.tags,
    scopes: ['project'],
    handle: call =>
      list(
        call.organisation.tags.all().map(name => {
          const id = guidOf(`tag ${name.toLowerCase()}`);
          return { id, name, url: `${call.base}/${projectOfCall(call).id}/_apis/wit/tags/${id}` };
        }),
      ),
  },
  {
    method: 'GET',
    template: '/_apis/wit/classificationnodes',
    resource: resources.classificationNodes,
    scopes: ['project'],
    query: ['$depth', 'ids', 'errorPolicy'],
    handle(call) {
      const { areas, iterations } = projectOfCall(call);
      return list([areas.root, iterations.root].map(node => nodeWire(call, node, call.query.count('$depth') ?? 0)));
    },
  },
  ...['', '/{p1}', '/{p1}/{p2}', '/{p1}/{p2}/{p3}', '/{p1}/{p2}/{p3}/{p4}'].map((below): AdoRoute => ({
    method: 'GET',
    template: `/_apis/wit/classificationnodes/{structureGroup}${below}`,
    resource: resources.classificationNode,
    scopes: ['project'],
    query: ['$depth'],
    handle: oneNode,
  })),
];

const OPERATIONS: Readonly<Record<FieldType, readonly string[]>> = {
  string: ['Equals', 'NotEquals', 'In', 'Contains'],
  integer: ['Equals', 'NotEquals', 'GreaterThan', 'LessThan', 'In'],
  double: ['Equals', 'NotEquals', 'GreaterThan', 'LessThan', 'In'],
  dateTime: ['Equals', 'NotEquals', 'GreaterThan', 'LessThan', 'In'],
  html: ['ContainsWords', 'NotContainsWords'],
  plainText: ['ContainsWords', 'NotContainsWords'],
  history: ['ContainsWords', 'NotContainsWords'],
  treePath: ['Under', 'NotUnder', 'Equals', 'NotEquals', 'In'],
  boolean: ['Equals', 'NotEquals'],
};

function fieldWire({ base }: Call, field: Field): unknown {
  const { ref, name, type, readOnly, identity } = field;
  const sortable = !['html', 'plainText', 'history'].includes(type);
  return {
    name,
    referenceName: ref,
    description: null,
    type,
    usage: 'workItem',
    readOnly,
    canSortBy: sortable,
    isQueryable: true,
    supportedOperations: OPERATIONS[type].map(operation => ({
      referenceName: `SupportedOperations.${operation}`,
      name: operation,
    })),
    isIdentity: identity,
    isPicklist: false,
    isPicklistSuggested: false,
    url: `${base}/_apis/wit/fields/${ref}`,
  };
}

function typeAt(call: Call): string {
  const { process, name: project } = projectOfCall(call);
  const wanted = call.params['type'] ?? '';
  const type = Object.keys(process.states).find(name => name.toLowerCase() === wanted.toLowerCase());
  if (type !== undefined) return type;
  throw new VendorError(
    404,
    'WorkItemTypeNotFoundException',
    `VS402323: Work item type ${wanted} does not exist in project ${project} or you do not have permission to access it.`,
  );
}

function typeWire({ base }: Call, project: Project, name: string): unknown {
  return {
    name,
    referenceName: `Microsoft.VSTS.WorkItemTypes.${name.replaceAll(' ', '')}`,
    description: '',
    color: '009CCC',
    isDisabled: false,
    states: project.process.states[name] ?? [],
    url: `${base}/${project.id}/_apis/wit/workItemTypes/${encodeURIComponent(name)}`,
  };
}

function typeFields(call: Call): HttpAnswer {
  typeAt(call);
  return list(
    call.organisation.fields.all().map(({ ref, name }) => ({
      defaultValue: null,
      helpText: null,
      alwaysRequired: ref === 'System.Title',
      referenceName: ref,
      name,
      url: `${call.base}/_apis/wit/fields/${ref}`,
    })),
  );
}

function relationTypes({ base }: Call): HttpAnswer {
  const wire = (ref: string, name: string, more: Readonly<Record<string, unknown>>): unknown => ({
    attributes: { usage: 'workItemLink', editable: true, enabled: true, acyclic: false, directional: false, ...more },
    referenceName: ref,
    name,
    url: `${base}/_apis/wit/workItemRelationTypes/${ref}`,
  });
  return list(
    LINK_TYPES.flatMap(({ ref, forward, reverse, directed }) =>
      directed
        ? [
            wire(`${ref}-Forward`, forward, {
              directional: true,
              isForward: true,
              oppositeEndReferenceName: `${ref}-Reverse`,
            }),
            wire(`${ref}-Reverse`, reverse, {
              directional: true,
              isForward: false,
              oppositeEndReferenceName: `${ref}-Forward`,
            }),
          ]
        : [wire(ref, forward, {})],
    ),
  );
}

/** The group by name or, as clients of the enumeration send it, by number. */
function oneNode(call: Call): HttpAnswer {
  const { areas, iterations, name } = projectOfCall(call);
  const group = (call.params['structureGroup'] ?? '').toLowerCase();
  const tree = ['areas', '0'].includes(group) ? areas : ['iterations', '1'].includes(group) ? iterations : null;
  const below = ['p1', 'p2', 'p3', 'p4'].flatMap(key => call.params[key] ?? []);
  const node = tree?.at([name, ...below].join('\\')) ?? null;
  if (node === null) {
    throw new VendorError(
      404,
      'ClassificationNodeNotFoundException',
      `TF51616: The node "${below.join('\\')}" does not exist.`,
    );
  }
  return ok(nodeWire(call, node, call.query.count('$depth') ?? 0));
}

function nodeWire(call: Call, node: Node, depth: number): unknown {
  const group = node.kind === 'area' ? 'Areas' : 'Iterations';
  const names = node.path.split('\\').slice(1);
  const home = `${call.base}/${projectOfCall(call).id}/_apis/wit/classificationNodes/${group}`;
  const middle = node.kind === 'area' ? 'Area' : 'Iteration';
  const [root = ''] = node.path.split('\\');
  const expand = depth > 0 && node.children.length > 0;
  const dates = { startDate: `${node.start}T00:00:00Z`, finishDate: `${node.finish}T00:00:00Z` };
  return {
    id: node.id,
    identifier: node.identifier,
    name: node.name,
    structureType: node.kind,
    hasChildren: node.children.length > 0,
    ...(expand ? { children: node.children.map(child => nodeWire(call, child, depth - 1)) } : {}),
    ...(node.start === null ? {} : { attributes: dates }),
    path: `\\${[root, middle, ...names].join('\\')}`,
    url: [home, ...names.map(encodeURIComponent)].join('/'),
  };
}
