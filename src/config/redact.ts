import type { ConnectionSettings } from '../settings.ts';
import type { Config } from './resolve.ts';

/** Shorter texts are no secrets, and blotting them out would make any text unreadable. */
const leastLength = 4;

/**
 * Every secret of a configuration, longest first, also in the forms in which it travels: percent-encoded in addresses,
 * and base64 in `Authorization: Basic`. Keeps logs and error messages free of them.
 */
export function secretsOf(config: Pick<Config, 'connections' | 'service'>): readonly string[] {
  const plain = [
    ...config.connections.flatMap(secretsOfConnection),
    ...(config.service.http.apiToken === null ? [] : [config.service.http.apiToken]),
    ...config.service.notify,
  ];
  const encoded = plain.map(secret => encodeURIComponent(secret));
  const all = new Set([...plain, ...encoded, ...config.connections.flatMap(basicOf)]);
  return [...all].filter(secret => secret.length >= leastLength).sort((a, b) => b.length - a.length);
}

/** Replaces every secret in a text. */
export function redactText(text: string, secrets: readonly string[]): string {
  const longestFirst = [...secrets].filter(secret => secret.length >= leastLength).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text);
}

function secretsOfConnection({ auth, webhook }: ConnectionSettings): readonly string[] {
  const { apiToken, accessToken, pat, clientSecret } = auth as Readonly<Record<string, string | undefined>>;
  const hooks = webhook === null ? [] : 'secrets' in webhook ? webhook.secrets : webhook.passwords;
  return [apiToken, accessToken, pat, clientSecret, ...hooks].filter(secret => secret !== undefined);
}

/** What stands in `Authorization: Basic`; Azure DevOps takes any user name, and ours is empty. */
function basicOf(connection: ConnectionSettings): readonly string[] {
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  if (connection.tracker === 'jira') {
    const { kind, email = '', apiToken = '' } = connection.auth;
    return kind === 'basic' ? [base64(`${email}:${apiToken}`)] : [];
  }
  const { auth, webhook } = connection;
  const hooks = webhook === null ? [] : webhook.passwords.map(password => base64(`${webhook.username}:${password}`));
  return auth.kind === 'pat' ? [base64(`:${auth.pat}`), ...hooks] : hooks;
}
