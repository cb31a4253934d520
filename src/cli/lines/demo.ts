import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Session } from '../session.ts';

interface DemoWords {
  readonly jiraIssues?: string;
  readonly adoItems?: string;
  readonly items: number;
  readonly now?: string;
  readonly once?: boolean;
  readonly story?: boolean;
  readonly json?: boolean;
}

/** `demo`: it brings its own configuration. */
export function addDemo(program: Command, session: Session): void {
  program
    .command('demo')
    .description('rounds on emulated Jira and Azure DevOps sites; needs no credentials and no server')
    .option('--jira-issues <file>', 'load a raw Jira export (JSON lines, plain or gzipped)')
    .option('--ado-items <file>', 'load a raw Azure DevOps export (JSON lines, plain or gzipped)')
    .option('--items <n>', 'items of each made-up backlog', wholeNumber, 60)
    .option('--now <time>', 'what time it is on the emulated sites (ISO 8601)')
    .option('--once', 'end after the rounds instead of keeping the sites up')
    .addOption(
      new Option('--story', 'a month of a backlog of its own on both, told day by day; ends by itself').conflicts([
        'jiraIssues',
        'adoItems',
        'items',
      ]),
    )
    .option('--json', 'print the rounds, or the days of the story, as JSON')
    .option('--config <file>', 'accepted by every command; the demo brings its own')
    .action(async (o: DemoWords) => {
      // Loaded for it alone: no other command needs emulated trackers.
      const { demoCommand } = await import('../commands/demo.ts');
      session.exitCode = await demoCommand(session.voice, session.environment, {
        jiraIssues: o.jiraIssues ?? null,
        adoItems: o.adoItems ?? null,
        items: o.items,
        now: o.now ?? null,
        once: o.once === true,
        story: o.story === true,
        json: o.json === true,
        signal: session.signal,
      });
    });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return number;
}
