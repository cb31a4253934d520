import type { Finding } from '../../connectors/connector.ts';
import { messageOf } from '../../errors.ts';
import type { BacklogSettings, ConnectionSettings } from '../../settings.ts';
import { pauseText } from '../../sync/pause-text.ts';
import { chosenBacklogs, type Context } from '../context.ts';
import { factorCoverage } from '../render-plan.ts';
import type { CommandRound } from '../command-round.ts';
import { runRound } from '../run-rounds.ts';
import { plain, type Voice } from '../terminal.ts';
import { deliveriesOf, webhookFinding } from '../webhook-findings.ts';

interface Section {
  readonly of: string;
  readonly findings: readonly Finding[];
}

/** `winnow check`: is everything in place, and if not, what to do. Reads, writes nothing. */
export async function checkCommand(
  context: Context,
  voice: Voice,
  options: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const sections: Section[] = [configSection(context)];
  for (const connection of context.config.connections) {
    const section = await connectionSection(context, connection.name);
    sections.push({ ...section, findings: [...section.findings, await webhookOf(context, connection)] });
  }
  const rounds: CommandRound[] = [];
  for (const settings of chosenBacklogs(context.config, [])) {
    const round = await runRound(context, settings, {
      purpose: 'check',
      apply: false,
      sweep: true,
      liftLimits: false,
      signal: options.signal,
    });
    rounds.push(round);
    const section = await backlogSection(context, settings, round);
    sections.push({ ...section, findings: [...section.findings, ...(await stopFindings(context, settings.name))] });
  }
  sections.push(overlapSection(rounds));
  const bad = sections.flatMap(s => s.findings).filter(f => f.status === 'problem').length;
  if (options.json) voice.out(JSON.stringify({ ok: bad === 0, sections }, null, 2));
  else
    voice.out(
      `${sections.map(section => render(section, voice)).join('\n')}\n${bad === 0 ? voice.green('All is well.') : voice.red(`${bad} to mend.`)}`,
    );
  return bad === 0 ? 0 : 1;
}

function configSection(context: Context): Section {
  const { config } = context;
  const count = (list: readonly unknown[], what: string): string =>
    `${list.length} ${what}${list.length === 1 ? '' : 's'}`;
  const { connections, models, backlogs } = config;
  const held = [count(connections, 'connection'), count(models, 'model'), count(backlogs, 'backlog')];
  const text = `${config.file}: ${held.join(', ')}`;
  const warnings = config.warnings.map((warning): Finding => ({
    topic: 'configuration',
    status: 'note',
    text: warning,
    todo: '',
  }));
  return { of: 'configuration', findings: [ok('file', text), ...warnings] };
}

async function connectionSection(context: Context, name: string): Promise<Section> {
  try {
    const self = await (await context.connection(name)).self();
    const skew = Math.round(Math.abs(self.skewMs) / 1000);
    const expiry: Finding =
      self.credentialExpiresAt === null
        ? {
            topic: 'credential expiry',
            status: 'note',
            text: 'the tracker does not tell when the token ends',
            todo: 'note its last day in your calendar',
          }
        : ok('credential expiry', self.credentialExpiresAt.toISOString());
    const clock: Finding =
      skew <= 120
        ? ok('clock', `${skew} s apart from the tracker's`)
        : {
            topic: 'clock',
            status: 'problem',
            text: `${skew} s apart from the tracker's`,
            todo: 'synchronise this machine (NTP): own writes are recognised by time, within 120 s',
          };
    return { of: name, findings: [ok('credential', `signed in as ${self.name}`), expiry, clock] };
  } catch (error) {
    return {
      of: name,
      findings: [
        {
          topic: 'credential',
          status: 'problem',
          text: messageOf(error),
          todo: 'mend this first; nothing else of this connection can be checked',
        },
      ],
    };
  }
}

async function webhookOf(context: Context, connection: ConnectionSettings): Promise<Finding> {
  const now = context.clock.now();
  return webhookFinding(connection, await deliveriesOf(await context.store(), connection.name, now), now);
}

