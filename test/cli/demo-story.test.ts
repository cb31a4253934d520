import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStoryAzureDevOps } from '../../src/cli/demo-story-azure-devops.ts';
import { storyCommand } from '../../src/cli/demo-story-command.ts';
import { roundsOf, type StoryDay } from '../../src/cli/demo-story-day.ts';
import { storyItems } from '../../src/cli/demo-story-items.ts';
import { startStoryJira } from '../../src/cli/demo-story-jira.ts';
import { renderScene, storyDayJson } from '../../src/cli/demo-story-render.ts';
import { playStory } from '../../src/cli/demo-story.ts';
import { localFiles } from '../../src/cli/files.ts';
import { addDemo } from '../../src/cli/lines/demo.ts';
import { emptyProgram, runSession } from '../../src/cli/run-session.ts';
import type { Session } from '../../src/cli/session.ts';
import { createCapturedVoice } from '../../src/cli/terminal.ts';
import type { Change } from '../../src/change.ts';
import { silentLog } from '../../src/log.ts';
import type { Store } from '../../src/store/open-store.ts';
import { openTestStore } from '../support/two-sites.ts';

const start = new Date('2026-03-02T00:00:00Z');
const { signal } = new AbortController();
const parts = (store: Store) => ({ store, log: silentLog, start, signal });

const voiceOf = (width: number) => createCapturedVoice({ coloured: false, width }).voice;

const idleOf = new Map(storyItems.map(({ number, idleDays }) => [number, idleDays]));
const numberOf = (key: string): number => Number(key.replace('SHOP-', ''));
const changes = (day: StoryDay, kind: Change['kind']): readonly Change[] =>
  roundsOf(day).flatMap(round => round.changes.filter(change => change.kind === kind));
