import { describe, expect, it } from 'vitest';
import { checkJournalDays, journalDaysOf } from '../../src/config/journal-days.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import type { Model } from '../../src/scoring/model.ts';

const slow: Model = {
  ...builtinModel,
  name: 'slow',
  staleness: { ...builtinModel.staleness, pruneAfterDays: 700 },
};

describe('config/journal-days', () => {
  it('by default the journal is kept for 400 days, or as long as a model looks back', () => {
    expect(journalDaysOf(undefined, [builtinModel])).toBe(400);
    expect(journalDaysOf(undefined, [builtinModel, slow])).toBe(707);
    expect(journalDaysOf(500, [builtinModel])).toBe(500);
  });

  it('a journal shorter than what a model looks back is refused, naming the model', () => {
    expect(checkJournalDays(706, [builtinModel, slow])).toEqual([
      { path: ['service', 'journalDays'], message: expect.stringMatching(/at least 707: model slow looks back 700/) },
    ]);
    expect(checkJournalDays(707, [builtinModel, slow])).toEqual([]);
    expect(checkJournalDays(undefined, [slow])).toEqual([]);
  });
});
