import type { Config } from './resolve.ts';

/** Every secret of a configuration, so that logs and messages can be kept free of them. */
export function secretsOf(config: Config): readonly string[] {
  const secrets = config.connections.flatMap(connection => {
    const auth: Readonly<Record<string, string | undefined>> = { ...connection.auth };
    const { apiToken, accessToken, pat, clientSecret } = auth;
    const webhook =
      connection.webhook === null
        ? []
        : 'secrets' in connection.webhook
          ? connection.webhook.secrets
          : connection.webhook.passwords;
    return [apiToken, accessToken, pat, clientSecret, ...webhook];
  });
  return [...secrets, config.service.http.apiToken].filter(secret => secret !== undefined && secret !== '') as string[];
}
