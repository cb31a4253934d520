import Table from 'cli-table3';
import type { MoveChange } from '../change.ts';
import { borderless } from './borderless.ts';
import type { CommandRound } from './command-round.ts';
import { clip, plain, type Voice } from './terminal.ts';

const shownRows = 8;

/** One line a backlog, and the sum. */
export function renderRoundTable(title: string, rounds: readonly CommandRound[], voice: Voice): string {
  const head = ['backlog', 'items', 'ranked', 'stale', 'prune', 'moved', 'labels', 'reads', 'writes', 'status'];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    chars: borderless,
    colAligns: ['left', ...Array<'right'>(8).fill('right'), 'left'],
  });
  const rows = rounds.map(figures);
  for (const [index, row] of rows.entries()) {
    const round = rounds[index];
    table.push([clip(round?.report.backlog ?? '', 40), ...row, round?.report.status ?? '']);
  }
  const sum = rows.reduce((a, b) => a.map((n, i) => n + (b[i] ?? 0)), Array<number>(8).fill(0));
  table.push([voice.bold('all'), ...sum, '']);
  const problems = rounds.flatMap(r =>
    r.report.status === 'failed' ? r.report.problems.map(p => `  ! ${r.report.backlog}: ${plain(p.message)}`) : [],
  );
  return [voice.bold(title), table.toString(), ...problems, ''].join('\n');
}

function figures({ report, study }: CommandRound): readonly number[] {
  const stages = [...(study?.desired.assessments.values() ?? [])].filter(a => a.eligible).map(a => a.stage.stage);
  const count = (kind: (k: string) => boolean): number => report.changes.filter(c => kind(c.kind)).length;
  return [
    report.items,
    report.eligible,
    stages.filter(stage => stage === 'stale').length,
    stages.filter(stage => stage === 'prune').length,
    count(kind => kind === 'move'),
    count(kind => kind.startsWith('label')),
    report.calls.read,
    report.calls.write,
  ];
}

/** The top of the backlog that changed most, before and after, with reasons. */
export function renderBeforeAfter(rounds: readonly CommandRound[], voice: Voice): string {
  const moves = (round: CommandRound): readonly MoveChange[] => round.report.changes.filter(c => c.kind === 'move');
  const [most] = [...rounds].sort((a, b) => moves(b).length - moves(a).length);
  if (most === undefined || most.study === null) return '';
  const { desired, pulled } = most.study;
  const key = (index: number, order: typeof desired.order): string => {
    const ref = order[index];
    const item = ref === undefined ? undefined : pulled.states.get(ref)?.item;
    return item === undefined ? '' : `${plain(item.key)} ${clip(item.title, 34)}`;
  };
  const table = new Table({ head: ['', 'before', 'after'], style: { head: [], border: [] }, chars: borderless });
  for (let i = 0; i < Math.min(shownRows, desired.order.length); i++)
    table.push([i + 1, key(i, desired.current), key(i, desired.order)]);
  const reasons = [
    ...moves(most).slice(0, 3),
    ...most.report.changes.filter(c => c.kind === 'label-add').slice(0, 3),
  ].map(change => `  ${plain(change.key)} ${change.kind} ${change.to}: ${plain(change.because)}`);
  return [`${voice.bold(`Top of ${most.report.backlog}`)}`, table.toString(), voice.dim(reasons.join('\n')), ''].join(
    '\n',
  );
}
