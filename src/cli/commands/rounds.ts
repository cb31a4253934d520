import Table from 'cli-table3';
import { DateTime } from 'luxon';
import { ConfigError } from '../../errors.ts';
import type { RoundReport } from '../../sync/ports.ts';
import type { Context } from '../context.ts';
import { pastRoundJson } from '../json.ts';
import { borderless } from '../borderless.ts';
import { plain, type Voice } from '../terminal.ts';

const listed = 50;

/** `winnow rounds`: the journal, newest first. */
export async function roundsCommand(
  context: Context,
  voice: Voice,
  options: { readonly item?: string; readonly since?: string; readonly json: boolean },
): Promise<number> {
  const { journal } = await context.store();
  const rounds = await journal.rounds({
    ...(options.item === undefined ? {} : { item: options.item }),
    ...(options.since === undefined ? {} : { since: instantOf(options.since) }),
    ...(options.json ? {} : { limit: listed }),
  });
  if (options.json) voice.out(JSON.stringify({ rounds: rounds.map(pastRoundJson) }, null, 2));
  else if (rounds.length === 0) voice.out('No rounds yet. "winnow plan" makes the first.');
  else voice.out(tableOf(rounds, options.item));
  return 0;
}

/** An ISO date or instant. Throws ConfigError. */
function instantOf(text: string): Date {
  const parsed = DateTime.fromISO(text, { zone: 'utc' });
  if (!parsed.isValid)
    throw new ConfigError(`--since ${text} is not a date. Write 2026-03-30 or 2026-03-30T10:00:00Z.`);
  return parsed.toJSDate();
}

function tableOf(rounds: readonly RoundReport[], item: string | undefined): string {
  const table = new Table({
    head: ['round', 'started (UTC)', 'backlog', 'mode', 'status', 'changes', 'withheld', 'applied', 'failed'],
    style: { head: [], border: [] },
    chars: borderless,
  });
  for (const r of rounds) {
    const started = r.startedAt.toISOString().slice(0, 19).replace('T', ' ');
    const { applied, failed } = r.outcomes;
    table.push([
      r.id,
      started,
      plain(r.backlog),
      r.mode,
      r.status,
      r.changes.length,
      r.withheld.length,
      applied,
      failed,
    ]);
  }
  const lines = [table.toString()];
  if (item !== undefined) lines.push(...rounds.flatMap(round => itemLines(round, item)));
  return lines.join('\n');
}

function itemLines(round: RoundReport, item: string): string[] {
  const all = [...round.changes.map(c => ({ c, guard: null })), ...round.withheld.map(c => ({ c, guard: c.guard }))];
  return all
    .filter(({ c }) => c.key === item || c.ref === item)
    .map(({ c, guard }) => {
      const held = guard === null ? '' : ` (withheld: ${guard})`;
      return `${round.id}  ${c.kind}  ${plain(String(c.from ?? '-'))} -> ${plain(String(c.to ?? '-'))}${held}  ${plain(c.because)}`;
    });
}
