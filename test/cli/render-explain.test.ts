import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/cli/explanation.ts';
import { renderExplanation } from '../../src/cli/render-explain.ts';
import type { Voice } from '../../src/cli/terminal.ts';

const same = (text: string): string => text;
const voice: Voice = { out: () => undefined, err: () => undefined, width: 100, ...colours() };

function colours(): Pick<Voice, 'bold' | 'dim' | 'green' | 'red' | 'yellow'> {
  return { bold: same, dim: same, green: same, red: same, yellow: same };
}

function anExplanation(over: Partial<Explanation> = {}): Explanation {
  return {
    ref: 'jira:1',
    key: 'SHOP-1',
    title: 'Pay by \u001b[31minvoice',
    url: null,
    backlog: 'shop',
    model: 'default',
    modelHash: 'abc',
    score: 40,
    undecayed: 52.5,
    raw: null,
    coverage: 0.75,
    parts: [{ factor: 'priority', source: 'Priority', value: 'High', n: 0.75, weight: 3, contribution: 25 }],
    band: 8,
    bandRange: [40, 45],
    bandKept: null,
    stage: 'stale',
    idleDays: 100,
    threshold: { days: 90, from: 'default' },
    thresholds: { aging: null, stale: { days: 90, from: 'default' }, prune: { days: 365, from: 'type Epic' } },
    pruneBelowScore: 40,
    exempt: null,
    notRanked: null,
    clock: {
      at: '2026-01-03T10:00:00.000Z',
      who: 'Alice',
      what: 'Priority',
      atMost: false,
      ignored: [{ at: '2026-02-03T10:00:00.000Z', who: 'Bob', what: 'Rank', why: 'Rank alone is not activity' }],
    },
    labels: [{ name: 'winnow-stale', because: 'no person has touched it' }],
    hold: null,
    blockedBy: ['jira:2'],
    blockedByKeys: ['SHOP-2'],
    blocks: ['SHOP-3', 'SHOP-4'],
    place: { now: 3, desired: 3, of: 60 },
    changed: { since: '2026-04-01T03:00:00.000Z', causes: [], effects: [], text: null },
    next: [],
    since: [{ round: 'r1', what: 'move 5 -> 3: band 40-45' }],
    ...over,
  };
}

const lines = (over: Partial<Explanation> = {}): string[] => renderExplanation(anExplanation(over), voice).split('\n');
const line = (name: string, over: Partial<Explanation> = {}): string | undefined =>
  lines(over).find(text => text.startsWith(`${name} `));

describe('cli/render-explain', () => {
  it('says score before and after decay, band, stage with the rules that apply, and activity', () => {
    expect(line('score')).toBe('score      40, 52.5 before it decayed by idleness, coverage 75 %');
    expect(line('band')).toBe('band       40-45');
    expect(line('stage')).toBe(
      'stage      stale: idle 100 days; stale from 90 (default), prune from 365 (type Epic) below score 40',
    );
    expect(line('activity')).toBe('activity   2026-01-03 10:00 UTC: Priority by Alice');
    expect(lines().some(text => text.endsWith('Rank by Bob does not count: Rank alone is not activity'))).toBe(true);
  });

  it('says who holds it, since when and until when', () => {
    const hold = { kind: 'drag', since: '2026-04-01T10:00:00.000Z', until: '2026-04-15T10:00:00.000Z', by: 'Alice' };

    expect(line('held', { hold })).toBe(
      'held       drag: Alice, since 2026-04-01 10:00 UTC, until 2026-04-15 10:00 UTC',
    );
    expect(line('held', { hold: { ...hold, kind: 'pin', until: null } })).toContain(', until the label goes');
    expect(line('held')).toBeUndefined();
    expect(line('blocks')).toBe('blocks     SHOP-3, SHOP-4');
  });

  it('says why an item is not ranked', () => {
    const over = { place: { now: null, desired: null, of: 60 }, notRanked: 'it is planned in Sprint 5' };

    expect(line('place', over)).toBe('place      not ranked, because it is planned in Sprint 5');
  });

  it('says what changed since the last round, and what the next one would do', () => {
    const changed = {
      since: '2026-04-01T03:00:00.000Z',
      causes: [],
      effects: [],
      text: 'priority Medium -> High: band',
    };
    const next = [{ kind: 'move', from: 3, to: 1, because: 'band 50-55', guard: 'quiet' }] as const;
    const over = { changed, next, place: { now: 3, desired: 1, of: 60 } };

    expect(line('changed', over)).toBe('changed    since 2026-04-01 03:00 UTC: priority Medium -> High: band');
    expect(line('next', over)).toBe('next       move 3 -> 1 (waits: quiet): band 50-55');
    expect(line('place', over)).toBe('place      3 of 60, should be 1: band 50-55');
    expect(line('changed')).toBe('changed    nothing since 2026-04-01 03:00 UTC');
  });

  it('text of the tracker cannot steer the terminal', () => {
    expect(lines()[0]).toBe('SHOP-1  Pay by  [31minvoice');
  });
});
