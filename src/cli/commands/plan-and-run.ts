import { writeFile } from 'node:fs/promises';
import { ConfigError } from '../../errors.ts';
import { forgetOldRounds } from '../../sync/retention.ts';
import { chosenBacklogs, type Context } from '../context.ts';
import { exitCodeOf } from '../exit-code.ts';
import type { Files } from '../files.ts';
import { roundJson } from '../json.ts';
import { readPlanFile, writePlanFile } from '../plan-file.ts';
import { planHtml, planMarkdown } from '../render-document.ts';
import { renderRound } from '../render-plan.ts';
import type { CommandRound } from '../command-round.ts';
import { runRounds } from '../run-rounds.ts';
import type { Voice } from '../terminal.ts';

export interface PlanOptions {
  readonly out?: string;
  readonly model?: string;
  readonly format: 'text' | 'md' | 'html';
  readonly json: boolean;
  readonly detailedExitCode: boolean;
}

/** `winnow plan`: one round that writes nothing. */
export async function planCommand(
  context: Context,
  voice: Voice,
  names: readonly string[],
  options: PlanOptions & { readonly files: Files; readonly signal: AbortSignal },
): Promise<number> {
  const rounds = await runRounds(context, chosenBacklogs(context.config, names), {
    purpose: 'plan',
    apply: false,
    sweep: false,
    liftLimits: false,
    // What another model makes of the backlog is no memory of the one in use.
    ...(options.model === undefined ? {} : { model: options.model, memory: 'none' as const }),
    signal: options.signal,
  });
  if (options.out !== undefined) {
    const planned = rounds.map(r => ({ result: r, modelHash: r.modelHash }));
    await writePlanFile({ files: options.files, path: options.out }, context.clock.now(), planned);
    for (const line of aboutPlanFile(options.out, rounds, options)) voice.err(line);
  }
  show(rounds, voice, options);
  return exitCodeOf(rounds, options.detailedExitCode);
}

/** What the plan file is for, so that nobody looks for the document in it. */
function aboutPlanFile(
  path: string,
  rounds: readonly CommandRound[],
  { format, json }: Pick<PlanOptions, 'format' | 'json'>,
): readonly string[] {
  const failed = rounds.filter(round => round.study === null).map(round => round.report.backlog);
  const documents = { md: 'Markdown', html: 'HTML page', text: null };
  const document = json ? null : documents[format];
  return [
    `${path} is the plan file (JSON). Carry it out with: winnow run --apply --plan ${path}`,
    ...(failed.length === 0 ? [] : [`It holds no plan for ${failed.join(', ')}, whose round failed.`]),
    ...(document === null ? [] : [`The ${document} goes to standard output: keep it with > FILE.`]),
  ];
}

export interface RunOptions {
  readonly apply: boolean;
  readonly plan?: string;
  readonly json: boolean;
}

/** `winnow run`: one round, in the configured mode unless `--apply`. */
export async function runCommand(
  context: Context,
  voice: Voice,
  names: readonly string[],
  options: RunOptions & { readonly files: Files; readonly signal: AbortSignal },
): Promise<number> {
  const saved = options.plan === undefined ? null : await readPlanFile(options.files, options.plan);
  const backlogs = chosenBacklogs(context.config, names.length > 0 || saved === null ? names : [...saved.keys()]);
  for (const { name } of backlogs) {
    if (saved !== null && !saved.has(name)) throw new ConfigError(`${options.plan} holds no plan for backlog ${name}.`);
  }
  const rounds = await runRounds(context, backlogs, {
    purpose: 'run',
    apply: options.apply,
    sweep: false,
    liftLimits: false,
    ...(saved === null ? {} : { saved }),
    signal: options.signal,
  });
  show(rounds, voice, { json: options.json, format: 'text' });
  if (options.plan !== undefined && rounds.some(round => (round.study?.failures.size ?? 0) > 0))
    voice.err(`Not all of ${options.plan} could be carried out. For what is left, make a new plan.`);
  const { journal } = await context.store();
  await forgetOldRounds(journal, context.config.service.journalDays, context.clock.now());
  return exitCodeOf(rounds, false);
}

function show(
  rounds: readonly CommandRound[],
  voice: Voice,
  options: { readonly json: boolean; readonly format: 'text' | 'md' | 'html' },
): void {
  if (options.json) voice.out(JSON.stringify({ rounds: rounds.map(r => roundJson(r.report)) }, null, 2));
  else if (options.format === 'md') voice.out(planMarkdown(rounds));
  else if (options.format === 'html') voice.out(planHtml(rounds));
  else voice.out(rounds.map(round => renderRound(round, voice)).join('\n\n'));
}

/** `winnow config schema`: the JSON Schema, on stdout or into a file. */
export async function writeSchema(voice: Voice, schema: unknown, out: string | undefined): Promise<number> {
  const text = JSON.stringify(schema, null, 2);
  if (out === undefined) voice.out(text);
  else await writeFile(out, `${text}\n`);
  return 0;
}
