import { z } from 'zod';
import { BacklogFile, ServiceFile } from './schema-backlogs.ts';
import { ConnectionFile } from './schema-connections.ts';
import { ModelFile } from './schema-models.ts';

const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'names hold letters, digits, ".", "_" and "-"');

/** `winnow.yaml`. Unknown keys are errors everywhere. */
export const ConfigFile = z.strictObject({
  connections: z
    .record(Name, ConnectionFile)
    .refine(all => Object.keys(all).length > 0, 'needs at least one connection'),
  models: z.record(Name, ModelFile).default({}),
  backlogs: z.record(Name, BacklogFile).refine(all => Object.keys(all).length > 0, 'needs at least one backlog'),
  service: ServiceFile.prefault({}),
});

export type ConfigFile = z.infer<typeof ConfigFile>;
