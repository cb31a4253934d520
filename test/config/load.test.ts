import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { findConfigFile, loadConfig, parseConfig } from '../../src/config/load.ts';
import { secretsOf } from '../../src/config/redact.ts';

const environment = {
  JIRA_EMAIL: 'bot@acme.com',
  JIRA_API_TOKEN: 'jira-token-1',
  ADO_PAT: 'ado-token-1',
  HOOK: 'hook-secret-1',
};
const smallest = `connections:
  acme: { url: https://acme.atlassian.net, auth: { email: "\${JIRA_EMAIL}", apiToken: "\${JIRA_API_TOKEN}" } }
backlogs:
  shop: { board: 12 }
`;
const everything = `connections:
  acme-jira:
    tracker: jira
    url: https://acme.atlassian.net
    auth: { email: "\${JIRA_EMAIL}", apiToken: "\${JIRA_API_TOKEN}" }
    webhook: { secrets: ["\${HOOK}"] }
    ignoreActors: ["557058:f58131cb-b67d-43c7-b30d-6b58d40bd077"]
  acme-ado:
    tracker: azure-devops
    url: https://dev.azure.com/acme
    auth: { pat: "\${ADO_PAT}" }
    webhook: { username: winnow, passwords: ["\${HOOK}"] }
models:
  default:
    method: weighted
    factors:
      value:    { weight: 5, jira: Business value, azure-devops: Microsoft.VSTS.Common.BusinessValue, scale: [0, 100] }
      priority: { weight: 3 }
      urgency:  { weight: 3, horizonDays: 90 }
      demand:   { weight: 1, scale: [0, 25] }
      effort:   { weight: 2, scale: [1, 13] }
    missing: neutral
    band: 5
    staleness: { staleAfterDays: 90, pruneAfterDays: 180, pruneBelowScore: 40,
                 byPriority: { highest: { staleAfterDays: 14 } }, byType: { Epic: { staleAfterDays: 180, pruneAfterDays: 365 } },
                 exempt: { labels: [frozen], types: [], priorities: [] } }
    grooming: { needsEstimate: true, needsDetail: { minWords: 15 } }
    labels: { prefix: winnow- }
backlogs:
  shop:
    connection: acme-jira
    board: 12
    model: default
    mode: observe
    write: { rank: true, labels: true, score: null, scoreStep: 1 }
    schedule: "*/15 * * * *"
    sweep: "0 3 * * *"
    timezone: Europe/Berlin
    writeHours: "20:00-06:00"
    limits: { maxMoves: 200, maxMovedShare: 0.5, maxLabelChanges: 100, writesPerItemPerDay: 12, quietMinutes: 10 }
    pins: { labels: [winnow-pin], dragHoldsDays: 14 }
    blockers: { linkTypes: [Blocks, Dependency-Forward] }
    newItemsHoldDays: 0
  payments: { connection: acme-ado, project: Payments, team: Payments Team, level: Stories }
service:
  http: { host: 127.0.0.1, port: 8080, apiToken: "\${WINNOW_API_TOKEN:-}" }
  webhooks: { debounceSeconds: 5, maxWaitSeconds: 60 }
  notify: []
`;

const read = (text: string, env: Readonly<Record<string, string>> = environment) =>
  parseConfig(text, 'winnow.yaml', env);
const message = (text: string, env?: Readonly<Record<string, string>>): string => {
  try {
    read(text, env);
    return '';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : '';
  }
};
const withModel = (model: string): string => `${smallest}models:\n  m: ${model}\n`;
const withBacklog = (more: string): string => smallest.replace('{ board: 12 }', `{ ${more} }`);

