import type { Tracker } from '../item.ts';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;

/** The tracker that a connection speaks to: as named, else by the vendors' own hosts; null when neither tells. */
export function trackerOf(connection: {
  readonly tracker?: Tracker | undefined;
  readonly url: string;
}): Tracker | null {
  if (connection.tracker !== undefined) return connection.tracker;
  const host = hostOf(connection.url);
  if (host === null) return null;
  if (host.endsWith('.atlassian.net') || host === 'api.atlassian.com') return 'jira';
  if (host === 'dev.azure.com' || host.endsWith('.visualstudio.com')) return 'azure-devops';
  return null;
}

/** What is wrong with a connection's url, or null. Plain http is for loopback addresses only. */
export function urlProblem(url: string): string | null {
  if (!URL.canParse(url)) return 'is not a URL; write it as https://acme.atlassian.net';
  const { protocol, hostname, username, password, search, hash } = new URL(url);
  if (username !== '' || password !== '') return 'must not hold credentials; put them under auth';
  if (search !== '' || hash !== '') return 'must be the plain address of the site, without ? or #';
  if (protocol === 'https:') return null;
  if (protocol === 'http:' && loopback.test(hostname)) return null;
  return 'must start with https:// (plain http is allowed for loopback addresses only)';
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : null;
}
