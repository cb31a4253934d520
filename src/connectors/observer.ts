import type { Tracker } from '../item.ts';
import type { Sleep } from './pause.ts';

/** One request to a tracker, as metrics see it. */
export interface CallSeen {
  readonly connection: string;
  readonly tracker: Tracker;
  /** Method and path with every id and name replaced: few values, none that tells of an item or a project. */
  readonly endpoint: string;
  /** HTTP status; 0: no answer. */
  readonly status: number;
  readonly seconds: number;
}

/** Watches the traffic of connections. Must not throw. */
export interface Observer {
  call(seen: CallSeen): void;
  /** So many seconds were waited because the tracker asked for it, or did not answer. */
  waited(connection: string, seconds: number): void;
}

export const nobodyWatches: Observer = { call: () => undefined, waited: () => undefined };

/** One connection's traffic. */
export interface Watcher {
  /** Makes a request and tells of it, whatever comes of it. */
  request<T extends { readonly status: number }>(method: string, path: string, send: () => Promise<T>): Promise<T>;
  /** Sleeps and tells of it. */
  readonly sleep: Sleep;
}

export function createWatcher(
  { name, tracker }: { readonly name: string; readonly tracker: Tracker },
  observer: Observer,
  sleep: Sleep,
): Watcher {
  const secondsSince = (began: number): number => (performance.now() - began) / 1000;
  return {
    async request(method, path, send) {
      const began = performance.now();
      let status = 0;
      try {
        const answer = await send();
        status = answer.status;
        return answer;
      } finally {
        const endpoint = endpointLabel(method, path);
        observer.call({ connection: name, tracker, endpoint, status, seconds: secondsSince(began) });
      }
    },
    async sleep(ms, signal) {
      const began = performance.now();
      try {
        await sleep(ms, signal);
      } finally {
        observer.waited(name, secondsSince(began));
      }
    },
  };
}

/**
 * "GET /rest/api/3/issue/(id)/comment", "PATCH _apis/wit/workitems". Azure DevOps puts names before `_apis` and after the
 * resource; Jira's ids and keys are numbers, capitals or GUIDs.
 */
export function endpointLabel(method: string, path: string): string {
  const bare = path.split('?', 1)[0] ?? '';
  const azure = /_apis\/([^/]+)(?:\/([^/]+))?/.exec(bare);
  if (azure !== null) {
    const [, area = '', resource] = azure;
    const named = /^(projects|resourceareas)$/i.test(area) || resource === undefined || !/^[A-Za-z$]+$/.test(resource);
    return `${method} _apis/${area}${named ? '' : `/${resource}`}`;
  }
  return `${method} ${bare.replace(names, '/*')}`;
}

/** Not the version in `/rest/api/3`. */
const names = /(?<!\/api)\/(\d+|[A-Z][A-Z0-9_]*(-\d+)?|customfield_\d+|[0-9a-f]{8}-[0-9a-f-]{27,})(?=\/|$)/g;
