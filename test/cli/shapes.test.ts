import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { pastRoundJson, roundJson } from '../../src/cli/json.ts';
import { itemRoundOf } from '../../src/cli/item-audit.ts';
import { renderItemRounds, renderRounds } from '../../src/cli/render-rounds.ts';
import { clip, createCapturedVoice, plain } from '../../src/cli/terminal.ts';
import { ConfigError, CredentialError, NotFoundError, SharedItemsError } from '../../src/errors.ts';
import { itemRef } from '../../src/item.ts';
import type { RoundReport, RoundStatus } from '../../src/sync/ports.ts';

function aReport(over: Partial<RoundReport> = {}): RoundReport {
  return {
    id: 'r1',
    backlog: 'shop',
    mode: 'apply',
    status: 'applied',
    startedAt: new Date('2026-03-30T10:00:00Z'),
    items: 1,
    eligible: 1,
    scored: 1,
    changes: [
      { kind: 'move', ref: itemRef('jira', 1), key: 'SHOP-1', from: 2, to: 1, after: null, because: 'of a test' },
    ],
    withheld: [
      {
        kind: 'label-add',
        ref: itemRef('jira', 1),
        key: 'SHOP-1',
        from: null,
        to: 'winnow-stale',
        because: 'idle',
        guard: 'observe',
      },
    ],
    outcomes: { applied: 1, failed: 0 },
    problems: [],
    calls: { read: 1, write: 1 },
    durationMs: 5,
    ...over,
  };
}

const round = (status: RoundStatus, error: Error | null = null, opened = true) => ({
  report: aReport({ status }),
  error,
  opened,
});

describe('cli/json', () => {
  it('a round has the keys machines rely on, and no others', () => {
    expect(Object.keys(roundJson(aReport()))).toEqual([
      'id',
      'backlog',
      'mode',
      'status',
      'items',
      'eligible',
      'scored',
      'changes',
      'withheld',
      'outcomes',
      'problems',
      'calls',
      'durationMs',
    ]);
    expect(pastRoundJson(aReport()).startedAt).toBe('2026-03-30T10:00:00.000Z');
    expect(pastRoundJson(aReport({ purpose: 'explain' }))).toMatchObject({ mode: 'apply', purpose: 'explain' });
  });

  it('only moves have a neighbour', () => {
    const json = roundJson(aReport());

    expect(json.changes).toEqual([
      { kind: 'move', ref: 'jira:1', key: 'SHOP-1', from: 2, to: 1, after: null, because: 'of a test' },
    ]);
    expect(json.withheld).toEqual([
      {
        kind: 'label-add',
        ref: 'jira:1',
        key: 'SHOP-1',
        from: null,
        to: 'winnow-stale',
        because: 'idle',
        guard: 'observe',
      },
    ]);
  });
});

describe('cli/render-rounds', () => {
  it('a round that only answered a question is told by its command, others by their mode', () => {
    const { voice } = createCapturedVoice({ coloured: false, width: 120 });
    const purposes = [undefined, 'run', 'plan', 'explain', 'check'] as const;
    const reports = purposes.map(purpose => aReport(purpose === undefined ? {} : { purpose }));

    const text = renderRounds(
      reports.map(report => ({ report, audit: null })),
      voice,
    );

    const words = text.split('\n').flatMap(line => /shop +(\w+) +applied/.exec(line)?.[1] ?? []);
    expect(words).toEqual(['apply', 'apply', 'plan', 'explain', 'check']);
  });
});

describe('cli/render-rounds of one item', () => {
  it('what a plan would have done is told, and no question about the item', () => {
    const { voice } = createCapturedVoice({ coloured: false, width: 120 });
    const purposes = ['run', 'plan', 'explain', 'check'] as const;
    const rounds = purposes.map(purpose => {
      const report = aReport({ id: `r-${purpose}`, purpose });
      return itemRoundOf({ report, audit: null }, 'SHOP-1', []);
    });

    const text = renderItemRounds('SHOP-1', rounds, voice);

    expect(text.match(/^r-\w+/gm)).toEqual(['r-run', 'r-plan']);
  });
});

describe('cli/exit-code', () => {
  it.each<[string, Parameters<typeof exitCodeOf>[0], boolean, number]>([
    ['nothing to do', [round('nothing-to-do')], false, 0],
    ['changes, unasked', [round('planned')], false, 0],
    ['changes, asked', [round('planned')], true, 3],
    ['approval before changes', [round('planned'), round('needs-approval')], true, 4],
    ['partial before approval', [round('needs-approval'), round('partial')], true, 1],
    ['failed', [round('failed', new CredentialError('x'), false)], false, 1],
    ['an unknown board before anything', [round('failed', new NotFoundError('x'), false), round('partial')], false, 2],
    ['wrong settings', [round('failed', new ConfigError('x'), false)], false, 2],
    ['a query that the tracker does not understand', [round('failed', new ConfigError('x'))], false, 2],
    ['a shared item is a failed round', [round('failed', new SharedItemsError('x'))], false, 1],
  ])('%s', (_name, rounds, detailed, code) => {
    expect(exitCodeOf(rounds, detailed)).toBe(code);
  });
});

describe('cli/terminal', () => {
  it('text from a tracker cannot steer the terminal', () => {
    expect(plain('a\u001b[2Jb\nc\u202ed\u0007')).toBe('a [2Jb c d');
    expect(clip('abcdefgh', 5)).toBe('abcd…');
  });
});
