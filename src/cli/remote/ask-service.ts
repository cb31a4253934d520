import { ConfigError, messageOf } from '../../errors.ts';
import { personAtWork } from '../person.ts';
import type { Files } from '../files.ts';
import { plain, type Voice } from '../terminal.ts';
import { CommandAnswer, type CommandRequest } from './command-wire.ts';
import type { RemoteService } from './find-service.ts';

/** The program that asks. */
export interface Asker {
  readonly argv: readonly string[];
  readonly voice: Voice;
  readonly environment: NodeJS.ProcessEnv;
  readonly files: Files;
  readonly signal: AbortSignal;
}

/** What the command line says of files. */
interface NamedFiles {
  readonly config?: string;
  readonly plan?: string;
  readonly out?: string;
}

/** Lets the service carry out this command line, and says what it said. Answers the exit code. Throws ConfigError. */
export async function askService(asker: Asker, options: NamedFiles, service: RemoteService): Promise<number> {
  const { voice } = asker;
  voice.err(voice.dim(`The service at ${service.url} carries this out.`));
  if (options.config !== undefined) {
    voice.err(`--config ${options.config} is not used: the service has its own configuration.`);
  }
  const answer = await exchange(service, await requestOf(asker, options), asker.signal);
  if (answer.out !== '') voice.out(answer.out);
  if (answer.err !== '') voice.err(answer.err);
  // The service may only hand us what we asked for.
  const wanted = options.out === undefined ? undefined : answer.files[options.out];
  if (options.out !== undefined && wanted !== undefined) await asker.files.write(options.out, wanted);
  return answer.exitCode;
}

async function requestOf({ argv, voice, environment, files }: Asker, options: NamedFiles): Promise<CommandRequest> {
  const sent = options.plan === undefined ? {} : { [options.plan]: await readOwn(files.read, options.plan) };
  return {
    argv: withoutConfig(argv),
    files: sent,
    person: personAtWork(environment),
    terminal: { coloured: voice.bold('x') !== 'x', width: voice.width },
  };
}

async function readOwn(read: (path: string) => Promise<string>, path: string): Promise<string> {
  try {
    return await read(path);
  } catch (error) {
    throw new ConfigError(`${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** The file stays here; what it says is nobody else's business. */
export function withoutConfig(argv: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') return [...kept, ...argv.slice(i)];
    if (word === '--config') i++;
    else if (!word.startsWith('--config=')) kept.push(word);
  }
  return kept;
}

async function exchange(
  { url, token }: RemoteService,
  request: CommandRequest,
  signal: AbortSignal,
): Promise<CommandAnswer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}/api/commands`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      redirect: 'error',
      signal,
    });
    text = await response.text();
  } catch (error) {
    if (signal.aborted)
      throw new Error('Stopped; the service ends what it was doing between two writes.', { cause: error });
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Error(
      `The service at ${url} does not answer (${messageOf(cause)}). Is it running with the role web, and is WINNOW_URL right?`,
      { cause: error },
    );
  }
  if (response.status === 401) {
    throw new ConfigError(
      `The service at ${url} does not accept the API token. Set WINNOW_API_TOKEN to the one it was started with.`,
    );
  }
  const answer = CommandAnswer.safeParse(jsonOf(text));
  if (answer.success) return answer.data;
  throw new Error(`The service at ${url} answered ${response.status}: ${plain(text.trim().slice(0, 300))}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
