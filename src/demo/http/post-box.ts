import { setTimeout as pause } from 'node:timers/promises';

/** One delivery of a webhook, as it goes out. */
export interface Parcel {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of a parcel. `status` null: no answer. */
export interface Sent {
  readonly parcel: Parcel;
  readonly status: number | null;
  readonly tries: number;
}

export interface PostRules {
  /** Pauses before each further try, in milliseconds. */
  readonly pauses: readonly number[];
  /** Whether a failure is worth another try; null: no answer. */
  readonly retries: (status: number | null) => boolean;
  /** Headers of a further try, 1 for the first one. */
  readonly again?: (retry: number) => Readonly<Record<string, string>>;
}

/** Sends webhooks as trackers do: at least once, several at a time, in no promised order. */
export interface PostBox {
  send(parcel: Parcel, rules: PostRules, done?: (sent: Sent) => void): void;
  /** Each parcel goes out so many times more, as trackers sometimes do. */
  repeat(times: number): void;
  /** Keeps parcels back until released; those kept go out newest first when `reversed`. */
  hold(): void;
  release(reversed?: boolean): void;
  /** Resolves when nothing is under way any more. Parcels held back do not count. */
  settled(): Promise<void>;
  /** Oldest first. */
  readonly sent: readonly Sent[];
  close(): void;
}

const atOnce = 10;
const answerMs = 10_000;

type Job = () => Promise<void>;

export function createPostBox(): PostBox {
  const stop = new AbortController();
  const lane = createLane();
  const sent: Sent[] = [];
  let held: Job[] | null = null;
  let repeats = 0;
  const post = (job: Job): void => {
    if (!stop.signal.aborted) lane.add(job);
  };
  return {
    send(parcel, rules, done) {
      const job = async (): Promise<void> => {
        const outcome = await carry(parcel, rules, stop.signal);
        sent.push(outcome);
        done?.(outcome);
      };
      for (let copy = 0; copy <= repeats; copy++) {
        if (held === null) post(job);
        else held.push(job);
      }
    },
    repeat: times => void (repeats = times),
    hold: () => void (held ??= []),
    release(reversed = false) {
      const kept = held ?? [];
      held = null;
      for (const job of reversed ? kept.toReversed() : kept) post(job);
    },
    settled: lane.settled,
    sent,
    close: () => stop.abort(),
  };
}

/** A few jobs at a time, in the order they came. */
function createLane(): { add(job: Job): void; settled(): Promise<void> } {
  const waiting: Job[] = [];
  let running = 0;
  let idle = Promise.withResolvers<void>();
  idle.resolve();
  const next = (): void => {
    while (running < atOnce) {
      const job = waiting.shift();
      if (job === undefined) break;
      running += 1;
      void job().finally(() => {
        running -= 1;
        next();
      });
    }
    if (running === 0) idle.resolve();
  };
  return {
    add(job) {
      if (running === 0) idle = Promise.withResolvers<void>();
      waiting.push(job);
      next();
    },
    settled: () => idle.promise,
  };
}

async function carry(parcel: Parcel, rules: PostRules, signal: AbortSignal): Promise<Sent> {
  for (let tries = 1; ; tries++) {
    const status = await attempt(parcel, tries === 1 ? {} : (rules.again?.(tries - 1) ?? {}), signal);
    const wait = rules.pauses[tries - 1];
    if ((status !== null && status < 300) || !rules.retries(status) || wait === undefined || signal.aborted) {
      return { parcel, status, tries };
    }
    // A closed site sends nothing more; what it had in hand ends as unanswered.
    const stopped = await pause(wait, false, { signal }).catch(() => true);
    if (stopped) return { parcel, status, tries };
  }
}

/** The status of one try; null: nobody answered. */
async function attempt(
  { url, headers, body }: Parcel,
  more: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, ...more },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}
