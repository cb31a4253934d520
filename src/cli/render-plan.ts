import type { Change } from '../change.ts';
import type { ItemRef } from '../item.ts';
import { changeLines, withheldText, type Lines } from './change-lines.ts';
import type { CommandRound } from './command-round.ts';
import { guardHints } from './guard-hints.ts';
import { plain, type Voice } from './terminal.ts';

const shownProblems = 12;
const shownWithheld = 20;
const shownKeys = 8;

/** A round as people read it: what, from where to where, because of what. */
export function renderRound(round: CommandRound, voice: Voice): string {
  const { changes } = round.report;
  const coverage = coverageLine(round);
  const section = (title: string, ...kinds: readonly Change['kind'][]): readonly string[] => {
    const chosen = changes.filter(change => kinds.includes(change.kind));
    return chosen.length === 0 ? [] : [`  ${voice.bold(title)}`, ...changeLines(chosen, linesOf(round, voice))];
  };
  return [
    headline(round, voice),
    ...(coverage === null ? [] : [voice.dim(`  coverage: ${coverage}`)]),
    ...section('order', 'move'),
    ...section('labels', 'label-add', 'label-remove'),
    ...section('scores', 'score-set'),
    ...section('explanations', 'explanation-set'),
    ...withheldLines(round, voice),
    ...problemLines(round, voice),
    footer(round, voice),
  ].join('\n');
}

function linesOf({ study }: CommandRound, voice: Voice): Lines {
  const titleOf = (ref: ItemRef): string => study?.pulled.states.get(ref)?.item.title ?? '';
  return { voice, titleOf, failures: study?.failures ?? new Map<Change, string>() };
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

/** What a guard keeps back: how much by which guard, and the first of it. */
function withheldLines(round: CommandRound, voice: Voice): string[] {
  const { withheld } = round.report;
  if (withheld.length === 0) return [];
  const left = withheld.length - shownWithheld;
  return [
    `  ${voice.yellow('withheld')}  ${withheldText(withheld)}`,
    ...changeLines(withheld.slice(0, shownWithheld), linesOf(round, voice)),
    ...(left > 0 ? [`    and ${left} more (--json lists all)`] : []),
    ...guardHints(round).map(hint => voice.yellow(`    -> ${plain(hint)}`)),
  ];
}

/** What is the same of several items is told once. */
function problemLines({ report }: CommandRound, voice: Voice): string[] {
  const groups = new Map<string, string[]>();
  for (const { ref, message } of report.problems) {
    const [, key, rest] = (ref === null ? null : /^(\S+): ([^]+)$/.exec(message)) ?? [];
    const text = rest ?? message;
    groups.set(text, [...(groups.get(text) ?? []), ...(key === undefined ? [] : [key])]);
  }
  const lines = [...groups].map(([text, keys]) => {
    const named = keys.slice(0, shownKeys).join(', ');
    const more = keys.length > shownKeys ? ` and ${keys.length - shownKeys} more` : '';
    return `  ${voice.red('!')} ${plain(keys.length === 0 ? text : `${named}${more}: ${text}`)}`;
  });
  const left = lines.length - shownProblems;
  const rest = left > 0 ? [`  ${voice.red('!')} and ${left} more (--json lists all)`] : [];
  return [...lines.slice(0, shownProblems), ...rest];
}

function footer({ report }: CommandRound, voice: Voice): string {
  const { outcomes, calls } = report;
  const done = outcomes.applied + outcomes.failed > 0 ? `${outcomes.applied} applied, ${outcomes.failed} failed; ` : '';
  return voice.dim(
    `  ${done}${calls.read} read and ${calls.write} write calls, ${(report.durationMs / 1000).toFixed(1)} s, round ${report.id}`,
  );
}
