import { z } from 'zod';
import { ConfigFile } from './schema.ts';

/** The JSON Schema (draft 2020-12) of `winnow.yaml`, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(ConfigFile, { io: 'input' }), title: 'winnow.yaml' };
}
