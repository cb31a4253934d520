import { z } from 'zod';

const Secret = z
  .string()
  .min(1, 'is empty; set the environment variable it names')
  .meta({ description: 'A secret, as ${NAME}' });

const JiraAuth = z.union([
  z.strictObject({ email: z.string().min(1), apiToken: Secret }),
  z.strictObject({ accessToken: Secret }),
]);

const AzureDevOpsAuth = z.union([
  z.strictObject({ pat: Secret }),
  z.strictObject({ clientId: z.string().min(1), clientSecret: Secret, tenantId: z.string().min(1) }),
  z.strictObject({ accessToken: Secret }),
]);

/** One site or organisation, with credentials. Which kinds of `auth` and `webhook` fit follows from the tracker. */
export const ConnectionFile = z
  .strictObject({
    tracker: z
      .enum(['jira', 'azure-devops'])
      .optional()
      .describe("Follows from the host for the vendors' own; else required"),
    url: z.string().min(1).describe('https://acme.atlassian.net or https://dev.azure.com/acme'),
    auth: z.union([JiraAuth, AzureDevOpsAuth], {
      error:
        'must be { email, apiToken } or { accessToken } for Jira, { pat }, { clientId, clientSecret, tenantId } or { accessToken } for Azure DevOps',
    }),
    webhook: z
      .union([
        z.strictObject({ secrets: z.array(Secret).min(1) }),
        z.strictObject({ username: z.string().min(1), passwords: z.array(Secret).min(1) }),
      ])
      .optional()
      .describe('Jira: { secrets }, several for rotation; Azure DevOps: { username, passwords }'),
    ignoreActors: z
      .array(z.string().min(1))
      .default([])
      .describe('Further accounts that are not people, by id or display name'),
  })
  .describe('One site or organisation of a tracker');

export type ConnectionFile = z.infer<typeof ConnectionFile>;
