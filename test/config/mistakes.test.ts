import { describe, expect, it } from 'vitest';
import { aFile, mistakes, read, smallest } from './files.ts';

type Row = readonly [name: string, text: string, place: string, advice: string];

const backlog = (keys: string): string => aFile({ backlog: keys });
const connection = (keys: string): string => aFile({ connection: keys });
const jira = 'url: https://acme.atlassian.net';
const auth = 'auth: { email: a@acme.com, apiToken: token-1 }';
const ado = 'url: https://dev.azure.com/acme';
const adoFile = (keys: string): string => aFile({ connection: `${ado}, auth: { pat: p-1 }`, backlog: keys });

const rows: readonly Row[] = [
  ['a doubled key', `${smallest}backlogs: {}\n`, '5:1 backlogs', 'written twice'],
  ['an unclosed bracket', 'connections: [', '1:15 this is not YAML', 'bracket'],
  ['a tab', 'connections:\n\tacme: 1', '2:1 this is not YAML', 'use spaces'],
  ['an unknown alias', 'connections: *x', '1:1 this is not YAML', 'alias'],
  ['an unknown tag', 'connections: !x y', '1:14 this is not YAML', 'tags'],
  ['two documents', `${smallest}---\na: 1\n`, '5:1 this is not YAML', 'one document'],
  ['an empty file', '# nothing\n', '1:1 the file is empty', 'smallest'],
  ['a list', '- a\n', '1:1 must be a mapping', 'keys'],
  ['no backlogs', 'connections: {}\nbacklogs: {}\n', '1:1 connections', 'at least one'],
  ['a missing section', `connections:\n  a: { ${jira}, ${auth} }\n`, '1:1 backlogs', 'is missing'],
  ['a mistyped key', backlog('board: 1, limits: { maxMove: 1 }'), '4:31 backlogs.shop.limits.maxMove', 'maxMoves?'],
  ['a key in another spelling', backlog('board: 1, write-hours: a'), '4:21 backlogs.shop.write-hours', 'writeHours?'],
  ['a strange key', backlog('board: 1, colour: red'), '4:21 backlogs.shop.colour', 'the keys here are connection,'],
  [
    'text for a number',
    backlog('board: 1, limits: { maxMoves: x }'),
    '4:31 backlogs.shop.limits.maxMoves',
    'must be a whole number above 0 (got "x")',
  ],
  ['a fraction', backlog('board: 1.5'), '4:11 backlogs.shop.board', 'number of a board'],
  [
    'a share above 1',
    backlog('board: 1, limits: { maxMovedShare: 50 }'),
    '4:31 backlogs.shop.limits.maxMovedShare',
    'from 0 to 1 (got 50)',
  ],
  ['a number for text', backlog('jql: 12'), '4:11 backlogs.shop.jql', 'put it in quotes (got 12)'],
  ['nothing for a mapping', backlog('board: 1, limits: '), '4:21 backlogs.shop.limits', 'must be a mapping'],
  [
    'a mistyped choice',
    backlog('board: 1, mode: aply'),
    '4:21 backlogs.shop.mode',
    'observe, apply; did you mean apply? (got "aply")',
  ],
  ['yes for true', backlog('board: 1, write: { rank: yes }'), '4:30 backlogs.shop.write.rank', 'true or false'],
  ['a wrong time zone', backlog('board: 1, timezone: Mars/Base'), '4:21 backlogs.shop.timezone', 'Europe/Berlin'],
  ['an offset as time zone', backlog('board: 1, timezone: "+02:00"'), '4:21 backlogs.shop.timezone', 'IANA'],
  ['a wrong schedule', backlog('board: 1, schedule: often'), '4:21 backlogs.shop.schedule', 'cron expression'],
  ['a minute 61', backlog('board: 1, sweep: "61 * * * *"'), '4:21 backlogs.shop.sweep', 'cron expression'],
  ['hours without minutes', backlog('board: 1, writeHours: 20-6'), '4:21 backlogs.shop.writeHours', '20:00-06:00'],
  [
    'hours with equal ends',
    backlog('board: 1, writeHours: "06:00-06:00"'),
    '4:21 backlogs.shop.writeHours',
    'not equal',
  ],
  ['a step of 0', backlog('board: 1, write: { scoreStep: 0 }'), '4:30 backlogs.shop.write.scoreStep', 'above 0'],
  [
    'an empty score field',
    backlog('board: 1, write: { score: "" }'),
    '4:30 backlogs.shop.write.score',
    'must not be empty',
  ],
  ['a negative hold', backlog('board: 1, newItemsHoldDays: -1'), '4:21 backlogs.shop.newItemsHoldDays', '0 or more'],
  ['an unknown model', backlog('board: 1, model: best'), '4:21 backlogs.shop.model', 'known: default (got "best")'],
  [
    'an unknown connection',
    backlog('board: 1, connection: acne'),
    '4:21 backlogs.shop.connection',
    'known: acme; did you mean acme?',
  ],
  ['neither board nor jql', backlog('mode: apply'), '4:3 backlogs.shop', 'board:'],
  ['board and jql', backlog('board: 1, jql: a = b'), '4:3 backlogs.shop', 'keep one'],
  ['a key of the other tracker', backlog('board: 1, level: Stories'), '4:21 backlogs.shop.level', 'only azure-devops'],
  ['a board in Azure DevOps', adoFile('project: P, board: 1'), '4:23 backlogs.shop.board', 'only jira'],
  ['no project', adoFile('team: T'), '4:3 backlogs.shop', 'project:'],
  [
    'a pin that is our own label',
    backlog('board: 1, pins: { labels: [Winnow-Stale] }'),
    '4:38 backlogs.shop.pins.labels[0]',
    'choose one that people set',
  ],
  ['a name with a slash', backlog('board: 1').replace('shop:', 'a/b:'), '4:3 backlogs.a/b', 'letters, digits'],
  [
    'http to a public host',
    connection(`url: http://acme.atlassian.net, ${auth}`),
    '2:11 connections.acme.url',
    'https://',
  ],
  [
    'http to a private host',
    connection(`tracker: jira, url: http://10.0.0.1, ${auth}`),
    '2:26 connections.acme.url',
    'https://',
  ],
  ['a file address', connection(`tracker: jira, url: file:///x, ${auth}`), '2:26 connections.acme.url', 'https://'],
  ['no address', connection(`url: acme.atlassian.net, ${auth}`), '2:11 connections.acme.url', 'full address'],
  [
    'credentials in the address',
    connection(`url: "https://a:b@acme.atlassian.net", ${auth}`),
    '2:11 connections.acme.url',
    'before "@"',
  ],
  [
    'a page of the site',
    connection(`url: https://acme.atlassian.net/jira/x, ${auth}`),
    '2:11 connections.acme.url',
    'alone: https://acme.atlassian.net',
  ],
  [
    'a gateway without cloudId',
    connection(`url: https://api.atlassian.com, ${auth}`),
    '2:11 connections.acme.url',
    '/ex/jira/<cloudId>',
  ],
  ['no organisation', adoFile('project: P').replace('/acme,', ','), '2:11 connections.acme.url', 'organisation'],
  [
    'a project address',
    adoFile('project: P').replace('/acme,', '/acme/P,'),
    '2:11 connections.acme.url',
    'named by the backlog',
  ],
  [
    'an unknown host',
    connection(`url: https://jira.acme.com, ${auth}`),
    '2:3 connections.acme.tracker',
    'tracker: jira or tracker: azure-devops',
  ],
  [
    'a tracker against the host',
    connection(`tracker: azure-devops, ${jira}, ${auth}`),
    '2:11 connections.acme.tracker',
    'must be jira',
  ],
  [
    'an unknown tracker',
    connection(`tracker: trello, ${jira}, ${auth}`),
    '2:11 connections.acme.tracker',
    'jira, azure-devops',
  ],
  [
    'half of the credentials',
    connection(`${jira}, auth: { email: a@b.c }`),
    '2:44 connections.acme.auth',
    'apiToken is missing',
  ],
  [
    'no credentials',
    connection(`${jira}, auth: {}`),
    '2:44 connections.acme.auth',
    '{ email, apiToken } or { accessToken }',
  ],
  [
    'credentials of the other tracker',
    connection(`${jira}, auth: { pat: x }`),
    '2:44 connections.acme.auth',
    'remove pat',
  ],
  [
    'two kinds of credentials',
    connection(`${jira}, auth: { email: a@b.c, apiToken: x, accessToken: y }`),
    '2:44 connections.acme.auth',
    'only one',
  ],
  [
    'half of an application',
    adoFile('project: P').replace('pat: p-1', 'clientId: c, tenantId: t'),
    '2:44 connections.acme.auth',
    'clientSecret is missing',
  ],
  [
    'no e-mail address',
    connection(`${jira}, auth: { email: ann, apiToken: x }`),
    '2:52 connections.acme.auth.email',
    'e-mail',
  ],
  [
    'a token with a line break',
    connection(`${jira}, auth: { accessToken: "x\\n" }`),
    '2:52 connections.acme.auth.accessToken',
    'line breaks',
  ],
  [
    'an empty token',
    connection(`${jira}, auth: { accessToken: "" }`),
    '2:52 connections.acme.auth.accessToken',
    'is empty',
  ],
  [
    'an empty webhook secret',
    connection(`${jira}, ${auth}, webhook: { secrets: [""] }`),
    '2:113 connections.acme.webhook.secrets[0]',
    'is empty',
  ],
  [
    'no webhook secrets',
    connection(`${jira}, ${auth}, webhook: { secrets: [] }`),
    '2:103 connections.acme.webhook.secrets',
    'at least one',
  ],
  [
    'a webhook of the other tracker',
    connection(`${jira}, ${auth}, webhook: { username: a, passwords: [b] }`),
    '2:92 connections.acme.webhook',
    '{ secrets }',
  ],
  ['a port beyond the last', aFile({ service: 'http: { port: 70000 }' }), '5:20 service.http.port', '65535'],
  [
    'a wait below the debounce',
    aFile({ service: 'webhooks: { maxWaitSeconds: 1 }' }),
    '5:24 service.webhooks.maxWaitSeconds',
    'debounceSeconds (5)',
  ],
  [
    'a notify address over http',
    aFile({ service: 'notify: ["http://hooks.acme.com/x"]' }),
    '5:21 service.notify[0]',
    'https://',
  ],
];

