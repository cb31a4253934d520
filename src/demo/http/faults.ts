/** Things that go wrong between a client and a tracker, played on demand. */

interface Target {
  /** Any method when absent. */
  readonly method?: string;
  /** A part of the path, or a pattern; any path when absent. */
  readonly path?: string | RegExp;
  /** How many matching requests it hits; 1 when absent, Infinity for "until cleared". */
  readonly times?: number;
  /** Matching requests to let pass first. */
  readonly skip?: number;
}

export type Fault = Target &
  (
    | {
        readonly kind: 'status';
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        /** A string goes out as it is, anything else as JSON. */
        readonly body?: unknown;
        /** true: the request has its effect before the failure is answered. */
        readonly after?: boolean;
      }
    /** The connection drops before the request has any effect. */
    | { readonly kind: 'reset-before' }
    /** The request has its effect, then the connection drops without an answer. */
    | { readonly kind: 'reset-after' }
    /** A sign-in page or a proxy's page where JSON was expected; without effect unless `after`. */
    | { readonly kind: 'html'; readonly status?: number; readonly after?: boolean }
    /** Half of the body, with a matching length: valid HTTP, broken JSON. */
    | { readonly kind: 'truncate' }
    /** Half of the body, then the connection drops. */
    | { readonly kind: 'cut' }
    /** The answer comes so late; `after`: the request has its effect before the pause. */
    | { readonly kind: 'slow'; readonly ms: number; readonly after?: boolean }
    /** The ordinary answer with further headers (throttling hints on a 200). */
    | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
    /** The ordinary answer with its JSON changed. */
    | { readonly kind: 'alter'; readonly alter: (json: unknown) => unknown }
  );

export interface Faults {
  /** Queues a fault; the oldest matching one is played first, one per request. */
  next(fault: Fault): void;
  /** Forgets everything queued. */
  clear(): void;
  /** Faults that have not been played up. */
  pending(): number;
  /** For the server: the fault to play on this request, counted as played. */
  take(method: string, path: string): Fault | null;
}

/** An empty queue of faults. */
export function createFaults(): Faults {
  let queue: { fault: Fault; skip: number; left: number }[] = [];
  return {
    next: fault => void queue.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 }),
    clear: () => void (queue = []),
    pending: () => queue.length,
    take(method, path) {
      for (const entry of queue) {
        if (!hits(entry.fault, method, path)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        if (entry.left <= 0) queue = queue.filter(other => other !== entry);
        return entry.fault;
      }
      return null;
    },
  };
}

function hits(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === 'string' ? path.includes(fault.path) : fault.path.test(path);
}
