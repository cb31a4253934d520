import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import type { PostBox } from '../../src/demo/http/post-box.ts';
import { believableJiraBacklog, startJiraSite } from '../../src/demo/jira/index.ts';

/** An emulated tracker whose webhooks can be turned to us, and what people do there. Items go by their keys. */
export interface Town {
  readonly yaml: string;
  readonly post: PostBox;
  subscribe(url: string): Promise<void>;
  /** A person makes it urgent. */
  edit(key: string): void;
  /** A person drags it to the top. */
  drag(key: string): void;
  /** With the token's own account, in the browser: what makes our token's person a person. */
  label(key: string, label: string): void;
  /** A new item; answers its key. */
  make(): string;
  close(): Promise<void>;
}

interface Clock {
  now: Date;
}

export async function aJiraTown(clock: Clock): Promise<Town> {
  const records = believableJiraBacklog({ items: 25, seed: 5, now: clock.now });
  const site = await startJiraSite({ clock: { now: () => clock.now }, records, webhookPausesMs: [1, 1, 1, 1] });
  const { id: board = 0, projectKey = '' } = site.boards[0] ?? {};
  const { url, email, apiToken } = site;
  return {
    yaml: `
connections:
  acme:
    tracker: jira
    url: "${url}"
    auth: { email: "${email}", apiToken: "${apiToken}" }
    webhook: { secrets: [flow-secret] }
backlogs:
  ours: { board: ${board}, mode: apply }
`,
    post: site.webhooks.post,
    subscribe: to => Promise.resolve(site.webhooks.register({ url: to, secret: 'flow-secret' })),
    edit: key => site.editIssue(key, { priority: { name: 'Highest' }, duedate: '2026-04-01' }, 'Ada Park'),
    drag: key => site.rank(key, { before: site.order(board)[0] ?? '' }, 'Ada Park'),
    label: (key, label) => site.addLabel(key, label, 'Winnow'),
    make: () => site.createIssue({ projectKey, summary: 'New' }, 'Ada Park'),
    close: () => site.close(),
  };
}

const events = ['created', 'updated', 'deleted', 'restored', 'commented'];

export async function anAzureDevOpsTown(clock: Clock): Promise<Town> {
  const records = believableAzureDevOpsBacklog({ items: 25, seed: 11, now: clock.now });
  const site = await startAzureDevOpsSite({ clock: { now: () => clock.now }, records, webhookPausesMs: [1, 1, 1, 1] });
  const { url, pat } = site;
  const project = site.projects.find(one => one.name === 'Payments');
  return {
    yaml: `
connections:
  acme:
    tracker: azure-devops
    url: "${url}"
    auth: { pat: "${pat}" }
    webhook: { username: winnow, passwords: [flow-secret] }
backlogs:
  ours: { project: Payments, level: Stories, mode: apply }
`,
    post: site.webhooks.post,
    async subscribe(to) {
      for (const event of events) {
        const made = await fetch(`${url}/_apis/hooks/subscriptions?api-version=7.1`, {
          method: 'POST',
          headers: {
            Authorization: `Basic ${Buffer.from(`:${pat}`).toString('base64')}`,
            'Content-Type': 'application/json',
          },
          body: JSON.stringify({
            publisherId: 'tfs',
            eventType: `workitem.${event}`,
            resourceVersion: '5.1-preview.3',
            consumerId: 'webHooks',
            consumerActionId: 'httpRequest',
            publisherInputs: { projectId: project?.id },
            // Basic authentication is for https alone.
            consumerInputs: { url: to, httpHeaders: 'X-Winnow-Secret:flow-secret' },
          }),
        });
        if (!made.ok) throw new Error(`workitem.${event}: ${made.status} ${await made.text()}`);
      }
    },
    edit: key =>
      site.edit(Number(key), {
        'Microsoft.VSTS.Common.Priority': 1,
        'Microsoft.VSTS.Scheduling.DueDate': '2026-04-01T00:00:00Z',
      }),
    drag: key => site.reorder(Number(key), {}),
    label: (key, label) => site.addTag(Number(key), label, site.owner),
    make: () => String(site.createItem({ project: 'Payments', type: 'User Story', title: 'New' })),
    close: () => site.close(),
  };
}
