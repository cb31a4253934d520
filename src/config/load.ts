import { readFileSync } from 'node:fs';
import { join, resolve as absolute } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigError, messageOf } from '../errors.ts';
import { expand, type Environment } from './expand.ts';
import { describeIssue, nearest, type Issue } from './issues.ts';
import { resolveConfig, type Config } from './resolve.ts';
import { checkRules } from './rules.ts';
import { ConfigFile } from './schema.ts';
import { knownKeysAt } from './known-keys.ts';

const smallest = `connections:
  acme: { url: https://acme.atlassian.net, auth: { email: "\${JIRA_EMAIL}", apiToken: "\${JIRA_API_TOKEN}" } }
backlogs:
  shop: { board: 12 }`;

/** `--config F`, else `WINNOW_CONFIG`, else `winnow.yaml` in the current folder. */
export function findConfigFile(where: {
  readonly flag: string | undefined;
  readonly environment: Environment;
  readonly cwd: string;
}): string {
  const named = where.flag ?? where.environment.WINNOW_CONFIG;
  return named === undefined || named === '' ? join(where.cwd, 'winnow.yaml') : absolute(where.cwd, named);
}

/** Reads, checks and resolves a configuration file. Throws ConfigError that lists everything wrong with it. */
export function loadConfig(path: string, environment: Environment): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `The configuration ${path} cannot be read (${messageOf(error)}). Name one with --config or WINNOW_CONFIG, or make one:\n\n${smallest}`,
    );
  }
  return parseConfig(text, path, environment);
}

/** As `loadConfig`, from text. `file` is only named in messages. */
export function parseConfig(text: string, file: string, environment: Environment): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) {
    const told = document.errors.slice(0, 3).map(error => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${file}:${line}:${col} not YAML: ${error.message}`;
    });
    throw new ConfigError(told.join('\n'));
  }
  const { value, issues } = expand(document.toJS() as unknown, environment);
  const fail = (all: readonly Issue[]): never => {
    throw new ConfigError(all.map(issue => describeIssue(issue, file, document, lines)).join('\n'));
  };
  // A missing variable leaves an empty text behind; telling both would tell one mistake twice.
  if (issues.length > 0) fail(issues);
  const parsed = ConfigFile.safeParse(value ?? {});
  if (!parsed.success) return fail(parsed.error.issues.flatMap(toIssues));
  const broken = checkRules(parsed.data);
  if (broken.length > 0) fail(broken);
  return resolveConfig(parsed.data, file);
}

function toIssues(issue: z.core.$ZodIssue): readonly Issue[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeysAt(issue.path);
    return issue.keys.map(key => {
      const meant = nearest(key, known);
      const list = known.length === 0 ? '' : ` Known here: ${known.join(', ')}.`;
      return {
        path: [...issue.path, key],
        message: `is not a key winnow knows.${meant === null ? list : ` Did you mean ${meant}?`}`,
      };
    });
  }
  if (issue.code === 'invalid_type') return [{ path: issue.path, message: typeMessage(issue) }];
  return [{ path: issue.path, message: issue.message }];
}

/** Says what is wanted; never what is there, since it might be a secret. */
function typeMessage(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.input === undefined && issue.message.endsWith('undefined'))
    return `is missing; it must be a ${issue.expected}`;
  return `must be a ${issue.expected}`;
}
