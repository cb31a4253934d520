import type { Context } from '../context.ts';
import { exitCodeOf } from '../exit-code.ts';
import { roundJson } from '../json.ts';
import { personAtWork } from '../person.ts';
import { renderRound } from '../render-plan.ts';
import { plain, type Voice } from '../terminal.ts';
import { undoRound } from '../undo-round.ts';

/** `winnow undo`: restores what a round changed, as far as it is still ours; a round of its own. */
export async function undoCommand(
  context: Context,
  voice: Voice,
  id: string,
  options: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const by = personAtWork(context.environment);
  const round = await undoRound(context, id, { by, signal: options.signal });
  const { report } = round;
  if (options.json) voice.out(JSON.stringify({ rounds: [roundJson(report)] }, null, 2));
  else {
    voice.out(renderRound(round, voice));
    if (report.changes.length > 0) {
      const name = plain(report.backlog);
      voice.out(`${name} is paused now, else the next round would do it again. Go on with: winnow resume ${name}`);
      voice.out(`To take this back: winnow undo ${report.id}`);
    }
  }
  return exitCodeOf([round], false);
}
