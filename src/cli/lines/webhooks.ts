import type { Command } from 'commander';
import { webhooksSyncCommand } from '../commands/webhooks-sync.ts';
import { common, inContext, type Common, type Session } from '../session.ts';

/** `webhooks sync`. */
export function addWebhooks(program: Command, session: Session): void {
  const webhooks = program.command('webhooks').description("the trackers' subscriptions to this service");
  common(webhooks.command('sync'))
    .description('create, refresh and list subscriptions; for Jira, say what an administrator must enter')
    .option('--url <url>', 'where trackers reach this service; default: WINNOW_PUBLIC_URL')
    .action(async (o: Common & { url?: string }) => {
      const options = { json: o.json === true, signal: session.signal, ...(o.url === undefined ? {} : { url: o.url }) };
      await inContext(session, o, context => webhooksSyncCommand(context, session.voice, options));
    });
}
