import { describe, expect, test } from 'vitest';
import { announcedByAzureDevOps } from '../../src/webhooks/azure-devops.ts';
import { MalformedError, readJson } from '../../src/webhooks/json.ts';
import { haveRecorded, recorded } from './recorded.ts';

const at = '2026-11-25T10:00:00.123Z';

function anUpdate(resource: object = {}, over: object = {}): object {
  return {
    id: 'e1',
    eventType: 'workitem.updated',
    createdDate: '2026-11-25T10:00:02Z',
    resource: {
      id: 18,
      workItemId: 30,
      rev: 5,
      revisedBy: { id: 'u1', displayName: 'Bob' },
      fields: {
        'System.Rev': { oldValue: 4, newValue: 5 },
        'System.ChangedDate': { oldValue: at, newValue: at },
        'System.Watermark': { oldValue: 1, newValue: 2 },
        'Microsoft.VSTS.Common.StackRank': { oldValue: 1.5, newValue: 2.25 },
        'System.Tags': { oldValue: 'Stale; b', newValue: 'b; winnow-stale' },
      },
      revision: { id: 30, rev: 5, fields: { 'System.TeamProject': 'Payments' } },
      ...resource,
    },
    ...over,
  };
}

describe('webhooks/azure-devops', () => {
  test('of an update the item is workItemId, not the number of the update', () => {
    expect(announcedByAzureDevOps(anUpdate())?.items).toEqual([{ ref: 'azure-devops:30', project: 'Payments' }]);
  });

  test.each(['created', 'deleted', 'restored', 'commented'])('of workitem.%s the item is the resource', event => {
    const body = {
      id: 'e1',
      eventType: `workitem.${event}`,
      resource: { id: 5, fields: { 'System.TeamProject': 'P' } },
    };

    expect(announcedByAzureDevOps(body)).toMatchObject({
      id: 'e1',
      items: [{ ref: 'azure-devops:5', project: 'P' }],
      change: null,
    });
  });

  test('an update tells its fields without the housekeeping', () => {
    const change = announcedByAzureDevOps(anUpdate())?.change;

    expect(change).toMatchObject({ at: new Date(at), actor: { id: 'u1' }, kind: 'changed' });
    expect(change?.fields).toEqual([
      { kind: 'rank', field: 'Microsoft.VSTS.Common.StackRank', from: '1.5', to: '2.25' },
      {
        kind: 'labels',
        field: 'System.Tags',
        from: 'Stale; b',
        to: 'b; winnow-stale',
        added: ['winnow-stale'],
        removed: ['Stale'],
      },
    ]);
  });

  test('an update of links alone names both ends and is no change of fields', () => {
    const relations = { added: [{ rel: 'System.LinkTypes.Related', url: 'https://d/_apis/wit/workItems/40' }] };
    const found = announcedByAzureDevOps(anUpdate({ fields: undefined, relations }));

    expect(found?.items.map(item => item.ref)).toEqual(['azure-devops:30', 'azure-devops:40']);
    expect(found?.change).toBeNull();
  });

  test('an envelope in PascalCase is read', () => {
    const { id, eventType, resource } = anUpdate() as Record<string, unknown>;

    expect(announcedByAzureDevOps({ Id: id, EventType: eventType, Resource: resource })).toMatchObject({
      id: 'e1',
      items: [{ ref: 'azure-devops:30' }],
    });
  });

  test('without an event id the notification of its subscription is the delivery', () => {
    const body = anUpdate({}, { id: undefined, subscriptionId: 's', notificationId: 4 });

    expect(announcedByAzureDevOps(body)?.id).toBe('s/4');
  });

  test("an area that changes may make it another backlog's", () => {
    const fields = { 'System.AreaPath': { oldValue: 'A', newValue: 'B' } };

    expect(announcedByAzureDevOps(anUpdate({ fields }))?.moved).toBe(true);
    expect(announcedByAzureDevOps(anUpdate())?.moved).toBe(false);
  });

  test('the event that tries a subscription out announces nothing', () => {
    expect(announcedByAzureDevOps(anUpdate({ workItemId: 0 }))?.items).toEqual([]);
  });

  test('events of other things announce nothing', () => {
    expect(announcedByAzureDevOps({ id: 'e', eventType: 'git.push', resource: {} })).toBeNull();
  });

  // A 400 would put the subscription on probation, and in the end disable it.
  test.each([
    ['no resource', { eventType: 'workitem.created' }],
    ['an empty resource', { eventType: 'workitem.updated', resource: null }],
    ['a resource that is none', { eventType: 'workitem.updated', resource: 'x' }],
    ['an update that names no item', { eventType: 'workitem.updated', resource: { id: 3 } }],
    ['an id that is none', { eventType: 'workitem.created', resource: { id: -4 } }],
  ])('%s announces nothing, and says what is missing', (_, body) => {
    expect(announcedByAzureDevOps(body)).toMatchObject({
      items: [],
      lacks: expect.stringContaining('Resource details') as string,
    });
  });

  test.each(['workItems/30', 'workItems/30/updates/18'])('with minimal details the address %s tells the item', path => {
    const resource = { id: 18, url: `https://dev.azure.com/acme/6ce954b1/_apis/wit/${path}` };
    const body = { eventType: 'workitem.updated', resource };

    expect(announcedByAzureDevOps(body)).toMatchObject({
      items: [{ ref: 'azure-devops:30', project: null }],
      change: null,
    });
  });

  test.each([
    ['no object', 3],
    ['no event', { resource: { id: 1 } }],
  ])('%s is malformed', (_, body) => {
    expect(() => announcedByAzureDevOps(body)).toThrow(MalformedError);
  });
});

describe.runIf(haveRecorded)('webhooks/azure-devops (recorded)', () => {
  test.each([
    ['aggregator.ResourceVersion-1.0', 30, 'ExampleProject'],
    ['aggregator.ResourceVersion-3.1-preview.3', 30, 'ExampleProject'],
    ['aggregator.ResourceVersion-5.1-preview.3', 30, 'ExampleProject'],
    ['aspnetwebhooks.workitem.created', 5, 'GoodCompanyCloud'],
    ['aspnetwebhooks.workitem.commented', 5, 'GoodCompanyCloud'],
    ['aspnetwebhooks.workitem.deleted', 5, 'GoodCompanyCloud'],
    ['aspnetwebhooks.workitem.restored', 5, 'GoodCompanyCloud'],
  ])('%s announces its item', (name, id, project) => {
    const found = announcedByAzureDevOps(readJson(recorded(`azure-devops/hooks/${name}.json`)));

    expect(found?.items).toMatchObject([{ ref: `azure-devops:${id}`, project }]);
    const brings = !/commented|deleted/.test(name);
    expect(found?.items[0]?.concerns === undefined).toBe(brings);
    expect(found?.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(['aggregator.TestEvent', 'aspnetwebhooks.workitem.updated'])('%s, a sample, announces nothing', name => {
    expect(announcedByAzureDevOps(readJson(recorded(`azure-devops/hooks/${name}.json`)))?.items).toEqual([]);
  });
});
