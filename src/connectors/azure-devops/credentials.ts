import { BearerCredentialHandler } from 'azure-devops-node-api/handlers/bearertoken.js';
import { PersonalAccessTokenCredentialHandler } from 'azure-devops-node-api/handlers/personalaccesstoken.js';
import type { IRequestHandler } from 'azure-devops-node-api/interfaces/common/VsoBaseInterfaces.js';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { BadAnswerError, CredentialError, TrackerBusyError, messageOf } from '../../errors.ts';
import type { AzureDevOpsAuth } from '../../settings.ts';

/** Signs requests; `ready` must be awaited before each call, for a token may have to be renewed first. */
export interface Credentials {
  readonly handler: IRequestHandler;
  ready(): Promise<void>;
}

/** Scope of the Azure DevOps application in every Entra tenant. */
const entraScope = '499b84ac-1321-427f-aa17-267ca6975798/.default';
const renewBeforeMs = 5 * 60_000;

/** Handlers never forward the credential to another host (the vendor's default would). */
export function createCredentials(auth: AzureDevOpsAuth, clock: Clock, tokenHost: string): Credentials {
  const ready = (): Promise<void> => Promise.resolve();
  switch (auth.kind) {
    case 'pat':
      return { handler: new PersonalAccessTokenCredentialHandler(auth.pat, false), ready };
    case 'bearer':
      return { handler: new BearerCredentialHandler(auth.accessToken, false), ready };
    case 'entra':
      return createEntraCredentials(auth, clock, tokenHost);
    default:
      return auth satisfies never;
  }
}

type Entra = Extract<AzureDevOpsAuth, { kind: 'entra' }>;

function createEntraCredentials(auth: Entra, clock: Clock, tokenHost: string): Credentials {
  const handler = new BearerCredentialHandler('', false);
  let goodUntil = 0;
  let asking: Promise<void> | null = null;
  const renew = async (): Promise<void> => {
    const asked = clock.now().getTime();
    const token = await fetchToken(auth, tokenHost);
    handler.token = token.access_token;
    goodUntil = asked + token.expires_in * 1000;
  };
  return {
    handler,
    async ready() {
      if (clock.now().getTime() < goodUntil - renewBeforeMs) return;
      // One request for all that wait: every caller would otherwise ask for a token of its own.
      asking ??= renew().finally(() => {
        asking = null;
      });
      await asking;
    },
  };
}

const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const Refusal = z.object({ error: z.string(), error_description: z.string().optional() });

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
async function fetchToken(auth: Entra, tokenHost: string): Promise<z.infer<typeof Token>> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
    scope: entraScope,
  });
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(`${tokenHost}/${encodeURIComponent(auth.tenantId)}/oauth2/v2.0/token`, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(60_000),
    });
    answer = await response.json();
  } catch (cause) {
    throw new TrackerBusyError(`Microsoft Entra could not be asked for a token: ${messageOf(cause)}.`, { cause });
  }
  if (!response.ok) throw refusalOf(response.status, answer);
  const token = Token.safeParse(answer);
  if (!token.success) throw new BadAnswerError('Microsoft Entra answered without an access token.');
  return token.data;
}

function refusalOf(status: number, answer: unknown): Error {
  const refusal = Refusal.safeParse(answer);
  const why = refusal.success
    ? `${refusal.data.error}: ${(refusal.data.error_description ?? '').split(/\r?\n/)[0]}`
    : 'no reason given';
  const text = `Microsoft Entra refused a token (${status}, ${why})`;
  if (status === 429 || status >= 500) return new TrackerBusyError(`${text}.`);
  return new CredentialError(`${text}. Check clientId, clientSecret and tenantId, and whether the secret has expired.`);
}
