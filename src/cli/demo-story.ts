import { stringify } from 'yaml';
import type { Clock } from '../clock.ts';
import { parseConfig } from '../config/load.ts';
import { InternalError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings } from '../settings.ts';
import type { Store } from '../store/open-store.ts';
import { approveCommand, resumeCommand } from './commands/stop-and-go.ts';
import { createContext, type Context } from './context.ts';
import { roundsOf, type StoryDay, type Told } from './demo-story-day.ts';
import { repeatDays, story, storySettings, type Scene, type StoryCommand } from './demo-story-script.ts';
import type { StorySite } from './demo-story-site.ts';
import type { CommandRound } from './command-round.ts';
import { runRounds } from './run-rounds.ts';
import { createCapturedVoice } from './terminal.ts';
import { undoRound } from './undo-round.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Who types the commands. */
const manager = 'the product manager';

export interface StoryParts {
  readonly store: Store;
  readonly log: Log;
  /** Midnight UTC of day 0. */
  readonly start: Date;
  readonly startSite: (clock: Clock) => Promise<StorySite>;
  readonly signal: AbortSignal;
}

/** A day of a scene; `ends`: it was the scene's last. */
export interface Shown {
  readonly site: StorySite;
  readonly day: StoryDay;
  readonly ends: boolean;
}

/** A story under way on one site. */
interface Stage extends Pick<StoryParts, 'signal'> {
  readonly site: StorySite;
  readonly context: Context;
  readonly settings: BacklogSettings;
}

/**
 * Plays the story on one emulated site: people act an hour before the commands, which do what they do for everybody.
 * Yields what each day of each scene showed, oldest first. Ends early, without a word, when the signal says so.
 */
export async function* playStory(parts: StoryParts): AsyncGenerator<Shown> {
  const time = { now: parts.start };
  const site = await parts.startSite({ now: () => time.now });
  try {
    const stage = openStage(parts, site, { now: () => time.now });
    try {
      const days: StoryDay[] = [];
      for (const { scene, day } of story.flatMap(daysOf)) {
        if (parts.signal.aborted) return;
        const commandsAt = parts.start.getTime() + day * dayMs + scene.hour * hourMs;
        time.now = new Date(commandsAt - hourMs);
        const before = site.order();
        scene.people?.(site);
        time.now = new Date(commandsAt);
        const seen = { day, at: time.now, before, ...(await perform(stage, scene, days)) };
        const shown = judged(seen, scene, { days, site });
        days.push(shown);
        yield { site, day: shown, ends: day === (scene.until ?? scene.day) };
      }
    } finally {
      await stage.context.close();
    }
  } finally {
    await site.close();
  }
}

function daysOf(scene: Scene): readonly { readonly scene: Scene; readonly day: number }[] {
  const count = 1 + ((scene.until ?? scene.day) - scene.day) / repeatDays;
  return Array.from({ length: count }, (_, place) => ({ scene, day: scene.day + place * repeatDays }));
}

function openStage({ store, log, signal }: StoryParts, site: StorySite, clock: Clock): Stage {
  const connection = `story-${site.tracker}`;
  const text = stringify({
    connections: { [connection]: site.connectionYaml },
    backlogs: { [`shop-${site.tracker}`]: { connection, ...site.scopeYaml, ...storySettings } },
  });
  const config = parseConfig(text, 'the story', {});
  const [settings] = config.backlogs;
  if (settings === undefined) throw new InternalError('the story has no backlog');
  const context = createContext({ config, clock, log, environment: { WINNOW_USER: manager }, store });
  return { site, context, settings, signal };
}

type Performed = Pick<StoryDay, 'told' | 'order' | 'labels' | 'held' | 'writes' | 'status'>;

async function perform(stage: Stage, { commands }: Scene, days: readonly StoryDay[]): Promise<Performed> {
  const { site } = stage;
  const done: Done[] = [];
  for (const command of commands) done.push(...(await carryOut(stage, command, days)));
  const last = done.findLast(({ round }) => round !== null)?.round;
  if (last === undefined || last === null) throw new InternalError('a scene without a round');
  const told = done.map(({ command, round, said }): Told => ({ command, report: round?.report ?? null, said }));
  const order = site.order();
  const labelled = order.map((key): [string, readonly string[]] => [key, ownLabels(site.labels(key))]);
  return {
    told,
    order,
    labels: Object.fromEntries(labelled.filter(([, labels]) => labels.length > 0)),
    held: heldBy(last),
    writes: roundsOf({ told }).reduce((sum, { calls }) => sum + calls.write, 0),
    status: last.report.status,
  };
}

interface Done extends Pick<Told, 'command' | 'said'> {
  readonly round: CommandRound | null;
}

async function carryOut(stage: Stage, command: StoryCommand, days: readonly StoryDay[]): Promise<readonly Done[]> {
  if (typeof command === 'object') return undoDay(stage, command.undo, days);
  const { context, settings, signal } = stage;
  const { name } = settings;
  if (command === 'approve' || command === 'resume') {
    const { voice, said } = createCapturedVoice({ coloured: false, width: 100 });
    if (command === 'approve') await approveCommand(context, voice, name, { json: false, moves: null });
    else await resumeCommand(context, voice, name, { json: false });
    return [{ command: `winnow ${command} ${name}`, round: null, said: said().out }];
  }
  const rounds = await runRounds(context, [settings], {
    ...{ purpose: 'run', apply: command === 'apply', sweep: false, liftLimits: false, signal },
    progress: () => undefined,
  });
  const typed = `winnow run ${name}${command === 'apply' ? ' --apply' : ''}`;
  return rounds.map(round => ({ command: typed, round, said: '' }));
}

/** Every round of that day that wrote, the newest first. */
async function undoDay({ context, signal }: Stage, day: number, days: readonly StoryDay[]): Promise<readonly Done[]> {
  const written = days.filter(seen => seen.day === day).flatMap(roundsOf);
  const done: Done[] = [];
  for (const { id, outcomes } of written.toReversed()) {
    if (outcomes.applied === 0) continue;
    const round = await undoRound(context, id, { by: manager, dryRun: false, signal });
    done.push({ command: `winnow undo ${id}`, round, said: '' });
  }
  return done;
}

function ownLabels(labels: readonly string[]): readonly string[] {
  return labels.filter(label => label.startsWith('winnow-')).sort();
}

function heldBy({ study }: CommandRound): readonly string[] {
  if (study === null) return [];
  const { desired, pulled } = study;
  const drags = [...desired.holds].filter(([, hold]) => hold.kind === 'drag');
  return drags.flatMap(([ref]) => pulled.states.get(ref)?.item.key ?? []);
}

function judged(
  seen: Performed & Pick<StoryDay, 'day' | 'at' | 'before'>,
  scene: Scene,
  { days, site }: { readonly days: readonly StoryDay[]; readonly site: StorySite },
): StoryDay {
  const today = { ...seen, tracker: site.tracker, what: scene.what(site), rule: scene.rule };
  const expected = scene.expected.map(({ text, holds }) => ({
    text: text(site),
    holds: holds({ today, days, keyOf: site.keyOf }),
  }));
  return { ...today, expected };
}
