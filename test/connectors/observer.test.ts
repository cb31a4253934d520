import { describe, expect, test } from 'vitest';
import { createWatcher, endpointLabel, type CallSeen, type Observer } from '../../src/connectors/observer.ts';

describe('connectors/observer', () => {
  test.each([
    ['GET', '/rest/api/3/issue/SHOP-12/comment?startAt=0', 'GET /rest/api/3/issue/*/comment'],
    ['GET', '/rest/api/3/project/SHOP', 'GET /rest/api/3/project/*'],
    ['GET', '/rest/agile/1.0/board/3/configuration', 'GET /rest/agile/1.0/board/*/configuration'],
    ['POST', '/rest/api/3/search/jql', 'POST /rest/api/3/search/jql'],
    ['PATCH', '/acme/_apis/wit/workitems/4711', 'PATCH _apis/wit/workitems'],
    ['POST', '/acme/Secret%20Project/_apis/wit/wiql', 'POST _apis/wit/wiql'],
    ['GET', '/acme/_apis/projects/Secret', 'GET _apis/projects'],
    ['GET', '/acme/_apis/ResourceAreas/79134C72-4A58-4B42-976C-04E7115F32BF', 'GET _apis/ResourceAreas'],
    ['GET', '/acme/P/Team/_apis/work/backlogs/Microsoft.RequirementCategory/workItems', 'GET _apis/work/backlogs'],
    ['GET', '/acme/_apis/connectionData', 'GET _apis/connectionData'],
  ])('%s %s is counted as %s', (method, path, label) => {
    expect(endpointLabel(method, path)).toBe(label);
  });

  test('answers, failures and waits are told with their connection', async () => {
    const seen: Omit<CallSeen, 'seconds'>[] = [];
    const waits: string[] = [];
    const observer: Observer = {
      call: ({ seconds: _, ...call }) => void seen.push(call),
      waited: name => void waits.push(name),
    };
    const watcher = createWatcher({ name: 'acme', tracker: 'jira' }, observer, () => Promise.resolve());

    await watcher.request('GET', '/rest/api/3/myself', () => Promise.resolve({ status: 429 }));
    await expect(watcher.request('GET', '/x', () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
    await watcher.sleep(1, new AbortController().signal);

    const base = { connection: 'acme', tracker: 'jira' };
    expect(seen).toEqual([
      { ...base, endpoint: 'GET /rest/api/3/myself', status: 429 },
      { ...base, endpoint: 'GET /x', status: 0 },
    ]);
    expect(waits).toEqual(['acme']);
  });
});
