import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/open-store.ts';
import { openSite, openTestStore, type Backlog, type Explaining } from '../support/two-sites.ts';

const free =
  'mode: apply, limits: { maxMoves: 900, maxMovedShare: 1, maxLabelChanges: 900, quietMinutes: 0, writesPerItemPerDay: 90 }';
const open: Backlog[] = [];
let store: Store;

const ways: readonly Explaining[] = [
  { tracker: 'jira', place: 'property' },
  { tracker: 'jira', place: 'paragraph' },
  { tracker: 'jira', place: 'short text' },
  { tracker: 'azure-devops', place: 'html' },
  { tracker: 'azure-devops', place: 'short text' },
];

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe.each(ways)('explanations in a $place on an emulated $tracker', way => {
  afterEach(async () => {
    for (const backlog of open.splice(0)) await backlog.close();
  });

  async function aBacklog(): Promise<Backlog> {
    const backlog = await openSite(way.tracker, store, free, way.place);
    open.push(backlog);
    backlog.later(1);
    return backlog;
  }

  const kinds = ({ report }: Awaited<ReturnType<Backlog['round']>>): readonly string[] =>
    report.changes.filter(change => change.kind === 'explanation-set').map(change => change.key);

  /** Problems but those of the items themselves. */
  const about = ({ report }: Awaited<ReturnType<Backlog['round']>>): readonly string[] =>
    report.problems.map(({ message }) => message).filter(message => !message.includes('never estimated'));

  it('stand on every ranked item, and a second round writes nothing', async () => {
    const backlog = await aBacklog();

    const first = await backlog.round();

    expect(first.report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(about(first)).toEqual([]);
    expect(kinds(first)).toHaveLength(first.report.eligible);
    for (const key of kinds(first)) {
      const text = backlog.explanation(key);
      expect(text).toMatch(way.place === 'property' ? /"by":"winnow".*"score":\d/ : /Winnow: score \d.*Stage: /s);
    }
    backlog.later(1);
    const incremental = await backlog.round();
    const swept = await backlog.round({ sweep: true });
    for (const { report } of [incremental, swept])
      expect(report).toMatchObject({ status: 'nothing-to-do', calls: { write: 0 } });
  });

  it('of a person are left, and named once', async () => {
    const backlog = await aBacklog();
    const [theirs = ''] = (await backlog.picture()).map(({ key }) => key);
    backlog.explain(theirs, 'Ask Bo first');

    const round = await backlog.round({ sweep: true });

    expect(backlog.explanation(theirs)).toContain('Ask Bo first');
    expect(about(round)).toEqual([expect.stringContaining(`${theirs}: a text that is not Winnow's`)]);
    expect(round.report.status).toBe('applied');
  });

  it('follow what people change, move no clock, and go back by undo', async () => {
    const backlog = await aBacklog();
    const before = await backlog.round({ purpose: 'plan', sweep: true });
    const clocks = ({ study }: typeof before): readonly string[] =>
      [...(study?.pulled.states.values() ?? [])]
        .map(({ item, clock }) => `${item.key} ${clock.at.toISOString()}`)
        .sort();
    await backlog.round();
    backlog.later(1);
    const after = await backlog.round({ sweep: true });
    expect(clocks(after)).toEqual(clocks(before));
    expect(after.study?.pulled.strangers).toEqual([]);

    const raised = (await backlog.picture()).at(-1)?.key ?? '';
    const told = backlog.explanation(raised);
    backlog.raise(raised);
    backlog.later(1);
    const followed = await backlog.round();
    expect(kinds(followed)).toEqual([raised]);
    expect(backlog.explanation(raised)).not.toBe(told);

    backlog.later(1);
    const undone = await backlog.undo(followed.report.id);
    expect(undone.report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(backlog.explanation(raised)).toBe(told);
  });

  it('go with the round that brought them, when it is undone', async () => {
    const backlog = await aBacklog();
    const first = await backlog.round();
    backlog.later(1);

    const undone = await backlog.undo(first.report.id);

    expect(undone.report).toMatchObject({ status: 'applied', problems: [], outcomes: { failed: 0 } });
    for (const key of kinds(first)) expect(backlog.explanation(key)).toBeNull();
  });
});
