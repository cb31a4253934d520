import type { z } from 'zod';
import { BacklogFile, ServiceFile } from './schema-backlogs.ts';
import { ConnectionFile } from './schema-connections.ts';
import { ModelFile } from './schema-models.ts';
import { valueAt } from './problem.ts';

/** The entries of a file that fit their schemas, by name, in the file's order. */
export interface Entries {
  readonly connections: ReadonlyMap<string, ConnectionFile>;
  readonly models: ReadonlyMap<string, ModelFile>;
  readonly backlogs: ReadonlyMap<string, BacklogFile>;
  /** null when it does not fit. */
  readonly service: ServiceFile | null;
  /** Names that the file defines, whether or not the entries fit. */
  readonly connectionNames: readonly string[];
  /** With the built-in `default`. */
  readonly modelNames: readonly string[];
}

/** Takes entry by entry, so that one broken entry does not hide what is wrong with the others. */
export function takeEntries(root: unknown): Entries {
  const service = ServiceFile.safeParse(valueAt(root, ['service']) ?? {});
  return {
    connections: take(root, 'connections', ConnectionFile),
    models: take(root, 'models', ModelFile),
    backlogs: take(root, 'backlogs', BacklogFile),
    service: service.success ? service.data : null,
    connectionNames: namesIn(root, 'connections'),
    modelNames: [...new Set(['default', ...namesIn(root, 'models')])],
  };
}

function take<T>(root: unknown, section: string, schema: z.ZodType<T>): ReadonlyMap<string, T> {
  const taken = new Map<string, T>();
  for (const name of namesIn(root, section)) {
    const parsed = schema.safeParse(valueAt(root, [section, name]));
    if (parsed.success) taken.set(name, parsed.data);
  }
  return taken;
}

function namesIn(root: unknown, section: string): readonly string[] {
  const found = valueAt(root, [section]);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? Object.keys(found) : [];
}

/** The connection that a backlog means: as named, or the only one; null when it does not say or none has that name. */
export function connectionNameOf(backlog: BacklogFile, entries: Entries): string | null {
  const { connectionNames } = entries;
  if (backlog.connection !== undefined) return connectionNames.includes(backlog.connection) ? backlog.connection : null;
  return connectionNames.length === 1 ? (connectionNames[0] ?? null) : null;
}
