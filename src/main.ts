import { keepHeapSmall } from './memory.ts';

/** The program: one command line in, one exit code out. */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  keepHeapSmall();
  const { runProgram } = await import('./cli/program.ts');
  return runProgram(argv, environment);
}
