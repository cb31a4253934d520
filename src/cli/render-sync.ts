import Table from 'cli-table3';
import { borderless } from './borderless.ts';
import type { ConnectionSync } from './connection-sync.ts';
import { plain, type Voice } from './terminal.ts';

/** What `webhooks sync` did, connection by connection. */
export function renderSync(synced: readonly ConnectionSync[], voice: Voice): string {
  return synced.map(one => [headOf(one, voice), ...bodyOf(one, voice)].join('\n')).join('\n\n');
}

function headOf({ connection, tracker, url }: ConnectionSync, voice: Voice): string {
  return `${voice.bold(plain(connection))} (${tracker})${url === null ? '' : ` ${voice.dim(`-> ${url}`)}`}`;
}

function bodyOf(one: ConnectionSync, voice: Voice): readonly string[] {
  const lines: string[] = [];
  if (one.problem !== null) lines.push(`  ${voice.red('!')} ${plain(one.problem)}`);
  if (one.subscriptions.length > 0) lines.push(tableOf(one));
  lines.push(...one.steps.map((step, index) => (index === 0 ? `  ${plain(step)}` : `    ${plain(step)}`)));
  if (one.url !== null) lines.push(`  ${deliveries(one, voice)}`);
  return lines;
}

function deliveries({ lastDelivery }: ConnectionSync, voice: Voice): string {
  if (lastDelivery === null) {
    return voice.yellow('No delivery with the right credentials has come yet: edit an item, then run this again.');
  }
  return voice.green(`The newest good delivery came at ${lastDelivery}.`);
}

function tableOf({ subscriptions }: ConnectionSync): string {
  const table = new Table({
    head: ['project', 'event', 'done', 'was', 'why'],
    style: { head: [], border: [], 'padding-left': 2 },
    chars: borderless,
  });
  for (const { project, event, did, was, why } of subscriptions) {
    table.push([plain(project), event, did, was ?? 'missing', plain(why)]);
  }
  return table.toString();
}