async function backlogSection(context: Context, settings: BacklogSettings, round: CommandRound): Promise<Section> {
  if (round.study === null) {
    const text = round.error?.message ?? 'the backlog could not be read';
    return { of: settings.name, findings: [{ topic: 'read', status: 'problem', text, todo: 'see the message' }] };
  }
  const own = await (await context.openBacklog(settings)).check();
  const { items, eligible, scored } = round.report;
  const coverage = factorCoverage(round).map(({ factor, source, share }): Finding => {
    const text = `${factor} (${source}): ${Math.round(share * 100)} % of ${eligible} items`;
    return share > 0 || eligible === 0
      ? ok('coverage', text)
      : { topic: 'coverage', status: 'note', text, todo: `nobody fills it: ${factor} moves nothing` };
  });
  return {
    of: settings.name,
    findings: [ok('read', `${items} items, ${eligible} ranked, ${scored} scored`), ...own, ...coverage],
  };
}

/** What keeps a backlog from writing, and what was granted. */
async function stopFindings(context: Context, name: string): Promise<readonly Finding[]> {
  const { state, journal } = await context.store();
  const now = context.clock.now();
  const pauses = (await state.pauses(name, now)).map((pause): Finding => {
    const status = pause.reason === 'person' || pause.reason === 'undo' ? 'note' : 'problem';
    return { topic: 'paused', status, text: pauseText(pause), todo: `go on with: winnow resume ${name}` };
  });
  const approval = await journal.newestApproval(name);
  if (approval === null || approval.until <= now) return pauses;
  const text = `up to ${approval.moves} moves, granted by ${approval.by} until ${approval.until.toISOString()}`;
  return [...pauses, ok('approval', text)];
}

/** One item, one backlog: an item that two writing backlogs hold is an error. */
function overlapSection(rounds: readonly CommandRound[]): Section {
  const writing = rounds.filter(round => round.settings.mode === 'apply');
  const holders = new Map<string, string[]>();
  for (const { settings, study } of writing) {
    for (const [ref, state] of study?.pulled.states ?? []) {
      const id = `${settings.connection} ${ref}`;
      holders.set(id, [...(holders.get(id) ?? []), `${settings.name}:${state.item.key}`]);
    }
  }
  const shared = [...holders.values()].filter(names => names.length > 1);
  const unread = writing.filter(({ study }) => study === null).map(({ settings }) => settings.name);
  return { of: 'overlaps', findings: [...sharedFindings(shared), ...unreadFindings(unread, shared.length === 0)] };
}

const oneBacklog = 'one item, one backlog';

function sharedFindings(shared: readonly (readonly string[])[]): readonly Finding[] {
  if (shared.length === 0) return [];
  const named = shared.slice(0, 10).map(names => names.join(' = '));
  const text = `${shared.length} items are in two backlogs that write: ${named.join(', ')}`;
  return [{ topic: oneBacklog, status: 'problem', text, todo: 'narrow one of them, or set one to mode: observe' }];
}

/** What could not be read, perhaps for the very reason that its items are another's, proves nothing. */
function unreadFindings(unread: readonly string[], clean: boolean): readonly Finding[] {
  if (unread.length > 0) {
    const text = `not compared, for they could not be read: ${unread.join(', ')}`;
    return [{ topic: oneBacklog, status: 'note', text, todo: 'mend them, then check again' }];
  }
  return clean ? [ok(oneBacklog, 'no item is in two backlogs that write')] : [];
}

function ok(topic: string, text: string): Finding {
  return { topic, status: 'ok', text, todo: '' };
}

function render(section: Section, voice: Voice): string {
  const width = Math.max(...section.findings.map(f => f.topic.length));
  const lines = section.findings.map(finding => {
    const mark =
      finding.status === 'ok'
        ? voice.green('ok     ')
        : finding.status === 'note'
          ? voice.yellow('note   ')
          : voice.red('problem');
    const todo = finding.todo === '' ? '' : `\n  ${' '.repeat(width + 9)}-> ${plain(finding.todo)}`;
    return `  ${mark} ${finding.topic.padEnd(width)} ${plain(finding.text)}${todo}`;
  });
  return `${voice.bold(plain(section.of))}\n${lines.join('\n')}`;
}
