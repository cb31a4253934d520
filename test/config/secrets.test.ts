import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText, secretsOf } from '../../src/config/redact.ts';
import { aFile, environment, everything, mistakes, read, smallest } from './files.ts';

const secret = 'S3cr3t-9f8e7d';

describe('config/load secrets', () => {
  it.each([
    ['a token as a key', aFile({ connection: `url: https://a.atlassian.net, auth: { ${secret} }` })],
    ['a token as auth', aFile({ connection: `url: https://a.atlassian.net, auth: ${secret}` })],
    ['a token beside auth', aFile({ connection: `url: https://a.atlassian.net, apiToken: ${secret}` })],
    ['a list as token', aFile({ connection: `url: https://a.atlassian.net, auth: { accessToken: [${secret}] }` })],
    [
      'a token with a blank',
      aFile({ connection: `url: https://a.atlassian.net, auth: { accessToken: "${secret} " }` }),
    ],
    ['a wrong e-mail', aFile({ connection: `url: https://a.atlassian.net, auth: { email: ${secret}, apiToken: x }` })],
    ['a token in the address', aFile({ connection: `url: "https://x:${secret}@a.atlassian.net", auth: { pat: a }` })],
    ['a token in the query', aFile({ connection: `url: "https://a.atlassian.net?t=${secret}", auth: { pat: a }` })],
    ['a token as tracker', aFile({ connection: `tracker: ${secret}, url: "https://a.b", auth: { pat: a }` })],
    ['a token as connection', `connections:\n  acme: ${secret}\nbacklogs:\n  shop: { board: 1 }\n`],
    [
      'a webhook as text',
      aFile({ connection: `url: https://a.atlassian.net, auth: { accessToken: a }, webhook: ${secret}` }),
    ],
    ['an API token with a blank', aFile({ service: `http: { apiToken: "${secret} " }` })],
    ['a notify address', aFile({ service: `notify: ["http://hooks.slack.com/${secret}"]` })],
    ['a token in broken YAML', `connections:\n  a: "${secret}" x\n`],
    ['a token as an alias', `connections:\n  a: *${secret}\n`],
    ['a token with a percent sign', `connections:\n  a: @${secret}\n`],
    ['a token as a tag', `connections:\n  a: !${secret} x\n`],
    ['a token as a doubled key', `connections:\n  ? ${secret}\n  : a: 1\n  b\n`],
    ['a token as a block header', `connections:\n  a: |${secret}\n`],
  ])('%s is not repeated', (_name, text) => {
    const told = mistakes(text);

    expect(told.length).toBeGreaterThan(0);
    expect(told.join('\n')).not.toContain(secret);
  });

  it('what a variable holds is never shown, wherever it stands', () => {
    for (const key of ['timezone', 'mode', 'model', 'connection', 'schedule', 'writeHours']) {
      const told = mistakes(aFile({ backlog: `board: 1, ${key}: "\${TOKEN}"` }), { TOKEN: secret });

      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(
        new RegExp(`^winnow\\.yaml:4:21 backlogs\\.shop\\.${key}: .*\\(got the value of TOKEN\\)$`),
      );
    }
  });

  it('what a variable holds is not shown through an alias', () => {
    const text = aFile({}).replace('backlogs:', 'backlogs:\n  a: &a { board: 1, mode: "${TOKEN}" }\n  b: *a');

    const told = mistakes(text, { TOKEN: secret });

    expect(told.map(line => line.split(': ')[0])).toEqual([
      'winnow.yaml:4:21 backlogs.a.mode',
      'winnow.yaml:4:21 backlogs.b.mode',
    ]);
    expect(told.join('\n')).not.toContain(secret);
  });

  it('what a variable holds is not shown where an alias is the value', () => {
    const text = aFile({}).replace(
      'backlogs:',
      'backlogs:\n  a: { board: 1, model: &t "${TOKEN}" }\n  b: { board: 2, mode: *t }',
    );

    const told = mistakes(text, { TOKEN: secret });

    expect(told).toHaveLength(2);
    expect(told.join('\n')).not.toContain(secret);
  });

  it('a missing variable is named with its place, and nothing else', () => {
    const column = 1 + (smallest.split('\n')[1]?.indexOf('apiToken') ?? NaN);

    const told = mistakes(smallest, { JIRA_EMAIL: 'a@b.c' });

    expect(told).toEqual([
      `winnow.yaml:2:${column} connections.acme.auth.apiToken: the environment variable JIRA_API_TOKEN is not set; set it, or write \${JIRA_API_TOKEN:-default}`,
    ]);
  });

  it('a variable that is set but empty is an empty secret', () => {
    const told = mistakes(smallest, { ...environment, JIRA_API_TOKEN: '' });

    expect(told).toEqual([expect.stringMatching(/connections\.acme\.auth\.apiToken: is empty/)]);
  });

  it('a default stands in for an unset and for an empty variable', () => {
    const hostOf = (variables: Readonly<Record<string, string>>): string =>
      read(aFile({ service: 'http: { host: "${HOST:-0.0.0.0}" }' }), variables).service.http.host;

    expect([hostOf({}), hostOf({ HOST: '' }), hostOf({ HOST: 'h' })]).toEqual(['0.0.0.0', '0.0.0.0', 'h']);
  });

  it.each(['${', '${}', '${A-b}', '${1}', 'x ${A'])('%s is no reference to a variable', text => {
    expect(mistakes(aFile({ backlog: `jql: "${text}"` }), { A: 'a' })[0]).toMatch(
      /:4:11 backlogs\.shop\.jql: .*\$\{NAME:-default\}/,
    );
  });

  it('variables are not expanded in what a variable holds, nor in keys', () => {
    const [shop] = read(aFile({ backlog: 'jql: "${A}"' }), { A: '${B}' }).backlogs;

    expect(shop?.scope).toEqual({ kind: 'jira-jql', jql: '${B}' });
    expect(mistakes(aFile({ backlog: 'board: 1, "${A}": 1' }), { A: 'mode' })[0]).toContain('is not a key');
  });
});

describe('config/redact', () => {
  const config = read(everything, { ...environment, WINNOW_API_TOKEN: 'api token/1'.replace(' ', '-') });

  it('every secret is known, also as it travels', () => {
    const secrets = secretsOf(config);

    expect(secrets).toEqual(
      expect.arrayContaining([
        'jira-token-1',
        'ado-token-1',
        'hook-secret-1',
        'hook-password-1',
        'api-token/1',
        'api-token%2F1',
        Buffer.from('bot@acme.com:jira-token-1').toString('base64'),
        Buffer.from(':ado-token-1').toString('base64'),
      ]),
    );
    expect(secrets).not.toContain('bot@acme.com');
    expect(secrets).not.toContain('winnow');
  });

  it('a text with secrets anywhere loses them all', () => {
    const secrets = secretsOf(config);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...secrets), fc.string())), parts => {
        const text = redactText(parts.join(''), secrets);
        return secrets.every(each => !text.includes(each));
      }),
    );
  });

  it('the longer of two secrets goes first', () => {
    expect(redactText('abcd-efgh abcd', ['abcd', 'abcd-efgh'])).toBe('[redacted] [redacted]');
  });

  it('texts too short to be secrets stay', () => {
    expect(redactText('a cat', ['a', 'cat'])).toBe('a cat');
  });
});
