import Table from 'cli-table3';
import { borderless } from './borderless.ts';
import type { AuditedChange, AuditedRound, ItemRound } from './item-audit.ts';
import type { RoundReport } from '../sync/ports.ts';
import { clip, plain, type Voice } from './terminal.ts';

/** Rounds as a table, newest first. */
export function renderRounds(rounds: readonly AuditedRound[], voice: Voice): string {
  if (rounds.length === 0) return 'No rounds yet. "winnow plan" makes the first.';
  const head = ['round', 'started (UTC)', 'backlog', 'mode', 'status', 'changes', 'withheld', 'applied', 'failed'];
  const table = new Table({ head: head.map(voice.dim), style: { head: [], border: [] }, chars: borderless });
  for (const { report } of rounds) {
    const { id, startedAt, backlog, status, changes, withheld, outcomes } = report;
    const counts = [changes.length, withheld.length, outcomes.applied, outcomes.failed];
    table.push([id, minuteOf(startedAt), plain(backlog), wayOf(report), status, ...counts]);
  }
  return table.toString();
}

/** What became of one item, round by round, newest first. Questions about it are left out: they did nothing to it. */
export function renderItemRounds(item: string, rounds: readonly ItemRound[], voice: Voice): string {
  const told = rounds.filter(({ changes, report }) => changes.length > 0 && !isQuestion(report));
  if (told.length === 0) return `The journal names no round that concerned ${plain(item)}.`;
  return told.map(round => [headOf(round, voice), ...round.changes.map(c => lineOf(c, voice))].join('\n')).join('\n');
}

/** What a round was: a question is told by its command, for the backlog's mode would make it look like a round that wrote. */
function wayOf({ mode, purpose }: RoundReport): string {
  return purpose === undefined || purpose === 'run' ? mode : purpose;
}

function isQuestion({ purpose }: RoundReport): boolean {
  return purpose === 'explain' || purpose === 'check';
}

function headOf({ report, audit }: ItemRound, voice: Voice): string {
  const model = audit === null ? '' : `, model ${plain(audit.model)} (${audit.modelHash})`;
  const plan = audit === null || audit.plan === null ? '' : `, plan ${audit.plan.slice(0, 12)}`;
  const by = audit === null || audit.account === null ? '' : `, account ${plain(audit.account)}`;
  const where = `${plain(report.backlog)} ${wayOf(report)} ${report.status}`;
  return `${voice.bold(report.id)}  ${minuteOf(report.startedAt)} UTC  ${where}${voice.dim(`${model}${plan}${by}`)}`;
}

function lineOf(change: AuditedChange, voice: Voice): string {
  const { kind, from, to, outcome, guard, because } = change;
  const result = guard === null ? outcome : `${outcome} (${guard})`;
  const shown =
    outcome === 'applied' ? voice.green(result) : outcome === 'failed' ? voice.red(result) : voice.yellow(result);
  return `  ${kind} ${side(from)} -> ${side(to)}  ${shown}  ${plain(because)}`;
}

function side(value: string | number | null): string {
  return value === null ? '-' : clip(String(value), 40);
}

function minuteOf(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}
