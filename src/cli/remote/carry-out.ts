import type { Context } from '../context.ts';
import { createCarriedFiles } from '../files.ts';
import { addEveryday } from '../lines/everyday.ts';
import { emptyProgram, runSession } from '../run-session.ts';
import type { ServiceFacts } from '../../service/ports.ts';
import type { Session } from '../session.ts';
import { createCapturedVoice } from '../terminal.ts';
import type { CommandAnswer, CommandRequest } from './command-wire.ts';

/**
 * Carries out somebody's command line inside the service: the same command functions, with the service's own context, a
 * voice that is written down, and only the files that came along. Never throws.
 */
export async function carryOut(
  request: CommandRequest,
  service: { readonly context: Context; readonly facts: ServiceFacts; readonly secrets: () => readonly string[] },
  signal: AbortSignal,
): Promise<CommandAnswer> {
  const { voice, said } = createCapturedVoice(request.terminal);
  const files = createCarriedFiles(request.files);
  if (request.argv.some(word => word === '--config' || word.startsWith('--config='))) {
    return {
      exitCode: 2,
      out: '',
      err: 'winnow: the service has its own configuration; leave --config out.',
      files: {},
    };
  }
  const environment = { ...service.context.environment, WINNOW_USER: request.person ?? 'somebody through the API' };
  const session: Session = {
    argv: request.argv,
    voice,
    environment,
    files,
    inside: { context: { ...service.context, environment, terminal: null }, service: service.facts },
    signal,
    secrets: service.secrets(),
    exitCode: 0,
  };
  const program = emptyProgram(session);
  addEveryday(program, session);
  const exitCode = await runSession(session, program);
  return { exitCode, ...said(), files: files.written() };
}
