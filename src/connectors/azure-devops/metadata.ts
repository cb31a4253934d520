import { z } from 'zod';
import { NotFoundError } from '../../errors.ts';
import type { Scope } from '../../settings.ts';
import type { BacklogRequest, MetadataCache } from '../connector.ts';
import { FieldList, loadFields, type Field } from './fields.ts';
import { planFields, type FieldPlan } from './field-plan.ts';
import { loadScope } from './load-scope.ts';
import type { Session } from './session.ts';
import { TeamScopeShape, type TeamScope } from './team-scope.ts';

type AdoScope = Extract<Scope, { kind: 'azure-devops' }>;

const daySeconds = 86_400;
const Strange = z.array(z.string()).default([]);

export interface Metadata {
  readonly scope: TeamScope;
  readonly plan: FieldPlan;
  readonly fields: readonly Field[];
  /** Iterations and states seen on items that the service, asked again, still did not list: no reason to ask once more. */
  readonly strange: readonly string[];
}

/**
 * A backlog's team, level and fields: from the cache, or with `fresh` from the service. A field that the cache does not
 * know may have been made since, so the service is asked before it is called missing.
 */
export async function readMetadata(
  request: BacklogRequest,
  parts: { readonly session: Session; readonly cache: MetadataCache; readonly fresh: boolean },
  signal: AbortSignal,
): Promise<Metadata> {
  const wanted = request.scope;
  if (wanted.kind !== 'azure-devops') {
    throw new NotFoundError(
      `Backlog ${request.name} is not one of Azure DevOps: it needs "project:", not a board or JQL.`,
    );
  }
  const cached = parts.fresh ? null : await fromCache(wanted, parts.cache);
  if (cached !== null) {
    try {
      return { ...cached, plan: planFields(request, cached.scope, cached.fields) };
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  const scope = await loadScope(wanted, parts.session, signal);
  const fields = await loadFields(scope.project.id, parts.session, signal);
  await keep(wanted, { scope, fields, strange: [] }, parts.cache);
  return { scope, fields, strange: [], plan: planFields(request, scope, fields) };
}

/** Asks the service again when items name iterations or states that the cached settings lack; once for each such word. */
export async function renewFor(
  words: readonly string[],
  { metadata, request }: { readonly metadata: Metadata; readonly request: BacklogRequest },
  parts: { readonly session: Session; readonly cache: MetadataCache },
  signal: AbortSignal,
): Promise<Metadata> {
  if (words.every(word => metadata.strange.includes(word))) return metadata;
  const renewed = await readMetadata(request, { ...parts, fresh: true }, signal);
  return noteStrange([...metadata.strange, ...words], { metadata: renewed, request }, parts.cache);
}

/** What items name and settings just read do not list need not be asked for again. */
export async function noteStrange(
  words: readonly string[],
  { metadata, request }: { readonly metadata: Metadata; readonly request: BacklogRequest },
  cache: MetadataCache,
): Promise<Metadata> {
  if (words.length === 0 || request.scope.kind !== 'azure-devops') return metadata;
  const noted = { ...metadata, strange: [...new Set([...metadata.strange, ...words])].sort() };
  await keep(request.scope, noted, cache);
  return noted;
}

function keep(wanted: AdoScope, of: Omit<Metadata, 'plan'>, cache: MetadataCache): Promise<void> {
  const { scope, fields, strange } = of;
  return cache.put(keyOf(wanted), { scope, fields, strange }, daySeconds);
}

async function fromCache(wanted: AdoScope, cache: MetadataCache): Promise<Omit<Metadata, 'plan'> | null> {
  const raw = await cache.get(keyOf(wanted));
  if (typeof raw !== 'object' || raw === null) return null;
  const { scope, fields, strange } = raw as Readonly<Record<string, unknown>>;
  const known = {
    scope: TeamScopeShape.safeParse(scope),
    fields: FieldList.safeParse(fields),
    strange: Strange.safeParse(strange),
  };
  if (!known.scope.success || !known.fields.success || !known.strange.success) return null;
  return { scope: known.scope.data, fields: known.fields.data, strange: known.strange.data };
}

function keyOf({ project, team, level }: AdoScope): string {
  return `azure-devops:backlog:${JSON.stringify([project, team, level])}`;
}
