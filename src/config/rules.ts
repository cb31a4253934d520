import { checkBacklog } from './backlog-rules.ts';
import { checkConnection } from './connection-rules.ts';
import { urlProblem } from './connection-url.ts';
import type { Entries } from './entries.ts';
import { checkJournalDays } from './journal-days.ts';
import { checkPrefixes } from './label-rules.ts';
import { checkModel } from './model-rules.ts';
import type { Problem } from './problem.ts';
import { resolveModels } from './resolve-models.ts';
import type { ServiceFile } from './schema-backlogs.ts';

/** What well-formed entries may still get wrong: values that do not fit each other. */
export function checkRules(entries: Entries): readonly Problem[] {
  return [
    ...[...entries.connections].flatMap(([name, of]) => checkConnection(of, ['connections', name])),
    ...[...entries.models].flatMap(([name, of]) => checkModel(of, ['models', name])),
    ...checkPrefixes(entries),
    ...[...entries.backlogs].flatMap(([name, of]) => checkBacklog(of, ['backlogs', name], entries)),
    ...(entries.service === null ? [] : checkService(entries.service)),
    ...checkJournalDays(entries.service?.journalDays, resolveModels(entries.models)),
  ];
}

function checkService({ http, webhooks, notify }: ServiceFile): readonly Problem[] {
  const problems: Problem[] = notify.flatMap((url, index) => {
    const problem = urlProblem(url);
    return problem === null ? [] : [{ path: ['service', 'notify', index], message: notifyMessage(problem, url) }];
  });
  if (/\s/.test(http.apiToken)) {
    problems.push({
      path: ['service', 'http', 'apiToken'],
      message: 'must not hold blanks or line breaks; copy it again',
    });
  }
  if (webhooks.maxWaitSeconds < webhooks.debounceSeconds) {
    const message = `must not be less than debounceSeconds (${webhooks.debounceSeconds})`;
    problems.push({ path: ['service', 'webhooks', 'maxWaitSeconds'], message });
  }
  return problems;
}

function notifyMessage(problem: string, url: string): string {
  return URL.canParse(url) ? problem : 'must be the full address of an incoming webhook of Slack or Teams';
}
