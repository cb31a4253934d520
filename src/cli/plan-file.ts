import { z } from 'zod';
import type { Change } from '../change.ts';
import { ConfigError, messageOf } from '../errors.ts';
import type { ItemRef } from '../item.ts';
import { itemsNamedBy, preconditionOf, type Precondition, type SavedPlan } from '../sync/saved-plan.ts';
import type { RoundResult } from '../sync/reconcile.ts';
import type { Files } from './files.ts';

/** Plan files are untrusted input: everything is checked here, and again against the tracker before a write. */
const Ref = z
  .string()
  .regex(/^(jira|azure-devops):\d+$/)
  .transform(text => text as ItemRef);
const Text = z.string().max(2_000);
/** An explanation: a few lines of ours, or what a person wrote in their place. */
const Told = z.string().max(32_768);
const base = { ref: Ref, key: Text, because: Text };
const Place = z.number().int().positive();

const FileChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('move'), ...base, from: Place, to: Place, after: Ref.nullable() }),
  z.strictObject({ kind: z.literal('label-add'), ...base, from: z.null(), to: Text }),
  z.strictObject({ kind: z.literal('label-remove'), ...base, from: Text, to: z.null() }),
  z.strictObject({
    kind: z.literal('score-set'),
    ...base,
    from: z.number().nullable(),
    to: z.number().min(0).max(100).nullable(),
  }),
  z.strictObject({ kind: z.literal('explanation-set'), ...base, from: Told.nullable(), to: Told.nullable() }),
]);

const Before = z.strictObject({
  ref: Ref,
  /** Plans of earlier versions know neither this nor the explanation. */
  version: Text.nullable().default(null),
  order: z.union([z.string(), z.number()]).nullable(),
  labels: z.array(Text),
  score: z.number().nullable(),
  explanation: Told.nullable().default(null),
});

const FilePlan = z.strictObject({
  winnowPlan: z.literal(1),
  madeAt: z.iso.datetime(),
  plans: z.array(
    z.strictObject({ backlog: Text, modelHash: Text, changes: z.array(FileChange), before: z.array(Before) }),
  ),
});

/** Writes what these rounds planned. Throws ConfigError naming the file. */
export async function writePlanFile(
  { files, path }: { readonly files: Files; readonly path: string },
  madeAt: Date,
  rounds: readonly { readonly result: RoundResult; readonly modelHash: string }[],
): Promise<void> {
  const plans = rounds.flatMap(({ result, modelHash }) => {
    if (result.study === null) return [];
    const { changes, backlog } = result.report;
    const { states, strays } = result.study.pulled;
    const before = itemsNamedBy(changes).flatMap(ref => {
      const item = states.get(ref)?.item ?? strays.find(stray => stray.ref === ref);
      return item === undefined ? [] : [{ ref, ...preconditionOf(item) }];
    });
    return [{ backlog, modelHash, changes, before }];
  });
  try {
    await files.write(path, `${JSON.stringify({ winnowPlan: 1, madeAt: madeAt.toISOString(), plans }, null, 1)}\n`);
  } catch (error) {
    throw new ConfigError(`The plan file ${path} cannot be written: ${messageOf(error)}. Name another with --out.`, {
      cause: error,
    });
  }
}

/** Reads a plan file. Throws ConfigError naming the file and what is wrong with it. */
export async function readPlanFile(files: Files, path: string): Promise<ReadonlyMap<string, SavedPlan>> {
  let raw: unknown;
  try {
    raw = JSON.parse(await files.read(path));
  } catch (error) {
    throw new ConfigError(
      `The plan file ${path} cannot be read: ${messageOf(error)}. Make one with "winnow plan --out ${path}".`,
    );
  }
  const parsed = FilePlan.safeParse(raw);
  if (!parsed.success) {
    throw new ConfigError(`${path} is not a plan that winnow can carry out:\n${z.prettifyError(parsed.error)}`);
  }
  return new Map(
    parsed.data.plans.map(({ backlog, modelHash, changes, before }): [string, SavedPlan] => [
      backlog,
      {
        backlog,
        modelHash,
        changes: changes satisfies readonly Change[],
        before: new Map(before.map(({ ref, ...rest }): [ItemRef, Precondition] => [ref, rest])),
      },
    ]),
  );
}
