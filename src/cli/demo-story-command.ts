import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/open-store.ts';
import { startStoryAzureDevOps } from './demo-story-azure-devops.ts';
import type { StoryDay } from './demo-story-day.ts';
import { startStoryJira } from './demo-story-jira.ts';
import { renderScene, renderSite, storyDayJson } from './demo-story-render.ts';
import type { StorySite } from './demo-story-site.ts';
import { playStory } from './demo-story.ts';
import type { Voice } from './terminal.ts';

export interface StoryOptions {
  readonly json: boolean;
  /** The day on which the story starts. */
  readonly start: Date;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const stages: readonly ((clock: Clock) => Promise<StorySite>)[] = [startStoryJira, startStoryAzureDevOps];

/** `winnow demo --story`: a month of one backlog on both trackers, told as it goes. Exit code 1 when it went otherwise. */
export async function storyCommand(store: Store, voice: Voice, options: StoryOptions): Promise<number> {
  const say = options.json ? () => undefined : voice.out;
  say('A month of a backlog on emulated trackers: who does what, and why.');
  const days: StoryDay[] = [];
  for (const startSite of stages) days.push(...(await tell(store, startSite, { ...options, say, voice })));
  if (options.json) voice.out(JSON.stringify({ days: days.map(storyDayJson) }, null, 2));
  return days.every(({ expected }) => expected.every(({ holds }) => holds)) ? 0 : 1;
}

async function tell(
  store: Store,
  startSite: (clock: Clock) => Promise<StorySite>,
  { start, log, signal, say, voice }: StoryOptions & { readonly say: (text: string) => void; readonly voice: Voice },
): Promise<readonly StoryDay[]> {
  const midnight = new Date(`${start.toISOString().slice(0, 10)}T00:00:00Z`);
  const told: StoryDay[] = [];
  let scene: StoryDay[] = [];
  for await (const { site, day, ends } of playStory({ store, log, start: midnight, startSite, signal })) {
    if (told.length === 0) say(`\n${renderSite(site, voice)}`);
    told.push(day);
    scene.push(day);
    if (!ends) continue;
    say(renderScene(scene, site, voice));
    scene = [];
  }
  return told;
}
