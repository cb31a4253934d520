import { BUG_TITLES, COMMENTS, SENTENCES, STORY_ENDS, STORY_STARTS, TAGS } from './believable-words.ts';
import type { Chance } from '../chance.ts';
import type { Identity } from './identity.ts';
import type { FieldMap, FieldValue, IterationSpec, SeedRevision } from './records.ts';
import { joinTags } from './tags.ts';

export interface Cast {
  readonly people: readonly Identity[];
  readonly bots: readonly Identity[];
}

export interface Story {
  readonly chance: Chance;
  readonly cast: Cast;
  readonly now: Date;
  readonly area: string;
  readonly sprints: readonly IterationSpec[];
  /** Place in the backlog, and how many there are. */
  readonly index: number;
  readonly of: number;
}

const DAY = 86_400_000;
const PROJECT = 'Payments';

/** One story or bug from its creation to now: created, ranked, refined, discussed, perhaps planned, perhaps left to bots. */
export function storyHistory(story: Story): readonly SeedRevision[] {
  const { chance, cast, now } = story;
  const ageDays = chance.whole(2, 420);
  const forgotten = ageDays > 200 && chance.hits(0.7);
  const diary = createDiary(now.getTime() - ageDays * DAY, chance.of(cast.people), newFields(story));
  const until = now.getTime() - 3_600_000;
  const quietFrom = forgotten ? until - chance.whole(100, 190) * DAY : until;
  const when = (): number => diary.last() + Math.max(60_000, chance.next() * 0.5 * (quietFrom - diary.last()));
  if (chance.hits(0.93)) diary.edit(when(), chance.of(cast.people), ranked(story));
  if (chance.hits(0.75)) diary.edit(when(), chance.of(cast.people), refined(story));
  for (let talk = chance.whole(0, 4); talk > 1; talk -= 1)
    diary.say(when(), chance.of(cast.people), chance.of(COMMENTS));
  if (forgotten) {
    const [tagger, builder] = cast.bots;
    const lately = until - chance.whole(1, 60) * DAY;
    if (tagger !== undefined) diary.edit(lately, tagger, { 'System.Tags': joinTags([chance.of(TAGS), 'imported']) });
    if (builder !== undefined) diary.say(lately + 3_600_000, builder, 'Mentioned in a build of the main branch.');
  } else if (chance.hits(0.15)) diary.edit(when(), chance.of(cast.people), planned(story));
  return diary.pages(until);
}

function newFields({ chance, area }: Story): FieldMap {
  const bug = chance.hits(0.22);
  const title = bug ? chance.of(BUG_TITLES) : `${chance.of(STORY_STARTS)} ${chance.of(STORY_ENDS)}`;
  const sentences = chance.hits(0.25) ? 0 : chance.whole(1, 4);
  const text = Array.from({ length: sentences }, () => chance.of(SENTENCES)).join(' ');
  return {
    'System.TeamProject': PROJECT,
    'System.AreaPath': area,
    'System.IterationPath': PROJECT,
    'System.WorkItemType': bug ? 'Bug' : 'User Story',
    'System.State': 'New',
    'System.Reason': 'New',
    'System.Title': title,
    'Microsoft.VSTS.Common.Priority': 2,
    'Microsoft.VSTS.Common.ValueArea': 'Business',
    ...(bug ? { 'Microsoft.VSTS.Common.Severity': chance.of(['2 - High', '3 - Medium', '4 - Low']) } : {}),
    ...(text === '' ? {} : { [bug ? 'Microsoft.VSTS.TCM.ReproSteps' : 'System.Description']: `<div>${text}</div>` }),
  };
}

/** Rank as a team leaves it: roughly by age of the backlog's places, not by value. */
function ranked({ chance, index, of }: Story): FieldMap {
  const place = chance.hits(0.8) ? index : chance.whole(0, of);
  return { 'Microsoft.VSTS.Common.StackRank': 1_000_000_000 + place * 10_000 + chance.whole(0, 9_000) };
}

function refined({ chance, now }: Story): FieldMap {
  const due = new Date(now.getTime() + chance.whole(-20, 150) * DAY).toISOString().slice(0, 10);
  return {
    'Microsoft.VSTS.Common.Priority': chance.of([1, 2, 2, 3, 3, 4]),
    ...(chance.hits(0.7) ? { 'Microsoft.VSTS.Scheduling.StoryPoints': chance.of([1, 2, 3, 5, 8, 13]) } : {}),
    ...(chance.hits(0.6) ? { 'Microsoft.VSTS.Common.BusinessValue': chance.whole(1, 10) * 10 } : {}),
    ...(chance.hits(0.15) ? { 'Microsoft.VSTS.Scheduling.DueDate': `${due}T00:00:00Z` } : {}),
    ...(chance.hits(0.5) ? { 'System.Tags': joinTags([chance.of(TAGS), chance.of(TAGS)]) } : {}),
  };
}

function planned({ chance, sprints }: Story): FieldMap {
  const sprint = chance.of(sprints.slice(2));
  const started = chance.hits(0.5);
  return {
    'System.IterationPath': `${PROJECT}\\${sprint.path}`,
    ...(started ? { 'System.State': 'Active', 'System.Reason': 'Implementation started' } : {}),
  };
}

interface Diary {
  last(): number;
  edit(at: number, by: Identity, fields: FieldMap): void;
  say(at: number, by: Identity, comment: string): void;
  /** Everything up to an instant, in order of time. */
  pages(until: number): readonly SeedRevision[];
}

function createDiary(start: number, by: Identity, fields: FieldMap): Diary {
  const entries: { at: number; by: Identity; change: Readonly<Record<string, FieldValue>>; comment: string | null }[] =
    [{ at: start, by, change: fields, comment: null }];
  const last = (): number => entries.reduce((newest, { at }) => Math.max(newest, at), start);
  return {
    last,
    edit: (at, who, change) => void entries.push({ at: Math.floor(at), by: who, change, comment: null }),
    say: (at, who, comment) => void entries.push({ at: Math.floor(at), by: who, change: {}, comment }),
    pages(until) {
      let state: FieldMap = {};
      const inTime = entries.filter(({ at }) => at <= until || at === start).sort((a, b) => a.at - b.at);
      return inTime.map(entry => {
        state = { ...state, ...entry.change };
        const revision = { at: new Date(entry.at), by: entry.by, fields: state };
        return entry.comment === null ? revision : { ...revision, comment: entry.comment };
      });
    },
  };
}
