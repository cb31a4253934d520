import { Option, type Command } from 'commander';
import { cleanCommand } from '../commands/clean.ts';
import { planCommand, runCommand } from '../commands/plan-and-run.ts';
import { common, inContext, type Common, type Session } from '../session.ts';

/** `plan`, `run`, `clean`: the command lines that make rounds. */
export function addRounds(program: Command, session: Session): void {
  addPlan(program, session);
  addWriting(program, session);
}

function addPlan(program: Command, session: Session): void {
  common(program.command('plan [backlogs...]'))
    .description('one round that writes nothing; shows what would change and why')
    .option('--out <file>', 'also save the plan file for "winnow run --plan" (JSON, whatever the format)')
    .option('--model <name>', 'try another model of the configuration')
    .addOption(
      new Option('--format <format>', 'of what goes to standard output')
        .choices(['text', 'md', 'html'])
        .default('text'),
    )
    .option('--detailed-exit-code', 'exit 3 when there are changes')
    .action(
      async (
        names: string[],
        o: Common & { out?: string; model?: string; format: 'text' | 'md' | 'html'; detailedExitCode?: boolean },
      ) => {
        const { out, model, format } = o;
        const options = {
          ...(out === undefined ? {} : { out }),
          ...(model === undefined ? {} : { model }),
          format,
          json: o.json === true,
          detailedExitCode: o.detailedExitCode === true,
          files: session.files,
          signal: session.signal,
        };
        await inContext(session, o, context => planCommand(context, session.voice, names, options));
      },
    );
}

function addWriting(program: Command, session: Session): void {
  common(program.command('run [backlogs...]'))
    .description('one round, in the configured mode')
    .option('--apply', 'write, even where the backlog only observes')
    .option('--plan <file>', 'carry out a plan file (of plan --out), item by item, as far as nothing moved meanwhile')
    .action(async (names: string[], o: Common & { apply?: boolean; plan?: string }) => {
      const options = {
        apply: o.apply === true,
        json: o.json === true,
        files: session.files,
        signal: session.signal,
        ...(o.plan === undefined ? {} : { plan: o.plan }),
      };
      await inContext(session, o, context => runCommand(context, session.voice, names, options));
    });
  common(program.command('clean <backlog>'))
    .description('remove every label that Winnow owns')
    .action(async (name: string, o: Common) => {
      const options = { json: o.json === true, signal: session.signal };
      await inContext(session, o, context => cleanCommand(context, session.voice, name, options));
    });
}
