/**
 * What an administrator must enter in Jira, for API tokens cannot register webhooks
 * (https://developer.atlassian.com/cloud/jira/platform/webhooks/).
 */
export function jiraSteps(of: {
  readonly url: string;
  readonly site: string;
  readonly filter: string;
}): readonly string[] {
  const place = /api\.atlassian\.com/.test(of.site) ? 'your site' : of.site;
  return [
    `Open ${place}/plugins/servlet/webhooks as a Jira administrator (System > WebHooks) and create a webhook, or edit the one that has this URL:`,
    `URL: ${of.url}`,
    'Secret: the first of the secrets that winnow.yaml names for this connection (it is not shown here)',
    `Issue related events, filter: ${of.filter}`,
    'Issue: created, updated, deleted. Comment: created, updated, deleted. Worklog: created, updated, deleted. Issue link: created, deleted.',
    'Sprint (jira-software): created, started, closed, updated, deleted.',
    'Exclude body: no.',
  ];
}

/** By project, not by the backlog's own query: an issue that leaves the query would leave without a word. */
export function jiraFilter(projects: ReadonlyMap<string, ReadonlySet<string>>): string {
  const keys = [...new Set([...projects.values()].flatMap(some => [...some]))].sort();
  if (keys.length === 0)
    return 'project in (the projects of your boards; they are named here once a round has read them)';
  return `project in (${keys.map(key => (/^[A-Z][A-Z0-9_]*$/.test(key) ? key : JSON.stringify(key))).join(', ')})`;
}
