import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../clock.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { redactText } from '../config/redact.ts';
import { ConfigError, messageOf } from '../errors.ts';
import { checkCommand } from './commands/check.ts';
import { cleanCommand } from './commands/clean.ts';
import { demoCommand } from './commands/demo.ts';
import { explainCommand } from './commands/explain.ts';
import { planCommand, runCommand, writeSchema } from './commands/plan-and-run.ts';
import { roundsCommand } from './commands/rounds.ts';
import { createContext, readConfig, secretsIn, type Context } from './context.ts';
import { createLog } from './logger.ts';
import { createVoice, type Voice } from './terminal.ts';

interface Session {
  readonly voice: Voice;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  secrets: readonly string[];
  exitCode: number;
}

interface Common {
  readonly config?: string;
  readonly json?: boolean;
}

/** Runs one command line; returns the exit code. */
export async function runProgram(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const stop = new AbortController();
  // The first signal ends the round between two writes; a second one ends the process.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  // A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const voice = createVoice(process.stdout, process.stderr, environment);
  const session: Session = { voice, environment, signal: stop.signal, secrets: [], exitCode: 0 };
  const program = build(session);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    voice.err(redactText(`winnow: ${messageOf(error)}`, session.secrets));
    if (error instanceof ConfigError) return 2;
    return 1;
  }
}

function build(session: Session): Command {
  const program = new Command('winnow')
    .description('Keeps Jira and Azure DevOps backlogs ranked and groomed while teams keep their tracker.')
    .version('0.1.0')
    .showHelpAfterError()
    .exitOverride();
  addPlan(program, session);
  addWriting(program, session);
  addQuestions(program, session);
  addDemo(program, session);
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
  return program;
}

function addPlan(program: Command, session: Session): void {
  common(program.command('plan [backlogs...]'))
    .description('one round that writes nothing; shows what would change and why')
    .option('--out <file>', 'save the plan, for "winnow run --plan"')
    .option('--model <name>', 'try another model of the configuration')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'md', 'html']).default('text'))
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
    .option('--plan <file>', 'carry out a saved plan, as far as nothing moved meanwhile')
    .action(async (names: string[], o: Common & { apply?: boolean; plan?: string }) => {
      const options = {
        apply: o.apply === true,
        json: o.json === true,
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

function addQuestions(program: Command, session: Session): void {
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

function addDemo(program: Command, session: Session): void {
  program
    .command('demo')
    .description('rounds on emulated Jira and Azure DevOps sites; needs no credentials and no server')
    .option('--jira-issues <file>', 'load a raw Jira export (JSON lines, plain or gzipped)')
    .option('--ado-items <file>', 'load a raw Azure DevOps export (JSON lines, plain or gzipped)')
    .option('--items <n>', 'items of each made-up backlog', wholeNumber, 60)
    .option('--now <time>', 'what time it is on the emulated sites (ISO 8601)')
    .option('--once', 'end after the rounds instead of keeping the sites up')
    .option('--json', 'print the rounds as JSON')
    .option('--config <file>', 'accepted by every command; the demo brings its own')
    .action(
      async (o: {
        jiraIssues?: string;
        adoItems?: string;
        items: number;
        now?: string;
        once?: boolean;
        json?: boolean;
      }) => {
        session.exitCode = await demoCommand(session.voice, session.environment, {
          jiraIssues: o.jiraIssues ?? null,
          adoItems: o.adoItems ?? null,
          items: o.items,
          now: o.now ?? null,
          once: o.once === true,
          json: o.json === true,
          signal: session.signal,
        });
      },
    );
}

function common(command: Command): Command {
  return command
    .option('--config <file>', 'default: WINNOW_CONFIG, else ./winnow.yaml')
    .option('--json', 'for machines');
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return number;
}

async function inContext(
  session: Session,
  options: Common,
  work: (context: Context) => Promise<number>,
): Promise<void> {
  const config = await readConfig(options.config, session.environment);
  session.secrets = secretsIn(config);
  const level = session.environment.WINNOW_LOG_LEVEL ?? 'warn';
  const log = createLog({ level, secrets: () => session.secrets });
  const context = createContext({ config, clock: systemClock, log, environment: session.environment });
  try {
    session.exitCode = await work(context);
  } finally {
    await context.close();
  }
}
