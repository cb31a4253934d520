import { z } from 'zod';
import { BacklogFile, ServiceFile } from './schema-backlogs.ts';
import { ConnectionFile } from './schema-connections.ts';
import { ModelFile } from './schema-models.ts';

// Names stand in addresses (/webhooks/<connection>), in `connection:KEY` and in queue names.
const Name = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u,
    'a name begins with a letter or digit and holds letters, digits, ".", "_" and "-"',
  );

/** The whole of `winnow.yaml`. Unknown keys are errors everywhere. */
export const ConfigFile = z
  .strictObject({
    connections: z.record(Name, ConnectionFile).describe('Sites and organisations, by a name of your choice.'),
    models: z.record(Name, ModelFile).optional().describe('Ways of scoring, by a name of your choice.'),
    backlogs: z.record(Name, BacklogFile).describe('What is ranked as one list, by a name of your choice.'),
    service: ServiceFile.prefault({}),
  })
  .describe('Configuration of Winnow.');
