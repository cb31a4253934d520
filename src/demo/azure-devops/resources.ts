/**
 * REST resources with their location ids, as `OPTIONS _apis/<area>` lists them. Ids and templates are those that
 * Microsoft's own client (azure-devops-node-api) looks up; versions those of the 7.1 specifications.
 */
export interface Resource {
  readonly id: string;
  readonly area: 'Location' | 'core' | 'wit' | 'work' | 'hooks';
  readonly name: string;
  readonly routeTemplate: string;
  readonly resourceVersion: number;
  /** False: asked for without `-preview`, the service refuses. */
  readonly released: boolean;
}

const area = '_apis/{area}/{resource}';
const project = `{project}/${area}`;
const team = `{project}/{team}/${area}`;

function resource(
  area: Resource['area'],
  name: string,
  id: string,
  shape: [template: string, version: number],
): Resource {
  return { id, area, name, routeTemplate: shape[0], resourceVersion: shape[1], released: true };
}

export const resources = {
  connectionData: {
    ...resource('Location', 'ConnectionData', '00d9565f-ed9c-4a06-9a50-00e7896ccab4', ['_apis/{resource}', 1]),
    released: false,
  },
  resourceAreas: {
    ...resource('Location', 'ResourceAreas', 'e81700f7-3be2-46de-8624-2eb35882fcaa', ['_apis/{resource}/{areaId}', 1]),
    released: false,
  },
  projects: resource('core', 'projects', '603fe2ac-9723-48b9-88ad-09305aa6c6e1', ['_apis/{resource}/{*projectId}', 4]),
  teams: resource('core', 'teams', 'd30a3dd1-f8ba-442a-b86a-bd0c0c383e59', [
    '_apis/projects/{projectId}/{resource}/{*teamId}',
    3,
  ]),
  fields: resource('wit', 'fields', 'b51fd764-e5c2-4b9b-aaf7-3395cf4bdd94', [`${project}/{fieldNameOrRefName}`, 3]),
  workItems: resource('wit', 'workItems', '72c7ddf8-2cdc-4f60-90cd-ab71c14a399b', [`${project}/{id}`, 3]),
  newWorkItem: resource('wit', 'workItems', '62d3d110-0047-428c-ad3c-4fe872c91c74', [`${project}/\${type}`, 3]),
  batch: resource('wit', 'workItemsBatch', '908509b6-4248-4475-a1cd-829139ba419f', [project, 1]),
  revisions: resource('wit', 'revisions', 'a00c85a5-80fa-4565-99c3-bcd2181434bb', [
    '{project}/_apis/{area}/workItems/{id}/{resource}/{revisionNumber}',
    3,
  ]),
  updates: resource('wit', 'updates', '6570bf97-d02c-4a91-8d93-3abe9895b1a9', [
    '{project}/_apis/{area}/workItems/{id}/{resource}/{updateNumber}',
    4,
  ]),
  comments: {
    ...resource('wit', 'comments', '608aac0a-32e1-4493-a863-b9cf4566d257', [
      '{project}/_apis/{area}/workItems/{workItemId}/{resource}/{commentId}',
      4,
    ]),
    released: false,
  },
  wiql: resource('wit', 'wiql', '1a9c53f7-f243-4447-b110-35ef023636e4', [team, 2]),
  reportingRevisions: resource('wit', 'workItemRevisions', 'f828fe59-dd87-495d-a17c-7a8d6211ca6c', [
    '{project}/_apis/{area}/reporting/{resource}',
    2,
  ]),
  reportingLinks: resource('wit', 'workItemLinks', 'b5b5b6d0-0308-40a1-b3f4-b9bb3c66878f', [
    '{project}/_apis/{area}/reporting/{resource}',
    3,
  ]),
  recycleBin: resource('wit', 'recyclebin', 'b70d8d39-926c-465e-b927-b1bf0e5ca0e0', [`${project}/{id}`, 2]),
  classificationNode: resource('wit', 'classificationNodes', '5a172953-1b41-49d3-840a-33f79c3ce89f', [
    `${project}/{structureGroup}/{*path}`,
    2,
  ]),
  classificationNodes: resource('wit', 'classificationNodes', 'a70579d1-f53a-48ee-a5be-7be8659023b9', [project, 2]),
  workItemTypes: resource('wit', 'workItemTypes', '7c8d7a76-4a09-43e8-b5df-bd792f4ac6aa', [`${project}/{type}`, 2]),
  typeFields: resource('wit', 'fields', 'bd293ce5-3d25-4192-8e67-e8092e879efb', [
    '{project}/_apis/{area}/workItemTypes/{type}/{resource}/{field}',
    3,
  ]),
  typeStates: resource('wit', 'states', '7c9d7a76-4a09-43e8-b5df-bd792f4ac6aa', [
    '{project}/_apis/{area}/workItemTypes/{type}/{resource}',
    1,
  ]),
  tags: resource('wit', 'tags', 'bc15bc60-e7a8-43cb-ab01-2106be3983a1', [`${project}/{tagIdOrName}`, 1]),
  relationTypes: resource('wit', 'workItemRelationTypes', 'f5d33bc9-5b49-4a3c-a9bd-f3cd46dd2165', [
    `${area}/{relation}`,
    2,
  ]),
  backlogConfiguration: resource('work', 'backlogconfiguration', '7799f497-3cb5-4f16-ad4f-5cd06012db64', [team, 1]),
  backlogs: resource('work', 'backlogs', 'a93726f9-7867-4e38-b4f2-0bfafc2f6a94', [`${team}/{id}`, 1]),
  backlogItems: resource('work', 'workItems', '7c468d96-ab1d-4294-a360-92f07e9ccd98', [
    '{project}/{team}/_apis/{area}/backlogs/{backlogId}/{resource}',
    1,
  ]),
  teamSettings: resource('work', 'teamsettings', 'c3c1012b-bea7-49d7-b45e-1664e566f84c', [team, 1]),
  teamFieldValues: resource('work', 'teamfieldvalues', '07ced576-58ed-49e6-9c1e-5cb53ab8bf2a', [
    '{project}/{team}/_apis/{area}/teamsettings/{resource}',
    1,
  ]),
  iterations: resource('work', 'iterations', 'c9175577-28a1-4b06-9197-8636af9f64ad', [
    '{project}/{team}/_apis/{area}/teamsettings/{resource}/{id}',
    1,
  ]),
  processConfiguration: resource('work', 'processconfiguration', 'f901ba42-86d2-4b0c-89c1-3f86d06daa84', [project, 1]),
  // Microsoft's JavaScript client lacks service hooks; these ids are its Python client's.
  subscriptions: resource('hooks', 'subscriptions', 'fc50d02a-849f-41fb-8af1-0a5216103269', [
    `${area}/{subscriptionId}`,
    1,
  ]),
  notifications: resource('hooks', 'notifications', '0c62d343-21b0-4732-997b-017fde84dc28', [
    '_apis/{area}/subscriptions/{subscriptionId}/{resource}/{notificationId}',
    1,
  ]),
  order: resource('work', 'workitemsorder', '1c22b714-e7e4-41b9-85e0-56ee13ef55ed', [team, 1]),
} as const satisfies Readonly<Record<string, Resource>>;

/** Areas with the ids by which clients ask for them. */
export const areas: readonly { readonly id: string; readonly name: string }[] = [
  { id: '79134c72-4a58-4b42-976c-04e7115f32bf', name: 'core' },
  { id: '5264459e-e5e0-4bd8-b118-0985e68a4ec5', name: 'wit' },
  { id: '1d4f49f9-02b9-4e26-b826-2cdb6195f2a9', name: 'work' },
];

/** A row of `OPTIONS _apis/<area>`. */
export function locationWire(entry: Resource): unknown {
  return {
    id: entry.id,
    area: entry.area,
    resourceName: entry.name,
    routeTemplate: entry.routeTemplate,
    resourceVersion: entry.resourceVersion,
    minVersion: '1.0',
    maxVersion: '7.2',
    releasedVersion: entry.released ? '7.1' : '0.0',
  };
}
