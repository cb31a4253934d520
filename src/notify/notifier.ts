import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Notice } from './notice.ts';
import { slackPayload } from './slack.ts';
import { teamsPayload } from './teams.ts';

/** Tells people, through incoming webhooks. */
export interface Notifier {
  /** False: nobody is to be told, and nothing needs to be looked up for it. */
  readonly listens: boolean;
  /**
   * Sends to the addresses whose mark is wanted, all of them unless told otherwise. Answers the marks of those that did
   * not take it. Never throws; what failed is logged, without the address.
   */
  send(notice: Notice, wanted?: (mark: string) => boolean): Promise<readonly string[]>;
}

export interface NotifierOptions {
  /** Each is a secret as a whole: whoever knows it may post. */
  readonly urls: readonly string[];
  readonly log: Log;
  /** Milliseconds for one notice, all tries included. */
  readonly patienceMs?: number;
  /** Milliseconds before the second and the third try. */
  readonly pausesMs?: readonly number[];
}

type Channel = 'slack' | 'teams';

const tryMs = 5_000;

/** Sends by Slack's or Teams' incoming webhooks; other hosts are taken for Slack's, whose format many understand. */
export function createNotifier({ urls, log, patienceMs = 15_000, pausesMs = [500, 2_000] }: NotifierOptions): Notifier {
  const post = async (url: string, notice: Notice): Promise<boolean> => {
    const channel = channelOf(url);
    const body = JSON.stringify(channel === 'teams' ? teamsPayload(notice) : slackPayload(notice));
    const end = AbortSignal.timeout(patienceMs);
    try {
      for (let tries = 0; ; tries++) {
        const problem = await postOnce(url, body, end);
        if (problem === null) return true;
        const pause = pausesMs[tries];
        if (!problem.mayHeal || pause === undefined) throw new Error(problem.what);
        await sleep(pause, undefined, { signal: end });
      }
    } catch (error) {
      log.warn({ channel, topic: notice.topic, backlog: notice.backlog, why: whyOf(error) }, 'a notice was not taken');
      return false;
    }
  };
  return {
    listens: urls.length > 0,
    async send(notice, wanted = () => true) {
      const marked = urls.map(url => ({ url, mark: markOf(url) })).filter(({ mark }) => wanted(mark));
      const taken = await Promise.all(marked.map(({ url }) => post(url, notice)));
      return marked.filter((_, place) => taken[place] !== true).map(({ mark }) => mark);
    },
  };
}

/** Tells addresses apart and says nothing of them: each is a secret. */
function markOf(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 12);
}

/** Workflows live under logic.azure.com and powerplatform.com, the retired connectors under office.com. */
function channelOf(url: string): Channel {
  const { hostname } = new URL(url);
  return /(^|\.)(logic\.azure\.(com|us)|powerplatform\.(com|us)|office\.com)$/.test(hostname) ? 'teams' : 'slack';
}

/** A redirect is not followed: it would carry the notice to somebody else. */
async function postOnce(
  url: string,
  body: string,
  end: AbortSignal,
): Promise<{ readonly what: string; readonly mayHeal: boolean } | null> {
  let status: number;
  try {
    const signal = AbortSignal.any([end, AbortSignal.timeout(tryMs)]);
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    await response.body?.cancel();
    ({ status } = response);
  } catch (error) {
    return { what: whyOf(error), mayHeal: !end.aborted };
  }
  if (status >= 200 && status < 300) return null;
  return { what: `answered ${status}`, mayHeal: status === 429 || status >= 500 };
}

/** fetch hides the reason in `cause`; neither names more of the address than its host. */
function whyOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
