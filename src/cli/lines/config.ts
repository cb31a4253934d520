import type { Command } from 'commander';
import { configJsonSchema } from '../../config/json-schema.ts';
import { writeSchema } from '../commands/plan-and-run.ts';
import type { Session } from '../session.ts';

/** `config schema`. */
export function addConfig(program: Command, session: Session): void {
  program
    .command('config')
    .description('about winnow.yaml')
    .command('schema')
    .description('print the JSON Schema of winnow.yaml, for editors')
    .option('--out <file>', 'write it to a file')
    .option('--config <file>', 'accepted by every command; not read here')
    .option('--json', 'accepted by every command; the schema is JSON anyway')
    .action(async (options: { out?: string }) => {
      session.exitCode = await writeSchema(session.voice, configJsonSchema(), options.out);
    });
}
