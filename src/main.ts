import { runProgram } from './cli/program.ts';

/** The program: one command line in, one exit code out. */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  return runProgram(argv, environment);
}
