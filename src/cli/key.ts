import type { Config } from '../config/resolve.ts';
import { ConfigError } from '../errors.ts';

/** A tracker-qualified id (`jira:10042`), which is no connection's key. */
const ref = /^(jira|azure-devops):\d+$/;

/** Splits `[connection:]KEY`. Throws ConfigError naming the known connections. */
export function splitKey(
  config: Pick<Config, 'connections'>,
  text: string,
): { readonly connection: string | null; readonly key: string } {
  const colon = text.indexOf(':');
  if (colon < 0) return { connection: null, key: text };
  const name = text.slice(0, colon);
  if (config.connections.some(c => c.name === name)) return { connection: name, key: text.slice(colon + 1) };
  if (ref.test(text)) return { connection: null, key: text };
  const known = config.connections.map(c => c.name).join(', ');
  throw new ConfigError(`There is no connection ${name}. Known: ${known}. Write KEY or connection:KEY.`);
}
