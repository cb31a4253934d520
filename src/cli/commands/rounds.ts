import { DateTime } from 'luxon';
import { ConfigError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { closeDeadRounds } from '../dead-rounds.ts';
import { itemRoundOf, type AuditedRound } from '../item-audit.ts';
import { itemRoundJson, pastRoundJson } from '../json.ts';
import { splitKey } from '../key.ts';
import { renderItemRounds, renderRounds } from '../render-rounds.ts';
import type { Voice } from '../terminal.ts';

const listed = 50;

export interface RoundsOptions {
  readonly item?: string;
  readonly since?: string;
  readonly json: boolean;
}

/** `winnow rounds`: the journal, newest first, rounds that a crash cut off among them; with `--item`, what became of each change of that item. */
export async function roundsCommand(context: Context, voice: Voice, options: RoundsOptions): Promise<number> {
  await closeDeadRounds(context);
  const wanted = options.item === undefined ? null : splitKey(context.config, options.item);
  const rounds = await auditedRounds(context, wanted, options);
  if (wanted === null) {
    if (options.json) voice.out(JSON.stringify({ rounds: rounds.map(r => pastRoundJson(r.report, r.audit)) }, null, 2));
    else voice.out(renderRounds(rounds, voice));
    return 0;
  }
  const { journal } = await context.store();
  const ids = rounds.map(({ report }) => report.id);
  const names = [...new Set([wanted.key, wanted.key.toUpperCase()])];
  const writes = (await Promise.all(names.map(name => journal.effects({ item: name, rounds: ids })))).flat();
  const told = rounds.map(round => itemRoundOf(round, wanted.key, writes));
  if (options.json) voice.out(JSON.stringify({ rounds: told.map(itemRoundJson) }, null, 2));
  else voice.out(renderItemRounds(wanted.key, told, voice));
  return 0;
}

async function auditedRounds(
  context: Context,
  wanted: { readonly connection: string | null; readonly key: string } | null,
  options: RoundsOptions,
): Promise<readonly AuditedRound[]> {
  const { journal } = await context.store();
  const filter = {
    ...(wanted === null || wanted.connection === null ? {} : { connection: wanted.connection }),
    ...(options.since === undefined ? {} : { since: instantOf(options.since) }),
    ...(options.json ? {} : { limit: listed }),
  };
  const names = wanted === null ? [null] : [...new Set([wanted.key, wanted.key.toUpperCase()])];
  const found = await Promise.all(
    names.map(name => journal.rounds(name === null ? filter : { ...filter, item: name })),
  );
  const reports = [...new Map(found.flat().map(report => [report.id, report])).values()].sort(
    (a, b) => b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : -1),
  );
  const audits = await journal.auditOf(reports.map(({ id }) => id));
  return reports.map(report => ({ report, audit: audits.get(report.id) ?? null }));
}

/** An ISO date or instant. Throws ConfigError. */
function instantOf(text: string): Date {
  const parsed = DateTime.fromISO(text, { zone: 'utc' });
  if (!parsed.isValid)
    throw new ConfigError(`--since ${text} is not a date. Write 2026-03-30 or 2026-03-30T10:00:00Z.`);
  return parsed.toJSDate();
}
