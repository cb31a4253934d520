import type { Command } from 'commander';
import { statusCommand } from '../commands/status.ts';
import { common, inContext, type Common, type Session } from '../session.ts';

/** `status`: how the service and its queues are. */
export function addStatus(program: Command, session: Session): void {
  common(program.command('status'))
    .description('the service: queues, last rounds, next slots, failures, who works on what')
    .action(async (o: Common) => {
      await inContext(session, o, context => statusCommand(context, session, { json: o.json === true }));
    });
}
