import { clean } from '../../sync/clean.ts';
import { chosenBacklogs, roundParts, type Context } from '../context.ts';
import { exitCodeOf } from '../exit-code.ts';
import { roundJson } from '../json.ts';
import { createProgress } from '../progress.ts';
import { plain, type Voice } from '../terminal.ts';
import { underLease } from '../under-lease.ts';

/** `winnow clean`: removes every label that Winnow owns. People's labels, ranks and scores stay. */
export async function cleanCommand(
  context: Context,
  voice: Voice,
  name: string,
  options: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const [settings] = chosenBacklogs(context.config, [name]);
  if (settings === undefined) return 2;
  const model = context.modelOf(settings);
  const { leases } = await context.store();
  const backlog = await context.openBacklog(settings);
  const progress = createProgress(context.terminal, name);
  const parts = await roundParts(context, settings, { backlog, progress: progress.tell, signal: options.signal });
  const request = {
    settings,
    model,
    purpose: 'run' as const,
    apply: true,
    sweep: false,
    touched: [],
    liftLimits: true,
    otherWriters: [],
    savedPlan: null,
  };
  const terms = { leases, log: context.log, signal: options.signal, patienceMs: 60_000 };
  const report = await underLease(name, terms, held =>
    clean(request, { ...parts, signal: held.signal, journal: held.guarded(parts.journal) }),
  );
  progress.done();
  if (options.json) voice.out(JSON.stringify({ rounds: [roundJson(report)] }, null, 2));
  else {
    voice.out(`${plain(report.backlog)}: ${report.outcomes.applied} labels removed from ${report.items} items.`);
    for (const problem of report.problems) voice.out(`  ${voice.red('!')} ${plain(problem.message)}`);
    if (settings.mode === 'apply')
      voice.err('The next round puts wanted labels back; set write.labels to false to keep them off.');
  }
  return exitCodeOf([{ report, error: null, opened: true }], false);
}
