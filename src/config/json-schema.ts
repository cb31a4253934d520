import { z } from 'zod';
import { ConfigFile } from './schema.ts';

/** The JSON Schema of `winnow.yaml`, draft 2020-12, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(ConfigFile, { io: 'input' });
  return { $schema, title: 'winnow.yaml', ...schema };
}
