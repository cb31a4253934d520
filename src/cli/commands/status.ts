import Table from 'cli-table3';
import { pauseText } from '../../sync/pause-text.ts';
import type { RoundReport } from '../../sync/ports.ts';
import { statusOf, type BacklogStatus, type Status } from '../../service/status.ts';
import { borderless } from '../borderless.ts';
import type { Context } from '../context.ts';
import type { ServiceFacts } from '../../service/ports.ts';
import type { Session } from '../session.ts';
import { clip, plain, type Voice } from '../terminal.ts';
import { refusedText } from '../webhook-findings.ts';

/** `winnow status`: from inside a running service, or, where none runs, from the store. */
export async function statusCommand(
  context: Context,
  { voice, inside }: Pick<Session, 'voice' | 'inside'>,
  options: { readonly json: boolean },
): Promise<number> {
  const { config, clock } = context;
  const [store, queue] = [await context.store(), await context.queue()];
  const status = await statusOf({ backlogs: config.backlogs, clock, store, queue });
  const service = inside?.service ?? null;
  if (options.json) voice.out(JSON.stringify(statusJson(status, service), null, 2));
  else voice.out(render(status, service, voice));
  return 0;
}

/** The shape that machines read; fields are listed, so that an internal one never leaks out by accident. */
export function statusJson(
  { backlogs, queues, refused }: Status,
  service: ServiceFacts | null,
): Record<string, unknown> {
  return {
    service: service === null ? null : { url: service.url, roles: service.roles, since: service.since.toISOString() },
    backlogs: backlogs.map(b => ({
      backlog: b.settings.name,
      connection: b.settings.connection,
      mode: b.settings.mode,
      paused: b.pauses.map(({ reason, until }) => ({ reason, until: until?.toISOString() ?? null })),
      lastRound:
        b.last === null
          ? null
          : {
              id: b.last.id,
              status: b.last.status,
              startedAt: b.last.startedAt.toISOString(),
              durationMs: b.last.durationMs,
              problem: whyFailed(b.last),
            },
      announced: b.announced,
      next: { round: b.nextRound?.toISOString() ?? null, sweep: b.nextSweep?.toISOString() ?? null },
      lease: b.lease === null ? null : { holder: b.lease.holder, until: b.lease.until.toISOString() },
    })),
    queues: queues.map(({ connection, waiting, active, delayed, failed, pausedUntil, failures }) => ({
      connection,
      waiting,
      active,
      delayed,
      failed,
      pausedUntil: pausedUntil?.toISOString() ?? null,
      failures: failures.map(f => ({ id: f.id, backlog: f.job.backlog, problem: f.problem, at: f.at.toISOString() })),
    })),
    refusedDeliveries: refused.map(refusedJson),
  };
}

function refusedJson({ connection, count, since, lastAt, problem }: Status['refused'][number]): object {
  return { connection, count, since: since.toISOString(), lastAt: lastAt.toISOString(), problem };
}

/** Of a round that did not end well. */
function whyFailed({ status, problems }: RoundReport): string | null {
  return status === 'failed' || status === 'partial' ? (problems[0]?.message ?? null) : null;
}

function render(status: Status, service: ServiceFacts | null, voice: Voice): string {
  const facts =
    service === null
      ? 'No service answers here; this is what the store and the queue hold.'
      : `${voice.bold('Running')} at ${service.url} (${service.roles.join(', ')}) since ${shortTime(service.since)} UTC.`;
  const failures = status.queues.flatMap(queue =>
    queue.failures.map(f => `  ${voice.red('!')} ${plain(f.job.backlog)}, ${shortTime(f.at)}: ${clip(f.problem, 400)}`),
  );
  const failed = failures.length === 0 ? [] : ['', 'Given up; a schedule or "winnow run" starts anew:', ...failures];
  const refused = status.refused.map(one => `  ${voice.red('!')} ${plain(one.connection)}: ${refusedText(one)}`);
  const webhooks = refused.length === 0 ? [] : ['', 'Webhooks ("winnow check" says what to do):', ...refused];
  const ill = status.backlogs.flatMap(({ settings, last }) => {
    const problem = last === null ? null : whyFailed(last);
    return problem === null ? [] : [`  ${voice.red('!')} ${plain(settings.name)}: ${clip(problem, 400)}`];
  });
  const troubles = ill.length === 0 ? [] : ['', 'Last rounds that did not end well:', ...ill];
  return [facts, '', backlogTable(status.backlogs), '', queueTable(status), ...troubles, ...failed, ...webhooks].join(
    '\n',
  );
}

function backlogTable(backlogs: readonly BacklogStatus[]): string {
  const table = new Table({
    head: ['backlog', 'mode', 'last round (UTC)', 'status', 'announced', 'next round', 'next sweep', 'now'],
    style: { head: [], border: [] },
    chars: borderless,
  });
  for (const b of backlogs) {
    const paused = b.pauses.map(pause => pauseText(pause));
    const working = b.lease === null ? [] : [`round by ${plain(b.lease.holder)}`];
    table.push([
      plain(b.settings.name),
      b.settings.mode,
      b.last === null ? 'none yet' : shortTime(b.last.startedAt),
      b.last?.status ?? '-',
      b.announced,
      b.nextRound === null ? 'never' : shortTime(b.nextRound),
      b.nextSweep === null ? 'never' : shortTime(b.nextSweep),
      [...working, ...paused].join('; ') || 'idle',
    ]);
  }
  return table.toString();
}

function queueTable({ queues }: Status): string {
  const table = new Table({
    head: ['queue', 'waiting', 'active', 'delayed', 'failed', 'paused until (UTC)'],
    style: { head: [], border: [] },
    chars: borderless,
  });
  for (const { connection, waiting, active, delayed, failed, pausedUntil } of queues) {
    const until = pausedUntil === null ? '-' : shortTime(pausedUntil);
    table.push([plain(connection), waiting, active, delayed, failed, until]);
  }
  return table.toString();
}

function shortTime(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
