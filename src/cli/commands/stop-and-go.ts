import { DateTime } from 'luxon';
import { ConfigError } from '../../errors.ts';
import { approvalHours, approve } from '../../sync/approve.ts';
import type { Approval, Pause } from '../../sync/ports.ts';
import { pauseText } from '../../sync/pause-text.ts';
import { chosenBacklogs, type Context } from '../context.ts';
import { personAtWork } from '../person.ts';
import { plain, type Voice } from '../terminal.ts';

interface Options {
  readonly json: boolean;
}

/** `winnow approve`: grants a bound on the recomputed plan. */
export async function approveCommand(
  context: Context,
  voice: Voice,
  name: string,
  options: Options & { readonly moves: number | null },
): Promise<number> {
  knownBacklog(context, name);
  const { journal } = await context.store();
  const by = personAtWork(context.environment);
  const approval = await approve(journal, { backlog: name, moves: options.moves, by, now: context.clock.now() });
  if (options.json) voice.out(JSON.stringify({ approval: approvalJson(approval) }, null, 2));
  else {
    voice.out(
      `${plain(name)}: up to ${approval.moves} moves granted by ${plain(by)} for ${approvalHours} hours, until ` +
        `${approval.until.toISOString()} (round ${approval.round} waits).`,
    );
    voice.out('The next round plans afresh and moves if it needs no more than that; a larger plan waits again.');
  }
  return 0;
}

/** `winnow pause`: stops writing to a backlog. Rounds go on reading, and journal what they would do. */
export async function pauseCommand(
  context: Context,
  voice: Voice,
  name: string,
  options: Options & { readonly until: string | null },
): Promise<number> {
  const { timezone } = knownBacklog(context, name);
  const now = context.clock.now();
  const until = options.until === null ? null : instantOf(options.until, timezone);
  if (until !== null && until <= now) throw new ConfigError(`--until ${options.until} has passed already.`);
  const { state } = await context.store();
  const by = personAtWork(context.environment);
  await state.pause(name, { reason: 'person', by, since: now, until });
  tellPauses(voice, name, await state.pauses(name, now), options);
  return 0;
}

/** `winnow resume`: ends every pause of a backlog, by a person, an undo or the breaker, and the fallback to observing. */
export async function resumeCommand(context: Context, voice: Voice, name: string, options: Options): Promise<number> {
  knownBacklog(context, name);
  const { state } = await context.store();
  const ended = await state.resume(name, { at: context.clock.now(), by: personAtWork(context.environment) });
  if (options.json) {
    voice.out(JSON.stringify({ backlog: name, paused: [], ended: ended.map(pauseJson) }, null, 2));
    return 0;
  }
  if (ended.length === 0) voice.out(`${plain(name)} was not paused.`);
  for (const pause of ended) voice.out(`${plain(name)} goes on. It was ${plain(pauseText(pause))}.`);
  return 0;
}

function tellPauses(voice: Voice, name: string, pauses: readonly Pause[], { json }: Options): void {
  if (json) voice.out(JSON.stringify({ backlog: name, paused: pauses.map(pauseJson) }, null, 2));
  else for (const pause of pauses) voice.out(`${plain(name)}: ${plain(pauseText(pause))}.`);
}

function knownBacklog(context: Context, name: string): { readonly timezone: string } {
  const [settings] = chosenBacklogs(context.config, [name]);
  if (settings === undefined) throw new ConfigError(`There is no backlog ${name}.`);
  return settings;
}

/** An ISO date or time; without an offset it is the backlog's own. Throws ConfigError. */
function instantOf(text: string, zone: string): Date {
  const parsed = DateTime.fromISO(text, { zone });
  if (!parsed.isValid) {
    throw new ConfigError(`--until ${text} is not a time. Write 2026-03-30, 2026-03-30T18:00 or 2026-03-30T18:00Z.`);
  }
  return parsed.toJSDate();
}

/** As `--json` and the service print it. */
export function approvalJson({ grantedAt, until, ...approval }: Approval): Record<string, unknown> {
  return { ...approval, grantedAt: grantedAt.toISOString(), until: until.toISOString() };
}

/** As `--json` and the service print it. */
export function pauseJson({ reason, by, since, until }: Pause): Record<string, unknown> {
  return { reason, by, since: since.toISOString(), until: until?.toISOString() ?? null };
}
