import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { ConfigError, messageOf } from '../errors.ts';
import { checkFile } from './check-file.ts';
import type { Environment } from './expand.ts';
import { resolveConfig, type Config } from './resolve.ts';

const smallest = `connections:
  acme: { url: https://acme.atlassian.net, auth: { email: "\${JIRA_EMAIL}", apiToken: "\${JIRA_API_TOKEN}" } }
backlogs:
  shop: { board: 12 }
`;

/** `--config F`, else `WINNOW_CONFIG`, else `winnow.yaml` in the current folder; an absolute path. */
export function findConfigFile(where: {
  readonly flag: string | undefined;
  readonly environment: Environment;
  readonly cwd: string;
}): string {
  const named = where.flag ?? where.environment.WINNOW_CONFIG ?? '';
  return resolve(where.cwd, named === '' ? 'winnow.yaml' : named);
}

/** Reads, checks and resolves a configuration file. Throws ConfigError that lists everything wrong with it. */
export function loadConfig(path: string, environment: Environment): Config {
  const near = relative(process.cwd(), path);
  return parseConfig(readText(path), near === '' || near.startsWith('..') ? path : near, environment);
}

/** As `loadConfig`, from text. `file` is only named in messages: `winnow.yaml:12:5 backlogs.shop.board: must be ...`. */
export function parseConfig(text: string, file: string, environment: Environment): Config {
  if (text.split('\n').every(line => /^\s*(#.*|---)?\s*$/.test(line))) {
    throw new ConfigError(`${file}:1:1 the file is empty. The smallest useful one:\n\n${smallest}`);
  }
  const { entries, problems } = checkFile(text, environment);
  if (problems.length > 0) throw new ConfigError(problems.map(problem => `${file}:${problem}`).join('\n'));
  return resolveConfig(entries, file);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : messageOf(error);
    const advice = 'Name another with --config FILE or WINNOW_CONFIG, or create it; the smallest useful one:';
    throw new ConfigError(`The configuration ${path} cannot be read: ${why}. ${advice}\n\n${smallest}`, {
      cause: error,
    });
  }
}
