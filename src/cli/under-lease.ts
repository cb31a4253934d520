import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { InUseError, messageOf, StoppedError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Leases } from '../store/leases.ts';
import type { Journal } from '../sync/ports.ts';

/** A backlog that is ours for as long as the work under it goes on. */
export interface Held {
  /** Aborted when the caller stops the work, and when the lease is lost. */
  readonly signal: AbortSignal;
  /** The same journal; it takes no intent, and so permits no write, unless the lease is still ours. */
  guarded(journal: Journal): Journal;
}

export interface LeaseTerms {
  readonly leases: Leases;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** How long to wait for another round of the backlog to end; 0: not at all. */
  readonly patienceMs: number;
  /** How long a lease outlives its holder; it is renewed three times as often. */
  readonly forMs?: number;
  /** So long after the lease was confirmed further writes do not ask again. */
  readonly confirmedForMs?: number;
}

/** A killed process leaves its backlog to others after so long. */
const defaultForMs = 60_000;
const askAgainMs = 500;
/** The database's clock may jump, and another take what is ours: that is noticed before the next write. */
const defaultConfirmedForMs = 5_000;

/**
 * Does work on a backlog while nobody else does any, on any machine. Throws InUseError when another round goes on.
 * A lease that is lost (the database was away, the machine slept) stops the work between two writes.
 */
export async function underLease<T>(backlog: string, terms: LeaseTerms, work: (held: Held) => Promise<T>): Promise<T> {
  const { leases, log, forMs = defaultForMs, confirmedForMs = defaultConfirmedForMs } = terms;
  const holder = `${hostname()}, process ${process.pid}, ${randomBytes(3).toString('hex')}`;
  let goodUntil = await takePatiently(backlog, holder, { ...terms, forMs });
  const lost = new AbortController();
  const renew = async (): Promise<void> => {
    const asked = performance.now();
    await leases.take(backlog, { holder, forMs });
    goodUntil = asked + forMs;
  };
  const beat = setInterval(() => {
    renew().catch((error: unknown) => {
      log.warn({ backlog, problem: messageOf(error) }, 'the lease of a backlog could not be renewed');
      if (error instanceof InUseError || performance.now() >= goodUntil) lost.abort();
    });
  }, forMs / 3);
  const assure = async (): Promise<void> => {
    // A process that was frozen wakes up here before its timers do.
    if (performance.now() < goodUntil - forMs + Math.min(forMs, confirmedForMs)) return;
    await renew().catch((error: unknown) => {
      // Not reached is not lost, as long as the term runs.
      if (!(error instanceof InUseError) && performance.now() < goodUntil) return;
      lost.abort();
      throw new StoppedError(`the lease of backlog ${backlog} was lost: ${messageOf(error)}`, { cause: error });
    });
  };
  try {
    return await work({
      signal: AbortSignal.any([terms.signal, lost.signal]),
      guarded: journal => guardedJournal(journal, assure),
    });
  } finally {
    clearInterval(beat);
    await giveBack(backlog, holder, terms);
  }
}

function guardedJournal(journal: Journal, assure: () => Promise<void>): Journal {
  return {
    ...journal,
    async intend(round, write, at) {
      await assure();
      await journal.intend(round, write, at);
    },
  };
}

/** Answers until when (`performance.now()`) the lease is surely ours. */
async function takePatiently(
  backlog: string,
  holder: string,
  { leases, signal, patienceMs, forMs }: LeaseTerms & { readonly forMs: number },
): Promise<number> {
  const patientUntil = performance.now() + patienceMs;
  for (;;) {
    const asked = performance.now();
    try {
      await leases.take(backlog, { holder, forMs });
      return asked + forMs;
    } catch (error) {
      if (!(error instanceof InUseError) || performance.now() >= patientUntil || signal.aborted) throw error;
    }
    await pause(askAgainMs);
  }
}

/** A lease that cannot be given back runs out by itself; the work's own end matters more. */
async function giveBack(backlog: string, holder: string, { leases, log }: LeaseTerms): Promise<void> {
  try {
    await leases.giveBack(backlog, holder);
  } catch (error) {
    log.warn({ backlog, problem: messageOf(error) }, 'the lease of a backlog could not be given back; it runs out');
  }
}
