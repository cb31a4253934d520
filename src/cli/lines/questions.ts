import type { Command } from 'commander';
import { checkCommand } from '../commands/check.ts';
import { explainCommand } from '../commands/explain.ts';
import { roundsCommand } from '../commands/rounds.ts';
import { common, inContext, type Common, type Session } from '../session.ts';

/** `check`, `explain`, `rounds`: the command lines that only ask. */
export function addQuestions(program: Command, session: Session): void {
  common(program.command('check'))
    .description('configuration, credentials, permissions, fields, coverage: OK, problem, what to do')
    .action(async (o: Common) => {
      const options = { json: o.json === true, signal: session.signal };
      await inContext(session, o, context => checkCommand(context, session.voice, options));
    });
  common(program.command('explain <key>'))
    .description('why an item stands where it stands; KEY or connection:KEY')
    .action(async (key: string, o: Common) => {
      const options = { json: o.json === true, signal: session.signal };
      await inContext(session, o, context => explainCommand(context, session.voice, key, options));
    });
  common(program.command('rounds'))
    .description('the journal: past rounds, newest first')
    .option('--item <key>', 'only rounds that touched this item')
    .option('--since <time>', 'only rounds since then (ISO 8601)')
    .action(async (o: Common & { item?: string; since?: string }) => {
      const { item, since } = o;
      const options = {
        json: o.json === true,
        ...(item === undefined ? {} : { item }),
        ...(since === undefined ? {} : { since }),
      };
      await inContext(session, o, context => roundsCommand(context, session.voice, options));
    });
}