describe('config/load', () => {
  it('the smallest file gets every default', () => {
    const { backlogs, connections, models } = read(smallest);

    expect(connections[0]).toMatchObject({
      name: 'acme',
      tracker: 'jira',
      auth: { kind: 'basic', email: 'bot@acme.com' },
    });
    expect(backlogs[0]).toMatchObject({
      connection: 'acme',
      scope: { kind: 'jira-board', board: 12 },
      mode: 'observe',
      schedule: '*/15 * * * *',
      timezone: 'UTC',
      writeHours: null,
      limits: { maxMoves: 200, maxMovedShare: 0.5, maxLabelChanges: 100, writesPerItemPerDay: 12, quietMinutes: 10 },
      pins: { labels: ['winnow-pin'], dragHoldsDays: 14 },
    });
    expect(models[0]).toMatchObject({
      name: 'default',
      staleness: { byPriority: { highest: { staleAfterDays: 14 } } },
    });
  });

  it('the whole file is understood, two trackers sharing a model', () => {
    const { backlogs, models } = read(everything);

    expect(backlogs.map(b => b.sources)).toEqual([
      { value: 'Business value' },
      { value: 'Microsoft.VSTS.Common.BusinessValue' },
    ]);
    expect(backlogs[0]?.writeHours).toEqual({ from: 1200, to: 360 });
    expect(models[0]?.factors.find(f => f.name === 'effort')).toMatchObject({
      source: 'effort',
      cost: true,
      scale: [1, 13],
    });
  });

  it("a named model's missing keys mean the built-in, without its exceptions", () => {
    const { models } = read(withModel('{ band: 10 }'));
    const named = models.find(m => m.name === 'm');

    expect(named).toMatchObject({ band: 10, labelPrefix: 'winnow-', grooming: { needsDetail: { minWords: 15 } } });
    expect(named?.staleness).toMatchObject({ staleAfterDays: 90, byPriority: {}, byType: {}, exempt: { labels: [] } });
    expect(named?.factors).toHaveLength(4);
  });

  it.each<[string, string, string[]]>([
    [
      'an unknown key',
      withBacklog('board: 12, mod: apply'),
      ['winnow.yaml:4:', 'backlogs.shop.mod', 'Did you mean mode?'],
    ],
    ['a wrong type', withBacklog('board: twelve'), ['winnow.yaml:4:', 'backlogs.shop.board', 'must be a number']],
    ['a limit out of range', withBacklog('board: 1, limits: { maxMoves: -1 }'), ['backlogs.shop.limits.maxMoves']],
    ['a bad time zone', withBacklog('board: 1, timezone: Mars/Base'), ['backlogs.shop.timezone', 'Europe/Berlin']],
    ['a bad schedule', withBacklog('board: 1, schedule: often'), ['backlogs.shop.schedule', 'cron']],
    ['an unknown model', withBacklog('board: 1, model: best'), ['there is no model best; known: default']],
    ['an unknown connection', withBacklog('board: 1, connection: x'), ['there is no connection x; known: acme']],
    ['board and jql', withBacklog('board: 1, jql: a'), ['either board']],
    ['a key of the other tracker', withBacklog('board: 1, level: Stories'), ['backlogs.shop.level', 'does not fit']],
    [
      'a pin that is our own label',
      withBacklog('board: 1, pins: { labels: [winnow-stale] }'),
      ['backlogs.shop.pins.labels.0', 'choose another'],
    ],
    ['http to a public host', smallest.replace('https', 'http'), ['connections.acme.url', 'https://']],
    ['credentials in the url', smallest.replace('https://', 'https://a:b@'), ['connections.acme.url', 'under auth']],
    ['an unknown host', smallest.replace('acme.atlassian.net', 'jira.acme.com'), ['tracker is needed']],
    ['the wrong credentials', smallest.replace(/auth: .*\} \}/, 'auth: { pat: x } }'), ['connections.acme.auth']],
    [
      'a negative weight',
      withModel('{ factors: { priority: { weight: -1 } } }'),
      ['models.m.factors.priority.weight', 'negative'],
    ],
    ['weights of 0', withModel('{ factors: { priority: { weight: 0 } } }'), ['models.m.factors', 'add up to 0']],
    ['equal ends', withModel('{ factors: { effort: { weight: 1, scale: [3, 3] } } }'), ['both ends are equal']],
    [
      'aging after stale',
      withModel('{ staleness: { agingAfterDays: 91 } }'),
      ['aging (91 days) comes after stale (90 days)'],
    ],
    [
      'stale after prune',
      withModel('{ staleness: { staleAfterDays: 200 } }'),
      ['stale (200 days) comes after prune (180 days)'],
    ],
    [
      'stale after prune for a type',
      withModel('{ staleness: { byType: { Bug: { pruneAfterDays: 10 } } } }'),
      ['byType.Bug'],
    ],
    ['a method without its factors', withModel('{ method: wsjf }'), ['needs a factor named jobSize']],
    ['a doubled key', smallest + 'backlogs: {}\n', ['winnow.yaml:5:', 'not YAML']],
    ['broken YAML', 'connections: [', ['winnow.yaml:1:', 'not YAML']],
    ['nothing', '', ['connections', 'backlogs']],
  ])('%s is told with its place', (_name, text, parts) => {
    const told = message(text);

    expect(told).toMatch(/^ConfigError: winnow\.yaml:\d+:\d+ /);
    for (const part of parts) expect(told).toContain(part);
  });

  it('a missing variable is named, and no secret beside it', () => {
    const told = message(smallest, { JIRA_API_TOKEN: 'jira-token-1' });

    expect(told).toContain('winnow.yaml:2:');
    expect(told).toContain('connections.acme.auth.email: the environment variable JIRA_EMAIL is not set');
    expect(told).not.toContain('jira-token-1');
  });

  it('an empty secret is an error that names its path', () => {
    expect(message(smallest, { ...environment, JIRA_API_TOKEN: '' })).toContain('connections.acme.auth');
  });

  it('plain http is allowed on loopback addresses', () => {
    for (const host of ['127.0.0.1:8000', 'localhost', '[::1]:9']) {
      const text = smallest.replace('url: https://acme.atlassian.net', `tracker: jira, url: "http://${host}"`);
      expect(message(text)).toBe('');
    }
  });

  it('a file that is not there says how to make one', () => {
    expect(() => loadConfig('/nowhere/winnow.yaml', {})).toThrow(
      /\/nowhere\/winnow\.yaml cannot be read[\s\S]*board: 12/,
    );
  });

  it('the flag wins over the environment, the environment over the folder', () => {
    const cwd = '/work';
    expect(findConfigFile({ flag: 'a.yaml', environment: { WINNOW_CONFIG: 'b.yaml' }, cwd })).toBe('/work/a.yaml');
    expect(findConfigFile({ flag: undefined, environment: { WINNOW_CONFIG: '/b.yaml' }, cwd })).toBe('/b.yaml');
    expect(findConfigFile({ flag: undefined, environment: {}, cwd })).toBe('/work/winnow.yaml');
  });

  it('every secret is known for redaction', () => {
    expect([...secretsOf(read(everything))].sort()).toEqual([
      'ado-token-1',
      'hook-secret-1',
      'hook-secret-1',
      'jira-token-1',
    ]);
  });
});

describe('config/json-schema', () => {
  it('accepts both example files and refuses an unknown key', () => {
    const validate = new Ajv2020({ strict: false }).compile(configJsonSchema());

    expect(validate(parse(smallest)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(parse(everything)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...(parse(smallest) as object), nonsense: 1 })).toBe(false);
  });
});
