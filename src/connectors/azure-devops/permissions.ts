import type {
  TreeStructureGroup,
  WorkItemClassificationNode,
} from 'azure-devops-node-api/interfaces/WorkItemTrackingInterfaces.js';
import { z } from 'zod';
import { CredentialError, PermissionError, RejectedError } from '../../errors.ts';
import type { BacklogParts } from './parts.ts';
import { orNull } from './session.ts';

/** `likely`: the areas can be seen, but rights on them are not told. `unsaid`: nothing is told at all. */
export type Permission = 'yes' | 'no' | 'likely' | 'unsaid';

/**
 * Rights on area paths. Namespace and bits: https://learn.microsoft.com/azure/devops/organizations/security/namespace-reference
 * (CSS); route: https://learn.microsoft.com/rest/api/azure/devops/security/permissions/has-permissions
 */
const areaNamespace = '83e28ad4-2d72-4ceb-97b0-c7726d5502c3';
export const areaRights = { readItems: 16, writeItems: 32 } as const;

// The client's enum says 0 here, which the client itself then leaves out of the path; the word is what the path wants.
const areasGroup = 'Areas' as unknown as TreeStructureGroup.Areas;

const Answers = z.object({ value: z.array(z.boolean()) });

/** Whether the account may read the work items of every area of the team. */
export function mayReadAreas(parts: BacklogParts, signal: AbortSignal): Promise<Permission> {
  return hasAreaRight(parts, areaRights.readItems, signal);
}

/** One right on all areas of the team: `no` if any area lacks it. */
export async function hasAreaRight(parts: BacklogParts, right: number, signal: AbortSignal): Promise<Permission> {
  const { session, scope } = parts;
  if (scope.teamField !== 'System.AreaPath') return 'unsaid';
  const root = await told(() =>
    session.read(({ wit }) => wit.getClassificationNode(scope.project.id, areasGroup, undefined, 14), signal),
  );
  if (root === null) return 'unsaid';
  const tokens = scope.areas.map(({ path }) => tokenOf(root, path));
  if (tokens.includes(null)) return 'no';
  for (const token of tokens) {
    const path = `_apis/permissions/${areaNamespace}/${right}?tokens=${encodeURIComponent(token ?? '')}`;
    const answer = Answers.safeParse(await told(() => session.read(({ get }) => get(path), signal)));
    if (!answer.success) return 'likely';
    if (!answer.data.value.every(Boolean)) return 'no';
  }
  return 'yes';
}

/** The chain of nodes from the root to an area, as the security service names it; null if the area cannot be seen. */
function tokenOf(root: WorkItemClassificationNode, path: string): string | null {
  const [, ...names] = path.split('\\');
  const chain = [root];
  let node: WorkItemClassificationNode | undefined = root;
  for (const name of names) {
    node = node.children?.find(child => child.name?.toLowerCase() === name.toLowerCase());
    if (node === undefined) return null;
    chain.push(node);
  }
  return chain.map(({ identifier }) => `vstfs:///Classification/Node/${identifier}`).join(':');
}

/** A question about rights may itself be refused, for a token's scopes rarely include it: no answer, and no failure. */
async function told<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await orNull(ask());
  } catch (error) {
    const refused = [PermissionError, RejectedError, CredentialError].some(kind => error instanceof kind);
    if (refused) return null;
    throw error;
  }
}
