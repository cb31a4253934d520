import Table from 'cli-table3';
import type { Part } from '../scoring/model.ts';
import { borderless } from './borderless.ts';
import type { Explanation } from './explanation.ts';
import type { CommandRound } from './run-rounds.ts';
import { clip, plain, type Voice } from './terminal.ts';

/** An explanation as people read it: the figures can be checked by hand. */
export function renderExplanation(explanation: Explanation, round: CommandRound, voice: Voice): string {
  const state = [...(round.study?.pulled.states.values() ?? [])].find(s => s.item.ref === explanation.ref);
  const { place } = explanation;
  const lines = [
    `${voice.bold(plain(explanation.key))}  ${clip(state?.item.title ?? '', 70)}`,
    `  backlog ${plain(explanation.backlog)}, model ${explanation.model}`,
    `  score ${explanation.score ?? 'none'}${explanation.raw === null ? '' : ` (raw ${explanation.raw})`}, band ${explanation.band ?? '-'}, ` +
      `coverage ${Math.round(explanation.coverage * 100)} %`,
    place.now === null
      ? '  not ranked'
      : `  place ${place.now} of ${place.of}${place.desired === place.now ? '' : `, should be ${place.desired}`}`,
    `  stage ${explanation.stage}`,
    partsTable(explanation.parts as readonly Part[]),
    ...clockLines(explanation, voice),
    ...explanation.labels.map(label => `  label ${label.name}: ${plain(label.because)}`),
    ...(explanation.hold === null
      ? []
      : [
          `  held (${explanation.hold.kind}) since ${explanation.hold.since} until ${explanation.hold.until ?? 'it ends'}: ${plain(explanation.hold.by)}`,
        ]),
    ...(explanation.blockedBy.length === 0 ? [] : [`  blocked by ${explanation.blockedBy.join(', ')}`]),
    ...explanation.since.map(past => voice.dim(`  ${past.round}  ${plain(past.what)}`)),
  ];
  return lines.join('\n');
}

function partsTable(parts: readonly Part[]): string {
  const head = ['  factor', 'source', 'value', 'n', 'weight', 'points', ''];
  const table = new Table({ head, style: { head: [], border: [] }, chars: borderless });
  for (const part of parts) {
    const n = part.n === null ? '-' : part.n.toFixed(3);
    const value = part.value === null ? 'absent' : clip(String(part.value), 24);
    table.push([
      `  ${part.factor}`,
      clip(part.source, 40),
      value,
      n,
      part.weight,
      part.contribution.toFixed(2),
      plain(part.problem ?? ''),
    ]);
  }
  return table.toString();
}

function clockLines({ clock }: Explanation, voice: Voice): string[] {
  return [
    `  last meaningful activity ${clock.at}: ${plain(clock.what)}${clock.who === '' ? '' : ` by ${plain(clock.who)}`}`,
    ...clock.ignored.map(i =>
      voice.dim(`    ${i.at} ${plain(i.what)} by ${plain(i.who)} does not count: ${plain(i.why)}`),
    ),
  ];
}