const withheld = (day: StoryDay): readonly string[] =>
  roundsOf(day).flatMap(round => round.withheld.map(({ kind, guard }) => `${kind} ${guard}`));

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe.each([
  ['jira', startStoryJira, (number: number) => `SHOP-${number}`],
  ['azure-devops', startStoryAzureDevOps, String],
] as const)('a month of a backlog on an emulated %s', (tracker, startSite, keyOf) => {
  const days: StoryDay[] = [];
  const read = new Map<number, string[]>([80, 120].map(width => [width, []]));
  const nameOf = (number: number): string => (tracker === 'jira' ? keyOf(number) : `#${number}`);
  /** The first scene of a day, or its last. */
  const first = (day: number): StoryDay => days.find(seen => seen.day === day) as StoryDay;
  const last = (day: number): StoryDay => days.findLast(seen => seen.day === day) as StoryDay;

  beforeAll(async () => {
    let scene: StoryDay[] = [];
    for await (const { day, site, ends } of playStory({ ...parts(store), startSite })) {
      days.push(day);
      scene.push(day);
      if (!ends) continue;
      for (const [width, told] of read) told.push(renderScene(scene, site, voiceOf(width)));
      scene = [];
    }
  });

  it('goes as the script expects, without a failed write or a problem', () => {
    expect(days.flatMap(day => day.expected.filter(({ holds }) => !holds).map(({ text }) => [day.day, text]))).toEqual(
      [],
    );
    for (const { report } of days.flatMap(({ told }) => told))
      if (report !== null) expect(report).toMatchObject({ outcomes: { failed: 0 }, problems: [] });
    expect(days.every(day => day.tracker === tracker && day.order.length === storyItems.length)).toBe(true);
  });

  it('every day makes as many write calls as it must, and no more', () => {
    const writes = Map.groupBy(days, ({ day }) => day);
    const counts = [...writes].map(([day, scenes]) => [day, ...scenes.map(scene => scene.writes)]);
    const quiet = [...writes.keys()].filter(day => day > 5 && ![19, 30].includes(day)).map(day => [day, 0]);
    // Jira: a call moves neighbours together. Azure DevOps: a call for each item, with all that changes on it.
    const busy = {
      jira: [
        [0, 0],
        [1, 9],
        [2, 3],
        [3, 0],
        [4, 1, 4],
        [5, 5, 0],
        [19, 4],
        [30, 1],
      ],
      'azure-devops': [
        [0, 0],
        [1, 7],
        [2, 3],
        [3, 0],
        [4, 1, 8],
        [5, 9, 0],
        [19, 4],
        [30, 1],
      ],
    }[tracker];
    expect(counts).toEqual([...busy, ...quiet].sort(([a = 0], [b = 0]) => a - b));
  });

  it('day 0 says what it would do and writes nothing', () => {
    const day = first(0);
    expect(day).toMatchObject({ status: 'observed', writes: 0, labels: {} });
    expect(day.order).toEqual(storyItems.map(({ number }) => keyOf(number)));
    expect([...new Set(withheld(day))]).toEqual(['move observe', 'label-add observe']);
  });

  it('day 1 moves what is out of place and adds four labels, on the longest idle', () => {
    const day = first(1);
    const added = changes(day, 'label-add').map(({ key }) => numberOf(key));
    const longestIdle = [...idleOf].sort(([, a], [, b]) => b - a).slice(0, 4);
    expect(added.sort()).toEqual(longestIdle.map(([number]) => number).sort());
    expect([...new Set(withheld(day))]).toEqual(['label-add label-ramp']);
    expect(changes(day, 'move').length).toBeLessThanOrEqual(5);
    expect(day.order.indexOf(keyOf(13))).toBe(16);
    expect(day.order.indexOf(keyOf(10))).toBeLessThan(6);
  });

  it('the other labels follow on day 2', () => {
    expect(changes(first(2), 'label-add').map(({ key, to }) => [numberOf(key), to])).toEqual([
      [11, 'winnow-needs-estimate'],
      [16, 'winnow-needs-estimate'],
      [17, 'winnow-needs-detail'],
    ]);
    expect(withheld(first(2))).toEqual([]);
  });

  it('the item dragged on day 2 stays at the top until day 30, when it alone goes back', () => {
    const between = days.filter(({ day }) => day >= 2 && day < 30);
    expect(between.map(({ order }) => order[0])).toEqual(between.map(() => keyOf(7)));
    expect(between.map(({ held }) => held)).toEqual(between.map(() => [keyOf(7)]));

    const released = first(30);
    expect(released).toMatchObject({ status: 'applied', held: [], writes: 1 });
    expect(changes(released, 'move').map(({ key }) => key)).toEqual([keyOf(7)]);
    expect(released.order).toEqual(first(1).order);
  });

  it('the label that a person removes on day 3 stays away', () => {
    expect(first(2).labels[keyOf(8)]).toEqual(['winnow-stale']);
    expect(days.filter(({ day }) => day >= 3).flatMap(({ labels }) => labels[keyOf(8)] ?? [])).toEqual([]);
  });

  it('on day 4 the moves wait for approval, and labels do not', () => {
    const day = first(4);
    expect(day.status).toBe('needs-approval');
    expect([...new Set(withheld(day))]).toEqual(['move needs-approval']);
    expect(withheld(day).length).toBeGreaterThan(5);
    expect(day.order).toEqual(first(3).order);
    expect(changes(day, 'move')).toEqual([]);
    expect(changes(day, 'label-remove').map(({ key }) => key)).toEqual([keyOf(16)]);

    expect(last(4).status).toBe('applied');
    expect(changes(last(4), 'move')).toHaveLength(withheld(day).length);
    expect(last(4).order).not.toEqual(day.order);
  });

  it('day 5 brings back order and labels of before day 4', () => {
    const day = first(5);
    expect(roundsOf(day).map(({ mode, status }) => [mode, status])).toEqual([
      ['undo', 'applied'],
      ['undo', 'applied'],
    ]);
    expect(day.order).toEqual(first(3).order);
    expect(day.labels).toEqual(first(3).labels);
    expect(last(5)).toMatchObject({ status: 'nothing-to-do', writes: 0, order: day.order, labels: day.labels });
  });

  it('nothing is written on quiet days', () => {
    const quiet = days.filter(({ day }) => day === 3 || (day > 5 && day < 30 && day !== 19));
    expect(quiet).toHaveLength(10);
    for (const day of quiet) expect(day).toMatchObject({ status: 'nothing-to-do', writes: 0 });
  });

  it('the most urgent items are stale on day 19, a fortnight after somebody touched them', () => {
    expect(changes(first(19), 'label-add').map(({ key, to }) => [numberOf(key), to])).toEqual(
      [1, 2, 6, 14].map(number => [number, 'winnow-stale']),
    );
    expect(changes(first(19), 'move')).toEqual([]);
  });

  it('people read it on terminals of 80 and 120 columns', () => {
    for (const [width, scenes] of read) {
      const text = scenes.join('\n');
      expect(text.split('\n').filter(line => line.length > width)).toEqual([]);
      expect(text).toContain(`\nDay 2: Ada Park drags ${nameOf(7)} to the top  2026-03-04 10:00\n`);
      expect(text).toMatch(/ 1 {2}(SHOP-)?2 Prices .* (SHOP-)?7 Offer gift wrapping +held\n/);
      expect(text).toMatch(/\nDays 6 to 18: Nobody touches anything\n.*\n {2}5 rounds, 0 write calls\n/);
      expect(text).toContain('withheld: 8 moves by needs-approval: ');
      expect(text.match(/^ {2}(labels: |no labels)/gm)).toHaveLength(scenes.length);
      expect(text.replace(/\s+/g, ' ')).toMatch(/labels: winnow-prune on (SHOP-)?3, (SHOP-)?13; winnow-stale on /);
      expect(text).not.toContain('NOT so');
    }
  });

  it('machines read days with order, labels, writes, status and reasons', () => {
    const json = JSON.parse(JSON.stringify(storyDayJson(last(30)))) as Record<string, unknown>;
    expect(json).toMatchObject({ day: 30, at: '2026-04-01T10:00:00.000Z', tracker, writes: 1, status: 'applied' });
    expect(json.order).toEqual(last(30).order);
    expect(json.labels).toMatchObject({ [keyOf(13)]: ['winnow-prune'] });
    expect(json.because).toEqual([expect.stringContaining(`${keyOf(7)} moves 1 -> 14: band `)]);
    expect(json.rounds).toEqual([expect.objectContaining({ status: 'applied', calls: expect.anything() as unknown })]);
  });

  it('a day that goes otherwise than it must is told', () => {
    const day = { ...first(3), expected: [{ text: 'nothing is written', holds: false }] };
    const site = { titleOf: () => '' };
    expect(renderScene([day], site, voiceOf(80))).toContain('NOT so on day 3: nothing is written');
  });
});

it('the story stops between days when it is told to', async () => {
  const { voice, said } = createCapturedVoice({ coloured: false, width: 80 });
  const code = await storyCommand(store, voice, { ...parts(store), json: true, signal: AbortSignal.abort() });
  expect(JSON.parse(said().out)).toEqual({ days: [] });
  expect(code).toBe(0);
});

describe('demo --story', () => {
  it.each([
    ['--items', '5'],
    ['--jira-issues', 'issues.jsonl'],
    ['--ado-items', 'items.jsonl'],
  ])('has a backlog of its own: %s is a usage error', async (option, value) => {
    const { voice, said } = createCapturedVoice({ coloured: false, width: 100 });
    const session: Session = {
      ...{ argv: ['demo', '--story', option, value], voice, environment: {}, files: localFiles, inside: null },
      ...{ signal, secrets: [], exitCode: 0 },
    };
    const program = emptyProgram(session);
    addDemo(program, session);

    expect(await runSession(session, program)).toBe(2);
    expect(said().err).toContain(`option '--story' cannot be used with option '${option}`);
  });
});
