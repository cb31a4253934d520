import { z } from 'zod';
import { BadAnswerError, CredentialError } from '../../errors.ts';
import type { Session } from './session.ts';

const ConnectionData = z.object({
  authenticatedUser: z.object({
    id: z.string(),
    providerDisplayName: z.string().optional(),
    customDisplayName: z.string().nullish(),
  }),
  deploymentType: z.union([z.string(), z.number()]).optional(),
});

const anonymous = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa';

/** Whose account the token is. Refuses Azure DevOps Server, whose api versions and limits differ. */
export async function readSelf(
  session: Session,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly name: string }> {
  const answer = ConnectionData.safeParse(await session.read(({ get }) => get('_apis/connectionData'), signal));
  if (!answer.success) {
    throw new BadAnswerError(
      'Azure DevOps did not say whose credential this is. Check that the url is that of an organisation.',
    );
  }
  const { authenticatedUser: user, deploymentType } = answer.data;
  if (String(deploymentType ?? '').toLowerCase() === 'onpremises') {
    throw new BadAnswerError(
      'This is an Azure DevOps Server. Only Azure DevOps Services (dev.azure.com) is supported.',
    );
  }
  if (user.id === anonymous) {
    throw new CredentialError(
      'Azure DevOps took the request for an anonymous one: the credential is empty or unknown to it.',
    );
  }
  return { id: user.id, name: user.customDisplayName ?? user.providerDisplayName ?? user.id };
}
