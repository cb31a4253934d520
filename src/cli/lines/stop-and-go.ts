import { InvalidArgumentError, type Command } from 'commander';
import { approveCommand, pauseCommand, resumeCommand } from '../commands/stop-and-go.ts';
import { undoCommand } from '../commands/undo.ts';
import { common, inContext, type Common, type Session } from '../session.ts';

/** `approve`, `pause`, `resume`, `undo`: the command lines by which a person says how far Winnow may go. */
export function addStopAndGo(program: Command, session: Session): void {
  common(program.command('approve <backlog>'))
    .description('grant the moves that wait for approval: as many as wait now, for 24 hours')
    .option('--moves <n>', 'grant up to so many moves instead', wholeNumber)
    .action(async (name: string, o: Common & { moves?: number }) => {
      const options = { json: o.json === true, moves: o.moves ?? null };
      await inContext(session, o, context => approveCommand(context, session.voice, name, options));
    });
  common(program.command('pause <backlog>'))
    .description('stop writing to a backlog; rounds go on reading')
    .option('--until <time>', 'go on by itself then (ISO 8601; without an offset in the time zone of the backlog)')
    .action(async (name: string, o: Common & { until?: string }) => {
      const options = { json: o.json === true, until: o.until ?? null };
      await inContext(session, o, context => pauseCommand(context, session.voice, name, options));
    });
  common(program.command('undo <round>'))
    .description('restore what a round changed, as far as nobody else changed it since; pauses the backlog')
    .option('--dry-run', 'only show what it would restore: nothing is written, nothing paused')
    .action(async (id: string, o: Common & { dryRun?: boolean }) => {
      const options = { json: o.json === true, dryRun: o.dryRun === true, signal: session.signal };
      await inContext(session, o, context => undoCommand(context, session.voice, id, options));
    });
  common(program.command('resume <backlog>'))
    .description('go on writing after a pause, an undo, repeated failures or a second instance')
    .action(async (name: string, o: Common) => {
      const options = { json: o.json === true };
      await inContext(session, o, context => resumeCommand(context, session.voice, name, options));
    });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return number;
}
