import { describe, expect, it } from 'vitest';
import { value } from '../../src/item.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import { exemptionOf, largestThreshold, stageOf, thresholdsFor } from '../../src/scoring/staleness.ts';
import { anItem } from '../support/items.ts';
import { adoScheme, aModel, jiraScheme } from './builders.ts';

const monthly = aModel({ staleness: { agingAfterDays: 30, staleAfterDays: 60, pruneAfterDays: 180 } });
const urgent = anItem({ priority: value({ name: 'Highest', scheme: jiraScheme }) });

describe('scoring/staleness', () => {
  it.each<[number, number | null, string]>([
    [0, 10, 'fresh'],
    [29, 10, 'fresh'],
    [30, 10, 'aging'],
    [31, 10, 'aging'],
    [59, 10, 'aging'],
    [60, 10, 'stale'],
    [179, 10, 'stale'],
    [180, 10, 'prune'],
    [180, 39.99, 'prune'],
    [180, 40, 'stale'],
    [180, 0, 'prune'],
    [180, null, 'stale'],
    [NaN, 10, 'fresh'],
    [-1, 10, 'fresh'],
  ])('%d idle days with a score of %j is %s', (idleDays, score, stage) => {
    expect(stageOf(anItem(), idleDays, score, monthly).stage).toBe(stage);
  });

  it('aging is off unless configured', () => {
    expect(stageOf(anItem(), 89, 10, aModel()).stage).toBe('fresh');
    expect(stageOf(anItem(), 90, 10, aModel()).stage).toBe('stale');
  });

  it('the reading names the threshold that decided', () => {
    expect(stageOf(anItem(), 200, 10, monthly).threshold).toEqual({ days: 180, from: 'default' });
    expect(stageOf(urgent, 20, 10, builtinModel).threshold).toEqual({ days: 14, from: 'priority highest' });
    expect(stageOf(anItem(), 20, 10, builtinModel).threshold).toBeNull();
  });

  it('each threshold resolves alone, type before priority before default', () => {
    const model = aModel({
      staleness: {
        agingAfterDays: 20,
        byPriority: { highest: { staleAfterDays: 14, agingAfterDays: 7 } },
        byType: { epic: { staleAfterDays: 180 } },
      },
    });

    expect(thresholdsFor(anItem({ ...urgent, type: 'Epic' }), model)).toEqual({
      aging: { days: 7, from: 'priority highest' },
      stale: { days: 180, from: 'type Epic' },
      prune: { days: 180, from: 'default' },
    });
  });

  it('a stage asks for the earlier thresholds too', () => {
    const model = aModel({ staleness: { byType: { Bug: { pruneAfterDays: 10 } } } });

    expect(stageOf(anItem({ type: 'Bug' }), 89, 10, model).stage).toBe('fresh');
    expect(stageOf(anItem({ type: 'Bug' }), 90, 10, model).stage).toBe('prune');
  });

  it('Azure DevOps priority 1 is the highest level', () => {
    const item = anItem({ priority: value({ name: '1', scheme: adoScheme }) });

    expect(thresholdsFor(item, builtinModel).stale.days).toBe(14);
  });

  it.each([
    [anItem({ labels: ['x', 'Frozen'] }), 'label Frozen'],
    [anItem({ type: 'SPIKE' }), 'type SPIKE'],
    [urgent, 'priority highest'],
    [anItem(), null],
  ])('an exempt item says by what (%#)', (item, exempt) => {
    const model = aModel({ staleness: { exempt: { labels: ['frozen'], types: ['Spike'], priorities: ['highest'] } } });

    expect(exemptionOf(item, model)).toBe(exempt);
    expect(stageOf(item, 1000, 0, model)).toMatchObject({ stage: exempt === null ? 'prune' : 'fresh', exempt });
  });

  it.each([
    [{}, 180],
    [{ byType: { Epic: { pruneAfterDays: 365 } } }, 365],
    [{ byPriority: { low: { agingAfterDays: 400 } } }, 400],
    [{ decayHalfLifeDays: 60 }, 180],
    [{ decayHalfLifeDays: 100 }, 190],
    [{ decayHalfLifeDays: 30, decayFloor: 0.1 }, 190],
    [{ decayHalfLifeDays: 60, decayFloor: 1 }, 180],
    [{ decayHalfLifeDays: 60, decayFloor: 0 }, null],
    [{ decayHalfLifeDays: 100, byType: { Epic: { staleAfterDays: 180 } } }, 280],
  ])('with %j the history reaches back %j days', (staleness, days) => {
    expect(largestThreshold(aModel({ staleness }))).toBe(days);
  });
});
