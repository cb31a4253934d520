import { z } from 'zod';

/** What travels between a command line and the service that carries it out. */

const Files = z.record(z.string().max(4_096), z.string());

export const CommandRequest = z.strictObject({
  /** As typed, without the program's name and without `--config`. */
  argv: z.array(z.string().max(4_096)).min(1).max(200),
  /** Files that the command line names for reading, by the name it gives them. */
  files: Files.default({}),
  /** Who asks, for the journal. */
  person: z.string().max(200).optional(),
  terminal: z
    .strictObject({ coloured: z.boolean(), width: z.int().min(20).max(1_000) })
    .default({ coloured: false, width: 100 }),
});
export type CommandRequest = z.infer<typeof CommandRequest>;

export const CommandAnswer = z.object({
  exitCode: z.int(),
  out: z.string(),
  err: z.string(),
  /** Files that the command wrote, by the name that the command line gives them. */
  files: Files.default({}),
});
export type CommandAnswer = z.infer<typeof CommandAnswer>;
