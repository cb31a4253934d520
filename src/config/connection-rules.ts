import type { Tracker } from '../item.ts';
import { hostedTracker, siteProblem, trackerOf } from './connection-url.ts';
import type { Path, Problem } from './problem.ts';
import type { ConnectionFile } from './schema-connections.ts';

type AuthKey = keyof ConnectionFile['auth'];

const forms: Readonly<Record<Tracker, readonly (readonly AuthKey[])[]>> = {
  jira: [['email', 'apiToken'], ['accessToken']],
  'azure-devops': [['pat'], ['clientId', 'clientSecret', 'tenantId'], ['accessToken']],
};

/** Keys of `webhook` by the tracker that needs them. */
const webhookKeys = { jira: ['secrets'], 'azure-devops': ['username', 'passwords'] } as const;

/** Address, tracker, credentials and webhook of one connection must fit each other. */
export function checkConnection(connection: ConnectionFile, path: Path): readonly Problem[] {
  const tracker = trackerOf(connection);
  return [
    ...checkSite(connection, path),
    ...checkAuth(connection.auth, tracker, [...path, 'auth']),
    ...checkWebhook(connection.webhook, tracker, [...path, 'webhook']),
  ];
}

function checkSite({ url, tracker }: ConnectionFile, path: Path): readonly Problem[] {
  const problem = siteProblem(url);
  if (problem !== null) return [{ path: [...path, 'url'], message: problem }];
  const hosted = hostedTracker(url);
  if (tracker === undefined && hosted === null) {
    const message = 'is missing; for this address, write tracker: jira or tracker: azure-devops';
    return [{ path: [...path, 'tracker'], message }];
  }
  if (tracker !== undefined && hosted !== null && tracker !== hosted) {
    return [{ path: [...path, 'tracker'], message: `must be ${hosted} for this address; or leave it out` }];
  }
  return [];
}

function checkAuth(auth: ConnectionFile['auth'], tracker: Tracker | null, path: Path): readonly Problem[] {
  const given = (Object.keys(auth) as AuthKey[]).filter(key => auth[key] !== undefined);
  const form = tracker === null ? null : formProblem(given, tracker);
  const problems: Problem[] = form === null ? [] : [{ path, message: form }];
  for (const key of given) {
    const problem = textProblem(auth[key] ?? '') ?? (key === 'email' ? emailProblem(auth.email ?? '') : null);
    if (problem !== null) problems.push({ path: [...path, key], message: problem });
  }
  return problems;
}

function formProblem(given: readonly AuthKey[], tracker: Tracker): string | null {
  const known = forms[tracker];
  if (known.some(form => form.length === given.length && form.every(key => given.includes(key)))) return null;
  const choices = known.map(form => `{ ${form.join(', ')} }`).join(' or ');
  const message = `must be ${choices} for ${tracker}`;
  const foreign = given.filter(key => !known.some(form => form.includes(key)));
  if (foreign.length > 0) return `${message}; remove ${foreign.join(', ')}`;
  const begun = known.filter(form => form.some(key => given.includes(key)));
  if (begun.length > 1) return `${message}; give only one of them`;
  const missing = begun[0]?.filter(key => !given.includes(key)) ?? [];
  return missing.length > 0 ? `${message}; ${missing.join(' and ')} is missing` : message;
}

function checkWebhook(webhook: ConnectionFile['webhook'], tracker: Tracker | null, path: Path): readonly Problem[] {
  if (webhook === undefined) return [];
  const secrets = [...(webhook.secrets ?? []).entries()].map(([i, text]) => [['secrets', i], text] as const);
  const passwords = [...(webhook.passwords ?? []).entries()].map(([i, text]) => [['passwords', i], text] as const);
  const problems: Problem[] = [...secrets, ...passwords].flatMap(([steps, text]) =>
    text === '' ? [{ path: [...path, ...steps], message: emptyMessage }] : [],
  );
  if (webhook.username === '') problems.push({ path: [...path, 'username'], message: emptyMessage });
  if (webhook.username?.includes(':') === true) {
    problems.push({
      path: [...path, 'username'],
      message: 'must not hold ":", which ends a user name in basic authentication',
    });
  }
  if (tracker === null) return problems;
  const wanted: readonly string[] = webhookKeys[tracker];
  const given = Object.entries(webhook).flatMap(([key, of]) => (of === undefined ? [] : [key]));
  const fits = given.length === wanted.length && given.every(key => wanted.includes(key));
  return fits ? problems : [...problems, { path, message: `must be { ${wanted.join(', ')} } for ${tracker}` }];
}

const emptyMessage = 'is empty; give it a value, or set the environment variable that it names';

function textProblem(text: string): string | null {
  if (text === '') return emptyMessage;
  // A line break at the end of a copied token would only show as "401" from the tracker, or as a broken header.
  return /\s/.test(text) ? 'must not hold blanks or line breaks; copy it again' : null;
}

function emailProblem(email: string): string | null {
  return /^[^@]+@[^@]+$/.test(email) ? null : 'must be an e-mail address';
}
