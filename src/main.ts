import { runProgram } from './cli/program.ts';
import { keepHeapSmall } from './memory.ts';

/** The program: one command line in, one exit code out. */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  // The demo holds two emulated sites beside its rounds: there memory is spent anyway, and time is what people see.
  if (argv[0] !== 'demo') keepHeapSmall();
  return runProgram(argv, environment);
}
