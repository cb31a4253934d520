import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConfigFile, loadConfig } from '../../src/config/load.ts';
import { environment, everything, mistakes, read, smallest } from './files.ts';

describe('config/load', () => {
  it('the smallest file gets every default', () => {
    const { connections, backlogs, service, warnings } = read(smallest);

    expect(connections).toEqual([
      {
        name: 'acme',
        tracker: 'jira',
        url: 'https://acme.atlassian.net',
        auth: { kind: 'basic', email: 'bot@acme.com', apiToken: 'jira-token-1' },
        webhook: null,
        ignoreActors: [],
      },
    ]);
    expect(backlogs).toEqual([
      {
        name: 'shop',
        connection: 'acme',
        tracker: 'jira',
        scope: { kind: 'jira-board', board: 12 },
        model: 'default',
        mode: 'observe',
        write: { rank: true, labels: true, score: null, scoreStep: 1, explanation: null },
        schedule: '*/15 * * * *',
        sweep: '0 3 * * *',
        timezone: 'UTC',
        writeHours: null,
        limits: { maxMoves: 200, maxMovedShare: 0.5, maxLabelChanges: 100, writesPerItemPerDay: 12, quietMinutes: 10 },
        pins: { labels: ['winnow-pin'], dragHoldsDays: 14 },
        blockers: { linkTypes: ['Blocks', 'Dependency-Forward'] },
        newItemsHoldDays: 0,
        sources: {},
      },
    ]);
    expect(service).toEqual({
      http: { host: '127.0.0.1', port: 8080, apiToken: null },
      webhooks: { debounceSeconds: 5, maxWaitSeconds: 60 },
      notify: [],
      journalDays: 400,
    });
    expect(warnings).toEqual([]);
  });

  it('the whole file serves two trackers with one model', () => {
    const { connections, backlogs, models, warnings } = read(everything);

    expect(connections.map(c => [c.name, c.tracker, c.webhook])).toEqual([
      ['acme-jira', 'jira', { secrets: ['hook-secret-1'] }],
      ['acme-ado', 'azure-devops', { username: 'winnow', passwords: ['hook-password-1'] }],
    ]);
    expect(models.map(m => m.name)).toEqual(['default']);
    expect(backlogs.map(b => b.sources)).toEqual([
      { value: 'Business value' },
      { value: 'Microsoft.VSTS.Common.BusinessValue' },
    ]);
    expect(backlogs[0]?.writeHours).toEqual({ from: 1200, to: 360 });
    const scope = { kind: 'azure-devops', project: 'Payments', team: 'Payments Team', level: 'Stories' };
    expect(backlogs[1]?.scope).toEqual(scope);
    expect(warnings).toEqual([]);
  });

  it('everything in it is frozen', () => {
    const thawed: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
    };

    visit(read(everything), 'config');

    expect(thawed).toEqual([]);
  });

  it('all mistakes are told at once, in the order of the file', () => {
    const text = [
      'connections:',
      '  acme:',
      '    url: http://jira.acme.com',
      '    tracker: jira',
      '    auth: { email: a@acme.com }',
      'backlogs:',
      '  shop:',
      '    board: 12',
      '    model: best',
      '    limits:',
      '      maxMoves: x',
      '  other: { board: 1, level: Stories }',
    ];

    expect(mistakes(text.join('\n')).map(line => line.split(': ')[0])).toEqual([
      'winnow.yaml:3:5 connections.acme.url',
      'winnow.yaml:5:5 connections.acme.auth',
      'winnow.yaml:11:7 backlogs.shop.limits.maxMoves',
      'winnow.yaml:12:22 backlogs.other.level',
    ]);
  });

  it('a variable may stand where a number or true is wanted', () => {
    const text = smallest.replace('{ board: 12 }', '{ board: "${BOARD}", write: { rank: "${RANK:-false}" } }');

    const [shop] = read(text, { ...environment, BOARD: '77' }).backlogs;

    expect(shop?.scope).toEqual({ kind: 'jira-board', board: 77 });
    expect(shop?.write.rank).toBe(false);
  });

  it('a key that means something to JavaScript is no entry', () => {
    const text = smallest.replace('  shop', '  __proto__: { board: 1 }\n  shop');

    expect(mistakes(text)).toEqual(['winnow.yaml:4:3 backlogs.__proto__: cannot be a key; choose another name']);
  });

  it('a quoted number that no variable gave stays text', () => {
    expect(mistakes(smallest.replace('board: 12', 'board: "12"'))[0]).toContain('backlogs.shop.board');
  });

  it('anchors and aliases are places like others', () => {
    const text = `connections:\n  a: &site { url: https://acme.atlassian.net, auth: { email: a@b.c, apiToken: t } }\n  b: *site\nbacklogs:\n  shop: { connection: b, board: 0 }\n`;

    expect(mistakes(text)).toEqual([expect.stringMatching(/^winnow\.yaml:5:26 backlogs\.shop\.board: /)]);
  });
});

describe('config/load files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'winnow-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('a file is read from disk', () => {
    const path = join(folder, 'winnow.yaml');
    writeFileSync(path, smallest);

    expect(loadConfig(path, environment).backlogs.map(b => b.name)).toEqual(['shop']);
  });

  it('a file that is not there says how to make one', () => {
    const load = () => loadConfig(join(folder, 'none.yaml'), {});

    expect(load).toThrow(/none\.yaml cannot be read: there is no such file[\s\S]*--config[\s\S]*board: 12/);
  });

  it('a folder in place of the file is told', () => {
    expect(() => loadConfig(folder, {})).toThrow(/cannot be read: EISDIR/);
  });

  it('the flag wins over the environment, the environment over the folder', () => {
    const cwd = '/work';

    expect(findConfigFile({ flag: 'a.yaml', environment: { WINNOW_CONFIG: 'b.yaml' }, cwd })).toBe('/work/a.yaml');
    expect(findConfigFile({ flag: undefined, environment: { WINNOW_CONFIG: '/b.yaml' }, cwd })).toBe('/b.yaml');
    expect(findConfigFile({ flag: undefined, environment: { WINNOW_CONFIG: '' }, cwd })).toBe('/work/winnow.yaml');
    expect(findConfigFile({ flag: undefined, environment: {}, cwd })).toBe('/work/winnow.yaml');
  });
});
