import type { GuardName } from '../change.ts';
import { pauseText } from '../sync/pause-text.ts';
import type { CommandRound } from './command-round.ts';

/** Why changes were kept back, and what lets them through: one line for each guard that kept any. Pure. */
export function guardHints(round: CommandRound): readonly string[] {
  const guards = new Set(round.report.withheld.map(change => change.guard));
  return [...guards].flatMap(guard => hintsOn(guard, round));
}

function hintsOn(guard: GuardName, { report, settings, study }: CommandRound): readonly string[] {
  const { backlog, mode } = report;
  const { limits, writeHours, timezone } = settings;
  switch (guard) {
    case 'observe':
      // In apply mode it is a second Winnow that makes the backlog observe, which the problems tell.
      return mode === 'apply' ? [] : [`write for once: winnow run ${backlog} --apply; from now on: mode: apply`];
    case 'needs-approval':
      return [`let the moves through: winnow approve ${backlog}`];
    case 'paused':
      return [...(study?.paused ?? []).map(pauseText), `go on writing: winnow resume ${backlog}`];
    case 'write-hours':
      return writeHours === null
        ? []
        : [`written from ${clockOf(writeHours.from)} to ${clockOf(writeHours.to)} only (writeHours, ${timezone})`];
    case 'label-ramp':
      return [
        `new labels come ${limits.maxLabelChanges} a round (limits.maxLabelChanges); later rounds bring the rest`,
      ];
    case 'quiet':
      return [
        `somebody edited these within ${limits.quietMinutes} minutes (limits.quietMinutes); a later round writes them`,
      ];
    case 'write-budget':
      return [
        `written ${limits.writesPerItemPerDay} times within a day (limits.writesPerItemPerDay); they wait for the next`,
      ];
    case 'quarantine':
      return [
        `the tracker refuses these as they stand; "winnow explain KEY" says why, and an edit lets them be tried again`,
      ];
    default:
      return guard satisfies never;
  }
}

function clockOf(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
