import { parseConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/resolve.ts';
import { ConfigError } from '../../src/errors.ts';

export type Environment = Readonly<Record<string, string>>;

export const environment: Environment = {
  JIRA_EMAIL: 'bot@acme.com',
  JIRA_API_TOKEN: 'jira-token-1',
  JIRA_WEBHOOK_SECRET: 'hook-secret-1',
  ADO_PAT: 'ado-token-1',
  ADO_WEBHOOK_PASSWORD: 'hook-password-1',
};

export const smallest = `connections:
  acme: { url: https://acme.atlassian.net, auth: { email: "\${JIRA_EMAIL}", apiToken: "\${JIRA_API_TOKEN}" } }
backlogs:
  shop: { board: 12 }            # observe mode, the built-in model, every 15 minutes and a nightly sweep
`;

export const everything = `connections:
  acme-jira:
    tracker: jira
    url: https://acme.atlassian.net
    auth: { email: "\${JIRA_EMAIL}", apiToken: "\${JIRA_API_TOKEN}" }
    webhook: { secrets: ["\${JIRA_WEBHOOK_SECRET}"] }
    ignoreActors: ["557058:f58131cb-b67d-43c7-b30d-6b58d40bd077"]
  acme-ado:
    tracker: azure-devops
    url: https://dev.azure.com/acme
    auth: { pat: "\${ADO_PAT}" }
    webhook: { username: winnow, passwords: ["\${ADO_WEBHOOK_PASSWORD}"] }

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
  journalDays: 400
`;

/** One Jira connection `acme` with these keys beside url and auth, and one backlog `shop` with these. */
export function aFile(parts: {
  readonly connection?: string;
  readonly backlog?: string;
  readonly model?: string;
  readonly service?: string;
}): string {
  const usual = 'url: https://acme.atlassian.net, auth: { email: a@acme.com, apiToken: token-1 }';
  return [
    'connections:',
    `  acme: { ${parts.connection ?? usual} }`,
    ...(parts.model === undefined ? [] : ['models:', `  m: { ${parts.model} }`]),
    'backlogs:',
    `  shop: { ${parts.backlog ?? 'board: 12'} }`,
    ...(parts.service === undefined ? [] : [`service: { ${parts.service} }`]),
    '',
  ].join('\n');
}

export function read(text: string, variables: Environment = environment): Config {
  return parseConfig(text, 'winnow.yaml', variables);
}

/** The lines of the ConfigError that a file is refused with; none when it is accepted. */
export function mistakes(text: string, variables: Environment = environment): readonly string[] {
  try {
    read(text, variables);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}
