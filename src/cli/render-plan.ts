import type { Change, GuardName, MoveChange } from '../change.ts';
import type { ItemRef } from '../item.ts';
import type { CommandRound } from './run-rounds.ts';
import { clip, plain, type Voice } from './terminal.ts';

const shownProblems = 12;
const shownWithheld = 20;

/** A round as people read it: what, from where to where, because of what. */
export function renderRound(round: CommandRound, voice: Voice): string {
  const { report } = round;
  const lines = [headline(round, voice)];
  const coverage = coverageLine(round);
  if (coverage !== null) lines.push(voice.dim(`  coverage: ${coverage}`));
  lines.push(
    ...section(
      'order',
      report.changes.filter(c => c.kind === 'move'),
      round,
      voice,
    ),
  );
  lines.push(
    ...section(
      'labels',
      report.changes.filter(c => c.kind === 'label-add' || c.kind === 'label-remove'),
      round,
      voice,
    ),
  );
  lines.push(
    ...section(
      'scores',
      report.changes.filter(c => c.kind === 'score-set'),
      round,
      voice,
    ),
    ...section(
      'explanations',
      report.changes.filter(c => c.kind === 'explanation-set'),
      round,
      voice,
    ),
  );
  lines.push(...withheldLines(round, voice));
  lines.push(...problemLines(round, voice));
  lines.push(footer(round, voice));
  return lines.join('\n');
}

function headline({ report }: CommandRound, voice: Voice): string {
  const colour = report.status === 'failed' || report.status === 'partial' ? voice.red : voice.green;
  const counts =
    report.status === 'failed' ? '' : `  ${report.items} items, ${report.eligible} ranked, ${report.scored} scored`;
  return `${voice.bold(report.backlog)}  ${colour(report.status)}  (${report.mode})${counts}`;
}

/** Share of the ranked items that have a value, per factor: the first thing to look at when scores look alike. */
export function factorCoverage(round: CommandRound): readonly { factor: string; source: string; share: number }[] {
  if (round.study === null) return [];
  const { desired } = round.study;
  const counts = new Map<string, { source: string; present: number }>();
  for (const ref of desired.current) {
    for (const part of desired.assessments.get(ref)?.score.parts ?? []) {
      const known = counts.get(part.factor) ?? { source: part.source, present: 0 };
      if (part.value !== null && part.problem === undefined) known.present++;
      counts.set(part.factor, known);
    }
  }
  const total = Math.max(1, desired.current.length);
  return [...counts].map(([factor, { source, present }]) => ({ factor, source, share: present / total }));
}

function coverageLine(round: CommandRound): string | null {
  const coverage = factorCoverage(round);
  if (coverage.length === 0) return null;
  return coverage.map(({ factor, share }) => `${factor} ${Math.round(share * 100)} %`).join(', ');
}

function section(title: string, changes: readonly Change[], round: CommandRound, voice: Voice): string[] {
  if (changes.length === 0) return [];
  const width = Math.max(...changes.map(change => plain(change.key).length));
  const places = placeWidth(changes);
  return [
    `  ${voice.bold(title)}`,
    ...changes.flatMap(change => [
      `    ${oneChange(change, { width, places, titleOf: titles(round) }, voice)}`,
      voice.dim(`    ${' '.repeat(width + 3)}${plain(change.because)}`),
    ]),
  ];
}

function titles(round: CommandRound): (ref: ItemRef) => string {
  return ref => round.study?.pulled.states.get(ref)?.item.title ?? '';
}

interface Columns {
  readonly width: number;
  readonly places: number;
  readonly titleOf: (ref: ItemRef) => string;
}

function oneChange(change: Change, columns: Columns, voice: Voice): string {
  const key = plain(change.key).padEnd(columns.width);
  const title = clip(columns.titleOf(change.ref), Math.max(20, voice.width - columns.width - 40));
  switch (change.kind) {
    case 'move':
      return `${voice.yellow(change.to < change.from ? '↑' : '↓')} ${key}  ${places(change, columns.places)}  ${title}`;
    case 'label-add':
      return `${voice.green('+')} ${key}  ${voice.green(plain(change.to))}  ${title}`;
    case 'label-remove':
      return `${voice.red('-')} ${key}  ${voice.red(plain(change.from))}  ${title}`;
    case 'score-set':
      return `${voice.yellow('=')} ${key}  ${change.from ?? 'empty'} -> ${change.to ?? 'empty'}  ${title}`;
    case 'explanation-set':
      return `${voice.yellow('i')} ${key}  ${change.to === null ? 'explanation taken away' : 'explanation written'}  ${title}`;
    default:
      return change satisfies never;
  }
}

function places(change: MoveChange, width: number): string {
  return `${String(change.from).padStart(width)} -> ${String(change.to).padEnd(width)}`;
}

function placeWidth(changes: readonly Change[]): number {
  return Math.max(1, ...changes.flatMap(c => (c.kind === 'move' ? [String(c.from).length, String(c.to).length] : [])));
}

/** What a guard keeps back: how much by which guard, and the first of it. */
function withheldLines(round: CommandRound, voice: Voice): string[] {
  const { withheld } = round.report;
  if (withheld.length === 0) return [];
  const counts = new Map<string, number>();
  for (const change of withheld) {
    const what = `${change.kind} (${change.guard})`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const text = [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
  const width = Math.max(...withheld.map(change => plain(change.key).length));
  const columns = { width, places: placeWidth(withheld), titleOf: titles(round) };
  const shown = withheld.slice(0, shownWithheld).map(change => `    ${oneChange(change, columns, voice)}`);
  const more =
    withheld.length > shown.length ? [`    and ${withheld.length - shown.length} more (--json lists all)`] : [];
  return [`  ${voice.yellow('withheld')}  ${text}`, ...shown, ...more, ...hints(round, voice)];
}

/** How a person lets through what waits for them. */
function hints({ report }: CommandRound, voice: Voice): string[] {
  const guards = new Set(report.withheld.map(change => change.guard));
  const commands: readonly (readonly [GuardName, string])[] = [
    ['needs-approval', `let the moves through: winnow approve ${report.backlog}`],
    ['paused', `go on writing: winnow resume ${report.backlog}`],
  ];
  return commands.flatMap(([guard, hint]) => (guards.has(guard) ? [voice.yellow(`    -> ${plain(hint)}`)] : []));
}

function problemLines({ report }: CommandRound, voice: Voice): string[] {
  const shown = report.problems.slice(0, shownProblems).map(p => `  ${voice.red('!')} ${plain(p.message)}`);
  const more = report.problems.length - shown.length;
  return more > 0 ? [...shown, `  ${voice.red('!')} and ${more} more (--json lists all)`] : shown;
}

function footer({ report }: CommandRound, voice: Voice): string {
  const { outcomes, calls } = report;
  const done = outcomes.applied + outcomes.failed > 0 ? `${outcomes.applied} applied, ${outcomes.failed} failed; ` : '';
  return voice.dim(
    `  ${done}${calls.read} read and ${calls.write} write calls, ${(report.durationMs / 1000).toFixed(1)} s, round ${report.id}`,
  );
}
