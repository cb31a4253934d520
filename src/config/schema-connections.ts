import { z } from 'zod';
import { Text } from './schema-parts.ts';

// One flat mapping instead of a union of forms: editors complete every key, and our own rules can say which one is missing.
const Auth = z
  .strictObject({
    email: z.string().optional().describe('Jira, with apiToken: the e-mail address of the account.'),
    apiToken: z.string().optional().describe('Jira, with email: an API token. Write it as "${JIRA_API_TOKEN}".'),
    accessToken: z.string().optional().describe('Jira or Azure DevOps, alone: an OAuth or Entra ID access token.'),
    pat: z.string().optional().describe('Azure DevOps, alone: a personal access token. Write it as "${ADO_PAT}".'),
    clientId: z.string().optional().describe('Azure DevOps, with clientSecret and tenantId: an Entra ID application.'),
    clientSecret: z.string().optional().describe('Azure DevOps, with clientId and tenantId.'),
    tenantId: z.string().optional().describe('Azure DevOps, with clientId and clientSecret: the Entra ID directory.'),
  })
  .describe(
    'Jira: { email, apiToken } or { accessToken }. Azure DevOps: { pat }, { clientId, clientSecret, tenantId } or { accessToken }.',
  );

const Webhook = z
  .strictObject({
    secrets: z
      .array(z.string())
      .min(1, 'must list at least one secret')
      .optional()
      .describe('Jira: several, for rotation.'),
    username: z.string().optional().describe('Azure DevOps: user name of the service hook (basic authentication).'),
    passwords: z
      .array(z.string())
      .min(1, 'must list at least one password')
      .optional()
      .describe('Azure DevOps: several, for rotation.'),
  })
  .describe('How deliveries prove where they come from. Jira: { secrets }. Azure DevOps: { username, passwords }.');

/** One site or organisation of a tracker, with credentials. */
export const ConnectionFile = z
  .strictObject({
    tracker: z
      .enum(['jira', 'azure-devops'])
      .optional()
      .describe(
        'Follows from *.atlassian.net, api.atlassian.com, dev.azure.com and *.visualstudio.com; otherwise required.',
      ),
    url: z
      .string()
      .describe(
        'https://acme.atlassian.net, https://api.atlassian.com/ex/jira/<cloudId> (scoped tokens) or https://dev.azure.com/acme. http only for loopback addresses.',
      ),
    auth: Auth,
    webhook: Webhook.optional(),
    ignoreActors: z
      .array(Text)
      .default([])
      .describe('Further accounts that are not people, by account id or display name; what they do is no activity.'),
  })
  .describe('One site or organisation of a tracker, with credentials.');

export type ConnectionFile = z.output<typeof ConnectionFile>;
