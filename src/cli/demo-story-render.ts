import type { Change, Withheld } from '../change.ts';
import { roundJson } from './json.ts';
import { roundsOf, type StoryDay, type Told } from './demo-story-day.ts';
import type { StorySite } from './demo-story-site.ts';
import { clip, plain, type Voice } from './terminal.ts';

const shownPlaces = 8;
const shownWithheld = 3;

type Titles = Pick<StorySite, 'titleOf'>;

const kindNames: Readonly<Record<Change['kind'], string>> = {
  move: 'moves',
  'label-add': 'labels to add',
  'label-remove': 'labels to remove',
  'score-set': 'scores',
  'explanation-set': 'explanations',
};

/** The head of a tracker's part. */
export function renderSite(site: StorySite, voice: Voice): string {
  return `${voice.bold(`== ${site.title} ==`)}  ${site.order().length} items, emulated`;
}

/** One scene as people read it; a scene of several days is one entry. */
export function renderScene(days: readonly StoryDay[], site: Titles, voice: Voice): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return '';
  const when = days.length === 1 ? `Day ${first.day}` : `Days ${first.day} to ${last.day}`;
  const time = days.length === 1 ? voice.dim(`  ${first.at.toISOString().slice(0, 16).replace('T', ' ')}`) : '';
  const body = days.length === 1 ? wholeDay(first, site, voice) : [quietDays(days), ...labelLines(days, voice)];
  return [
    '',
    `${voice.bold(`${when}: ${plain(first.what)}`)}${time}`,
    ...wrapped(first.rule, { indent: 2, width: voice.width }).map(voice.dim),
    ...body,
    ...verdicts(days, voice),
  ].join('\n');
}

function wholeDay(day: StoryDay, site: Titles, voice: Voice): readonly string[] {
  const told = day.told.flatMap(one => toldLines(one, voice));
  return [...orderLines(day, site, voice), ...told, ...labelLines([day], voice)];
}

/** Every label of ours that is there at the end of a scene, with its items in their order. */
function labelLines(days: readonly StoryDay[], voice: Voice): readonly string[] {
  const last = days.at(-1);
  if (last === undefined) return [];
  const { order, labels } = last;
  const names = [...new Set(Object.values(labels).flat())].sort();
  const texts = names.map(name => {
    const keys = order.filter(key => labels[key]?.includes(name) === true);
    return `${plain(name)} on ${keys.map(plain).join(', ')}`;
  });
  const text = texts.length === 0 ? 'no labels of ours' : `labels: ${texts.join('; ')}`;
  return wrapped(text, { indent: 2, width: voice.width });
}

