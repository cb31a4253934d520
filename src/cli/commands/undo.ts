import type { RoundReport } from '../../sync/ports.ts';
import type { Context } from '../context.ts';
import { exitCodeOf } from '../exit-code.ts';
import { roundJson } from '../json.ts';
import { personAtWork } from '../person.ts';
import { renderRound } from '../render-plan.ts';
import { plain, type Voice } from '../terminal.ts';
import { undoRound } from '../undo-round.ts';

/** `winnow undo`: restores what a round changed, as far as it is still ours; a round of its own. A dry run shows it. */
export async function undoCommand(
  context: Context,
  voice: Voice,
  id: string,
  options: { readonly json: boolean; readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const by = personAtWork(context.environment);
  const { dryRun, signal } = options;
  const round = await undoRound(context, id, { by, dryRun, signal });
  const { report } = round;
  if (options.json) voice.out(JSON.stringify({ rounds: [roundJson(report)] }, null, 2));
  else {
    voice.out(renderRound(round, voice));
    for (const line of nextSteps(report, dryRun ? id : null)) voice.out(line);
  }
  return exitCodeOf([round], false);
}

/** `tried`: the round that was only to be looked at, or null after a real undo. */
function nextSteps({ id, backlog, status, changes }: RoundReport, tried: string | null): readonly string[] {
  if (changes.length === 0) return [];
  if (tried !== null) {
    return status === 'failed'
      ? []
      : [`Nothing was written and nothing is paused. Carry it out with: winnow undo ${tried}`];
  }
  const name = plain(backlog);
  return [
    `${name} is paused now, else the next round would do it again. Go on with: winnow resume ${name}`,
    `To take this back: winnow undo ${id}`,
  ];
}
