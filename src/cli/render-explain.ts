import Table from 'cli-table3';
import type { Part } from '../scoring/model.ts';
import { borderless } from './borderless.ts';
import type { Explanation } from './explanation.ts';
import { clip, plain, type Voice } from './terminal.ts';

/** An explanation as people read it: the figures can be checked by hand. Text from the tracker is cleaned. */
export function renderExplanation(explanation: Explanation, voice: Voice): string {
  const { key, title, url, backlog, model, modelHash } = explanation;
  const rows: (readonly [string, string])[] = [
    ['backlog', `${plain(backlog)}, model ${plain(model)} (${modelHash})`],
    ['place', placeText(explanation)],
    ['score', scoreText(explanation)],
    ...labelled('band', bandText(explanation)),
    ['stage', stageText(explanation)],
    ...clockRows(explanation),
    ...labelled('labels', ...explanation.labels.map(label => `${plain(label.name)}: ${plain(label.because)}`)),
    ...labelled('held', holdText(explanation)),
    ...labelled('blocked by', explanation.blockedByKeys.map(plain).join(', ') || null),
    ...labelled('blocks', explanation.blocks.map(plain).join(', ') || null),
    ...labelled('changed', changedText(explanation)),
    ...labelled('next', ...explanation.next.map(nextText)),
    ...labelled('written', ...explanation.since.map(({ round, what }) => `${round}  ${plain(what)}`)),
  ];
  return [
    `${voice.bold(plain(key))}  ${clip(title, 70)}`,
    ...(url === null ? [] : [voice.dim(plain(url))]),
    ...rows.map(([name, text]) => `${voice.dim(name.padEnd(11))}${text}`),
    '',
    partsTable(explanation.parts, voice),
  ].join('\n');
}

/** The first line bears the name, the others stand below it; no line for what is not there. */
function labelled(name: string, ...texts: readonly (string | null)[]): readonly (readonly [string, string])[] {
  return texts.filter(text => text !== null).map((text, i) => [i === 0 ? name : '', text] as const);
}

function placeText({ place, notRanked, next }: Explanation): string {
  if (place.now === null) return `not ranked, because ${plain(notRanked ?? 'it is not eligible')}`;
  const standing = `${place.now} of ${place.of}`;
  if (place.desired === place.now) return standing;
  const move = next.find(change => change.kind === 'move');
  const because = move === undefined ? 'others move around it' : plain(move.because);
  return `${standing}, should be ${place.desired}: ${because}`;
}

function scoreText({ score, undecayed, raw, coverage }: Explanation): string {
  if (score === null) return `none, for input is missing (coverage ${percent(coverage)})`;
  const decayed = undecayed === null || undecayed === score ? '' : `, ${undecayed} before it decayed by idleness`;
  return `${score}${raw === null ? '' : ` (raw ${raw})`}${decayed}, coverage ${percent(coverage)}`;
}

function bandText({ bandRange, bandKept }: Explanation): string | null {
  if (bandRange === null) return null;
  const range = `${bandRange[0]}-${bandRange[1]}`;
  return bandKept === null ? range : `${range}, kept from an earlier round until the score has clearly left it`;
}

function stageText({ stage, idleDays, exempt, thresholds, pruneBelowScore }: Explanation): string {
  const idle = `idle ${idleDays === 1 ? '1 day' : `${idleDays} days`}`;
  if (exempt !== null) return `${stage}: exempt by ${plain(exempt)} (${idle})`;
  const { aging, stale, prune } = thresholds;
  const rules = [
    ...(aging === null ? [] : [`aging from ${aging.days} (${plain(aging.from)})`]),
    `stale from ${stale.days} (${plain(stale.from)})`,
    `prune from ${prune.days} (${plain(prune.from)}) below score ${pruneBelowScore}`,
  ];
  return `${stage}: ${idle}; ${rules.join(', ')}`;
}

function clockRows({ clock }: Explanation): readonly (readonly [string, string])[] {
  const by = clock.who === '' ? '' : ` by ${plain(clock.who)}`;
  const before = clock.atMost ? ', or earlier' : '';
  return labelled(
    'activity',
    `${minuteOf(clock.at)}${before}: ${plain(clock.what)}${by}`,
    ...clock.ignored.map(
      ({ at, who, what, why }) => `${minuteOf(at)} ${plain(what)} by ${plain(who)} does not count: ${plain(why)}`,
    ),
  );
}

/** What ends a hold that no day ends. */
const endless: Readonly<Record<string, string>> = {
  pin: 'until the label goes',
  'missing-input': 'until it can be scored',
  'write-budget': 'until a day has passed since those writes',
  quarantine: 'until somebody edits it',
};

function holdText({ hold }: Explanation): string | null {
  if (hold === null) return null;
  const until = hold.until === null ? (endless[hold.kind] ?? 'until that ends') : `until ${minuteOf(hold.until)}`;
  return `${hold.kind}: ${plain(hold.by)}, since ${minuteOf(hold.since)}, ${until}`;
}

function changedText({ changed }: Explanation): string | null {
  if (changed === null) return 'no earlier round of these settings to compare with';
  const since = `since ${minuteOf(changed.since)}`;
  return changed.text === null ? `nothing ${since}` : `${since}: ${plain(changed.text)}`;
}

function nextText({ kind, from, to, because, guard }: Explanation['next'][number]): string {
  const waits = guard === null ? '' : ` (waits: ${guard})`;
  if (kind === 'explanation-set') return `${kind}${waits}: ${plain(because)}`;
  return `${kind} ${plain(String(from ?? 'none'))} -> ${plain(String(to ?? 'none'))}${waits}: ${plain(because)}`;
}

function partsTable(parts: readonly Part[], voice: Voice): string {
  const head = ['factor', 'source', 'value', 'n', 'weight', 'points', ''].map(voice.dim);
  const colAligns = ['left', 'left', 'right', 'right', 'right', 'right', 'left'] as const;
  const table = new Table({ head, colAligns: [...colAligns], style: { head: [], border: [] }, chars: borderless });
  for (const { factor, source, value, n, weight, contribution, problem } of parts) {
    const shown = value === null ? 'absent' : clip(String(value), 24);
    const figures = [n === null ? '-' : n.toFixed(3), weight, contribution.toFixed(2)];
    table.push([plain(factor), clip(source, 60), shown, ...figures, plain(problem ?? '')]);
  }
  return table.toString();
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
