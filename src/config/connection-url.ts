import type { Tracker } from '../item.ts';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The tracker of a connection: as named, else by the vendors' own hosts; null when neither tells. */
export function trackerOf(connection: {
  readonly tracker?: Tracker | undefined;
  readonly url: string;
}): Tracker | null {
  return connection.tracker ?? hostedTracker(connection.url);
}

/** The tracker that a vendor's own host belongs to; null for all other hosts. */
export function hostedTracker(url: string): Tracker | null {
  if (!URL.canParse(url)) return null;
  const host = new URL(url).hostname;
  if (host.endsWith('.atlassian.net') || host === 'api.atlassian.com') return 'jira';
  if (host === 'dev.azure.com' || host.endsWith('.visualstudio.com')) return 'azure-devops';
  return null;
}

/** What is wrong with an address, or null. It is not repeated, since it may hold a secret. */
export function urlProblem(url: string): string | null {
  if (!URL.canParse(url))
    return 'must be a full address, such as https://acme.atlassian.net or https://dev.azure.com/acme';
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return 'must not hold credentials; remove what stands before "@"';
  if (protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname))) return null;
  return 'must begin with https:// (http:// only for localhost, 127.0.0.0/8 and [::1], for credentials must not travel in the open)';
}

/** What is wrong with the address of a site or organisation, or null. */
export function siteProblem(url: string): string | null {
  const problem = urlProblem(url);
  if (problem !== null) return problem;
  const { hostname, pathname, search, hash } = new URL(url);
  const steps = pathname.split('/').filter(step => step !== '');
  if (search !== '' || hash !== '') return 'must be the address of the site alone; remove what follows "?" or "#"';
  if (hostname.endsWith('.atlassian.net') && steps.length > 0) {
    return `must be the address of the site alone: https://${hostname}`;
  }
  if (hostname === 'api.atlassian.com' && !/^\/ex\/jira\/[^/]+\/?$/.test(pathname)) {
    return 'must be https://api.atlassian.com/ex/jira/<cloudId>; https://<site>.atlassian.net/_edge/tenant_info shows the cloudId';
  }
  if (hostname === 'dev.azure.com' && steps.length !== 1) {
    return 'must be the address of the organisation, such as https://dev.azure.com/acme; the project is named by the backlog';
  }
  return null;
}

/** Without trailing slashes; the host in lower case. */
export function plainUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, '');
}