describe('config/check-file', () => {
  it.each(rows)('%s is told with place and advice', (_name, text, place, advice) => {
    const [first = '', ...others] = mistakes(text);

    expect(first.startsWith(`winnow.yaml:${place}`), first).toBe(true);
    expect([first, ...others].join('\n')).toContain(advice);
  });

  it.each([
    'http://localhost:8080',
    'http://127.0.0.1',
    'http://127.9.9.9:1/x/',
    'http://[::1]:9',
    'https://10.0.0.1/jira',
  ])('%s is a good address when the tracker is named', url => {
    const { connections } = read(connection(`tracker: jira, url: "${url}", ${auth}`));

    expect(connections[0]?.url).toBe(url.replace(/\/$/, ''));
  });

  it.each([
    ['https://ACME.atlassian.net/', 'jira', 'https://acme.atlassian.net'],
    ['https://api.atlassian.com/ex/jira/1-2', 'jira', 'https://api.atlassian.com/ex/jira/1-2'],
    ['https://dev.azure.com/acme/', 'azure-devops', 'https://dev.azure.com/acme'],
    ['https://acme.visualstudio.com', 'azure-devops', 'https://acme.visualstudio.com'],
  ] as const)('the tracker of %s is known', (url, tracker, plain) => {
    const scope = tracker === 'jira' ? 'board: 1' : 'project: P';

    const { connections } = read(aFile({ connection: `url: ${url}, auth: { accessToken: token-1 }`, backlog: scope }));

    expect(connections[0]).toMatchObject({ tracker, url: plain });
  });

  it('several connections make the name of one necessary', () => {
    const text = aFile({}).replace('backlogs:', `  b: { ${jira}, ${auth} }\nbacklogs:`);

    expect(mistakes(text)).toEqual([
      'winnow.yaml:5:3 backlogs.shop.connection: is missing; there are several connections: acme, b',
    ]);
  });
});