function quietDays(days: readonly StoryDay[]): string {
  const rounds = days.flatMap(roundsOf);
  const writes = days.reduce((sum, day) => sum + day.writes, 0);
  return `  ${counted(rounds.length, 'round')}, ${counted(writes, 'write call')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** The top before and after, side by side; one line where nothing differs. */
function orderLines(day: StoryDay, site: Titles, voice: Voice): readonly string[] {
  const { before, order } = day;
  if (before.every((key, place) => key === order[place])) {
    const top = order.slice(0, shownPlaces).map(key => `${plain(key)}${day.held.includes(key) ? ' (held)' : ''}`);
    return wrapped(`order unchanged: ${top.join(', ')}, ...`, { indent: 2, width: voice.width });
  }
  const column = Math.max(24, Math.floor((voice.width - 15) / 2));
  const text = (key: string | undefined): string =>
    key === undefined ? '' : clip(`${plain(key)} ${site.titleOf(key)}`, column);
  const rows = order.slice(0, shownPlaces).map((key, place) => {
    const mark = markOf(key, day);
    const row = `${String(place + 1).padStart(4)}  ${text(before[place]).padEnd(column)}  ${text(key).padEnd(column)}  ${mark}`;
    return mark === '' ? row.trimEnd() : voice.bold(row);
  });
  return [voice.dim(`      ${'before'.padEnd(column)}  after`), ...rows];
}

/** How far up or down an item was put, or that it is held. */
function markOf(key: string, day: StoryDay): string {
  if (day.held.includes(key)) return 'held';
  const moves = roundsOf(day).flatMap(({ changes }) => changes.filter(change => change.kind === 'move'));
  if (!moves.some(move => move.key === key)) return '';
  const by = day.before.indexOf(key) - day.order.indexOf(key);
  if (by === 0) return 'moved';
  return by > 0 ? `up ${by}` : `dn ${-by}`;
}

function toldLines({ command, report, said }: Told, voice: Voice): readonly string[] {
  const prompt = `  ${voice.yellow(`$ ${plain(command)}`)}`;
  const { width } = voice;
  if (report === null) return [prompt, ...wrapped(said, { indent: 4, width })];
  const { outcomes, calls, status } = report;
  const failed = outcomes.failed === 0 ? '' : `, ${outcomes.failed} failed`;
  return [
    prompt,
    `    ${voice.green(status)}: ${counted(outcomes.applied, 'change')} made${failed}, ${counted(calls.write, 'write call')}`,
    ...changeLines(report.changes, voice),
    ...withheldLines(report.withheld, voice),
    ...report.problems.flatMap(({ message }) => wrapped(`! ${plain(message)}`, { indent: 4, width })),
  ];
}

/** Changes with their reason; those with the same reason together. */
function changeLines(changes: readonly Change[], voice: Voice): readonly string[] {
  return [...Map.groupBy(changes, change => plain(change.because))].flatMap(([because, alike]) => [
    ...wrapped(alike.map(keyed).join(', '), { indent: 4, width: voice.width }),
    ...wrapped(because, { indent: 8, width: voice.width }).map(voice.dim),
  ]);
}

function keyed(change: Change): string {
  return `${plain(change.key)} ${whatOf(change)}`;
}

function whatOf(change: Change): string {
  switch (change.kind) {
    case 'move':
      return `moves ${change.from} -> ${change.to}`;
    case 'label-add':
      return `+ ${plain(change.to)}`;
    case 'label-remove':
      return `- ${plain(change.from)}`;
    case 'score-set':
      return `score ${change.from ?? 'empty'} -> ${change.to ?? 'empty'}`;
    case 'explanation-set':
      return change.to === null ? 'explanation taken away' : 'explanation written';
    default:
      return change satisfies never;
  }
}

function withheldLines(withheld: readonly Withheld[], voice: Voice): readonly string[] {
  const kinds = Map.groupBy(withheld, ({ kind, guard }) => `${kindNames[kind]} by ${guard}`);
  return [...kinds].flatMap(([what, list]) => {
    const some = list.slice(0, shownWithheld).map(keyed);
    const rest = list.length > some.length ? `, and ${list.length - some.length} more` : '';
    const text = `withheld: ${list.length} ${what}: ${some.join(', ')}${rest}`;
    return wrapped(text, { indent: 4, width: voice.width }).map(voice.yellow);
  });
}

/** What had to be seen: on every day, or on which not. */
function verdicts(days: readonly StoryDay[], voice: Voice): readonly string[] {
  const texts = [...new Set(days.flatMap(({ expected }) => expected.map(({ text }) => text)))];
  return texts.flatMap(text => {
    const not = days.filter(({ expected }) => expected.some(one => one.text === text && !one.holds));
    const line = not.length === 0 ? `ok: ${text}` : `NOT so on day ${not.map(({ day }) => day).join(', ')}: ${text}`;
    return wrapped(line, { indent: 2, width: voice.width }).map(not.length === 0 ? voice.green : voice.red);
  });
}

/** Breaks a text at spaces; each line starts with `indent` spaces and is at most `width` wide. */
function wrapped(text: string, { indent, width }: { readonly indent: number; readonly width: number }): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(' '.repeat(indent) + word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** As `demo --story --json` prints a day. */
export function storyDayJson(day: StoryDay): Record<string, unknown> {
  const { day: number, at, tracker, what, order, labels, held, writes, status, expected } = day;
  const rounds = roundsOf(day);
  return {
    ...{ day: number, at: at.toISOString(), tracker, what, order, labels, held, writes, status },
    because: rounds.flatMap(({ changes }) => changes.map(change => `${keyed(change)}: ${change.because}`)),
    expected,
    commands: day.told.map(({ command }) => command),
    rounds: rounds.map(roundJson),
  };
}
