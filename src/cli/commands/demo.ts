import { once } from 'node:events';
import { systemClock } from '../../clock.ts';
import { ConfigError } from '../../errors.ts';
import { startDemoAzureDevOps, startDemoJira, type DemoSite, type SiteOptions } from '../demo-sites.ts';
import { renderBeforeAfter, renderRoundTable } from '../demo-render.ts';
import { openDemoStore, openDemoWorld, type DemoWorld } from '../demo-world.ts';
import { exitCodeOf } from '../exit-code.ts';
import { pastRoundJson } from '../json.ts';
import type { Log } from '../../log.ts';
import type { BacklogSettings } from '../../settings.ts';
import type { Store } from '../../store/open-store.ts';
import { createLog } from '../logger.ts';
import type { CommandRound } from '../command-round.ts';
import type { Voice } from '../terminal.ts';

export interface DemoOptions {
  readonly jiraIssues: string | null;
  readonly adoItems: string | null;
  readonly items: number;
  readonly now: string | null;
  readonly once: boolean;
  readonly story: boolean;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

const queuedAtOnce = 8;

/** `winnow demo`: a first round on every backlog of emulated sites, then a second, which writes nothing. */
export async function demoCommand(voice: Voice, environment: NodeJS.ProcessEnv, options: DemoOptions): Promise<number> {
  const log = createLog({ level: environment.WINNOW_LOG_LEVEL ?? 'error', secrets: () => [] });
  if (options.story) return storyDemo(voice, log, options);
  const { sites, store } = await startParts(options, log);
  try {
    const world = await openDemoWorld(sites, store, log);
    try {
      const code = await twoRounds(world, sites, voice, options);
      if (!options.once && !options.signal.aborted) await keepUp(sites, voice, options.signal);
      return code;
    } finally {
      await world.close();
    }
  } finally {
    for (const part of [store, ...sites]) await part.close();
  }
}

/** It brings its own sites. Its backlog and its days are always the same. */
async function storyDemo(voice: Voice, log: Log, options: DemoOptions): Promise<number> {
  const { storyCommand } = await import('../demo-story-command.ts');
  const start = instantOf(options.now ?? '2026-03-02');
  const store = await openDemoStore(log);
  try {
    return await storyCommand(store, voice, { json: options.json, start, log, signal: options.signal });
  } finally {
    await store.close();
  }
}

/** Both at once, or neither: a new database takes some seconds to be made, in a process of its own. */
async function startParts(
  options: DemoOptions,
  log: Log,
): Promise<{ readonly sites: readonly DemoSite[]; readonly store: Store }> {
  const [store, sites] = await Promise.allSettled([openDemoStore(log), startSites(options)]);
  if (store.status === 'rejected') {
    if (sites.status === 'fulfilled') for (const site of sites.value) await site.close();
    throw store.reason;
  }
  if (sites.status === 'rejected') {
    await store.value.close();
    throw sites.reason;
  }
  return { sites: sites.value, store: store.value };
}

async function startSites(options: DemoOptions): Promise<readonly DemoSite[]> {
  const now = options.now === null ? null : instantOf(options.now);
  const base: Omit<SiteOptions, 'file'> = { items: options.items, now, fallbackNow: systemClock.now() };
  const jira = await startDemoJira({ ...base, file: options.jiraIssues });
  return [jira, await startDemoAzureDevOps({ ...base, file: options.adoItems })];
}

function instantOf(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new ConfigError(`--now ${text} is not a time. Write 2026-03-30T10:00:00Z.`);
  return at;
}

async function twoRounds(
  world: DemoWorld,
  sites: readonly DemoSite[],
  voice: Voice,
  options: DemoOptions,
): Promise<number> {
  const say = options.json ? () => undefined : voice.out;
  for (const site of sites) {
    say(
      `${voice.bold(`Emulated ${site.title}`)} at ${site.url}: ${site.records} records, its clock stands at ${site.clock.now().toISOString()}`,
    );
  }
  say(
    'The demo lifts the limits on moves, labels and hours, so that everything is seen at once. Your own backlogs keep them.\n',
  );
  const first = await roundsOn(world);
  say(renderRoundTable('First round', first, voice));
  for (const site of sites)
    say(
      renderBeforeAfter(
        first.filter(r => r.settings.connection === site.connection),
        voice,
      ),
    );
  const second = await roundsOn(world);
  say(renderRoundTable('Second round, nothing changed by anybody', second, voice));
  if (options.json)
    voice.out(JSON.stringify({ rounds: [...first, ...second].map(r => pastRoundJson(r.report)) }, null, 2));
  return exitCodeOf([...first, ...second], false);
}

/** A round on each backlog. The sites' workers work side by side, each on one job after the other. */
async function roundsOn(world: DemoWorld): Promise<readonly CommandRound[]> {
  const rounds = new Map<BacklogSettings, CommandRound>();
  const sites = Map.groupBy(world.backlogs, backlog => backlog.connection);
  await Promise.all([...sites.values()].map(backlogs => roundsOnSite(world, backlogs, rounds)));
  return world.backlogs.flatMap(backlog => rounds.get(backlog) ?? []);
}

/** A few jobs are queued at once, so that the worker need not wait. */
async function roundsOnSite(
  world: DemoWorld,
  backlogs: readonly BacklogSettings[],
  rounds: Map<BacklogSettings, CommandRound>,
): Promise<void> {
  for (let from = 0; from < backlogs.length; from += queuedAtOnce) {
    const some = backlogs.slice(from, from + queuedAtOnce);
    await Promise.all(some.map(async settings => rounds.set(settings, await world.round(settings))));
  }
}

async function keepUp(sites: readonly DemoSite[], voice: Voice, signal: AbortSignal): Promise<void> {
  voice.err(`\nThe sites stay up until you press Ctrl-C: ${sites.map(site => site.url).join(', ')}`);
  await once(signal, 'abort');
}
