import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/connectors/connector.ts';
import { aCache, aConnection, boardRequest, expectMetadata, loudKey, openBoard, openJql } from './support/site.ts';
import { expectCall, sentTo, watchWire } from './support/wire.ts';

const path = '/rest/api/3/mypermissions';
const granted = (...names: string[]): object => ({
  permissions: Object.fromEntries(names.map(name => [name, { havePermission: true }])),
});
const all = ['BROWSE_PROJECTS', 'EDIT_ISSUES', 'SCHEDULE_ISSUES', 'ADMINISTER_PROJECTS'];
const bad = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(finding => finding.status !== 'ok').map(finding => `${finding.topic}: ${finding.todo}`);

describe('connectors/jira/check', () => {
  watchWire();

  it('all is well where everything is granted', async () => {
    const backlog = await openBoard();
    expectCall('GET', path, { body: granted('BULK_CHANGE') });
    expectCall('GET', path, { body: granted(...all) });

    const findings = await backlog.check();

    expect(bad(findings)).toEqual([]);
    expect(findings.map(finding => finding.text)).toEqual(
      expect.arrayContaining([
        'board 12 (SHOP board, scrum), filter 10100',
        'Rank (customfield_10019)',
        'Story point estimate (customfield_10016)',
        'value = Business value (customfield_10042)',
        'Winnow score (customfield_10050)',
      ]),
    );
    expect(sentTo(path).map(r => [r.query.get('projectKey'), r.query.get('permissions')])).toEqual([
      [null, 'BULK_CHANGE,ADMINISTER'],
      ['SHOP', 'BROWSE_PROJECTS,EDIT_ISSUES,SCHEDULE_ISSUES,ADMINISTER_PROJECTS'],
    ]);
  });

  it.each<[string, boolean]>([
    ['project = SHOP ORDER BY Rank ASC', true],
    ['project = SHOP order by "Rank", key', true],
    ['project = SHOP ORDER BY cf[10019]', true],
    ['project = SHOP ORDER BY customfield_10019 ASC, updated DESC', true],
    ['project = SHOP ORDER BY Rank DESC', false],
    ['project = SHOP ORDER BY priority DESC, Rank ASC', false],
    ['summary ~ "order by Rank"', false],
    ['project = SHOP', false],
  ])('a board whose filter is %s: sorted by rank %s', async (jql, sorted) => {
    expectMetadata({ filterJql: jql });
    const backlog = await aConnection({ metadata: aCache() }).openBacklog(boardRequest);
    expectCall('GET', path, { body: granted('BULK_CHANGE') });
    expectCall('GET', path, { body: granted(...all) });

    const todo = 'sorting: end the filter with: ORDER BY Rank ASC';
    expect(bad(await backlog.check())).toEqual(sorted ? [] : [todo]);
  });

  it('missing rights say what to grant', async () => {
    const metadata = aCache();
    await metadata.put(loudKey, ['SHOP'], 60);
    const backlog = await openBoard(metadata);
    expectCall('GET', path, { body: granted() });
    expectCall('GET', path, { body: granted('BROWSE_PROJECTS') });

    expect(bad(await backlog.check())).toEqual([
      'permissions SHOP: grant the account Edit issues in project SHOP',
      'permissions SHOP: grant the account Schedule issues in project SHOP',
      expect.stringContaining('mail SHOP: grant the account Administer projects'),
      'bulk edits: grant the global permission Make bulk changes',
      expect.stringContaining('mail: grant the account Administer projects'),
    ]);
  });

  it('a project that cannot be seen has no rights', async () => {
    const backlog = await openJql();
    expectCall('GET', path, { body: granted('BULK_CHANGE', 'ADMINISTER') });
    expectCall('GET', path, { status: 404 });

    const problems = (await backlog.check()).filter(finding => finding.status === 'problem');

    expect(problems.map(finding => finding.text)).toEqual([
      'may not see its issues',
      'may not edit labels and fields',
      'may not rank issues',
    ]);
  });
});
