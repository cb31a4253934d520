import { describe, expect, it } from 'vitest';
import { aFile, mistakes, read } from './files.ts';

const model = (keys: string): string => aFile({ model: keys, backlog: 'board: 12, model: m' });
const factors = (list: string, more = ''): string => model(`${more}factors: { ${list} }`);
const staleness = (keys: string): string => model(`staleness: { ${keys} }`);
const value = 'value: { jira: Value, scale: [0, 10] }';

describe('config/model-rules', () => {
  it.each<readonly [name: string, text: string, path: string, advice: string]>([
    ['a negative weight', factors('priority: { weight: -1 }'), 'factors.priority.weight', '0 or more (got -1)'],
    ['weights of 0', factors('priority: { weight: 0 }'), 'factors', 'add up to 0'],
    ['no factors', model('factors: {}'), 'factors', 'add up to 0'],
    ['equal ends', factors('effort: { scale: [3, 3] }'), 'factors.effort.scale', 'ends are equal'],
    ['one end', factors('effort: { scale: [3] }'), 'factors.effort.scale', 'two numbers'],
    ['three ends', factors('effort: { scale: [1, 2, 3] }'), 'factors.effort.scale', 'two numbers'],
    ['text as an end', factors('effort: { scale: [a, 3] }'), 'factors.effort.scale[0]', 'a number (got "a")'],
    ['scale and map', factors('value: { jira: V, scale: [0, 1], map: { a: 1 } }'), 'factors.value', 'keep one'],
    ['a place above 1', factors('value: { jira: V, map: { a: 2 } }'), 'factors.value.map.a', 'from 0'],
    ['an empty map', factors('value: { jira: V, map: {} }'), 'factors.value.map', 'is empty'],
    [
      'names that differ in case',
      factors('value: { jira: V, map: { a: 1, A: 0 } }'),
      'factors.value.map.A',
      'same name',
    ],
    ['a field without scale', factors('value: { jira: V }'), 'factors.value', 'scale: [lowest, highest] or map:'],
    ['a priority field without map', factors('priority: { jira: Severity }'), 'factors.priority', 'map:'],
    ['a factor without field', factors('worth: { scale: [0, 1] }'), 'factors.worth', 'jira: or azure-devops:'],
    ['a mistyped built-in', factors('prioritty: {}'), 'factors.prioritty', 'did you mean the built-in priority?'],
    ['an empty field', factors('value: { jira: "", scale: [0, 1] }'), 'factors.value.jira', 'must not be empty'],
    ['a horizon of 0', factors('urgency: { horizonDays: 0 }'), 'factors.urgency.horizonDays', 'above 0'],
    ['wsjf without its factors', model('method: wsjf'), 'method', 'add value, timeCriticality, riskReduction, jobSize'],
    [
      'rice without reach',
      factors('effort: {}, impact: { jira: I }', 'method: rice, '),
      'method',
      'add reach, confidence',
    ],
    ['ice without ease', factors('impact: { jira: I }', 'method: ice, '), 'method', 'add confidence, ease'],
    ['moscow without its class', model('method: moscow'), 'method', 'add moscow'],
    [
      'a class of 4',
      factors('moscow: { jira: M, map: { must: 4 } }', 'method: moscow, '),
      'factors.moscow.map.must',
      '3 (Must)',
    ],
    ['value-effort without cost', factors(value, 'method: value-effort, '), 'factors', 'at least one factor of each'],
    ['value-effort with costs only', factors('effort: {}', 'method: value-effort, '), 'factors', 'of each'],
    [
      'cost-of-delay without reference',
      factors('costOfDelay: { jira: C }, duration: { jira: D }', 'method: cost-of-delay, '),
      'ratioReference',
      'winnow plan',
    ],
    ['an unknown method', model('method: weighed'), 'method', 'did you mean weighted?'],
    ['a band above 100', model('band: 101'), 'band', 'from 0 to 100'],
    [
      'aging after stale',
      staleness('agingAfterDays: 91'),
      'staleness.agingAfterDays',
      'aging (91 days) would come after stale (90 days)',
    ],
    [
      'stale after prune',
      staleness('staleAfterDays: 181'),
      'staleness.staleAfterDays',
      'stale (181 days) would come after prune (180 days)',
    ],
    [
      'stale after prune for a type',
      staleness('byType: { Bug: { pruneAfterDays: 10 } }'),
      'staleness.byType.Bug.pruneAfterDays',
      'stale (90 days)',
    ],
    [
      'aging after stale for a priority',
      staleness('agingAfterDays: 30, byPriority: { high: { staleAfterDays: 14 } }'),
      'staleness.byPriority.high.staleAfterDays',
      'aging (30 days)',
    ],
    ['half a day', staleness('staleAfterDays: 1.5'), 'staleness.staleAfterDays', 'whole number above 0'],
    [
      'an unknown level',
      staleness('byPriority: { hihgest: {} }'),
      'staleness.byPriority.hihgest',
      'did you mean highest?',
    ],
    [
      'an exemption by an own label',
      staleness('exempt: { labels: [winnow-stale] }'),
      'staleness.exempt.labels[0]',
      'one that people set',
    ],
    ['a floor above 1', staleness('decayHalfLifeDays: 30, decayFloor: 2'), 'staleness.decayFloor', 'from 0 to 1'],
    [
      'text as a grooming rule',
      model('grooming: { needsEstimate: maybe }'),
      'grooming.needsEstimate',
      'true or false, or must be a mapping',
    ],
    [
      'a rule for no type',
      model('grooming: { needsDetail: { types: [] } }'),
      'grooming.needsDetail.types',
      'leave it out',
    ],
    [
      'a mistyped rule key',
      model('grooming: { needsDetail: { minWord: 3 } }'),
      'grooming.needsDetail.minWord',
      'minWords?',
    ],
    ['an empty prefix', model('labels: { prefix: "" }'), 'labels.prefix', 'must not be empty'],
    ['a blank in a prefix for Jira', model('labels: { prefix: "winnow " }'), 'labels.prefix', 'blanks'],
  ])('%s is told with path and advice', (_name, text, path, advice) => {
    const [first = '', ...others] = mistakes(text);

    expect(first).toMatch(/^winnow\.yaml:4:\d+ /);
    expect(first).toContain(` models.m.${path}: `);
    expect([first, ...others].join('\n')).toContain(advice);
  });

  it.each([
    ['stale and prune on one day', staleness('staleAfterDays: 180')],
    ['aging and stale on one day', staleness('agingAfterDays: 90')],
    ['a scale from high to low', factors('effort: { scale: [13, 1] }')],
    ['a weight of 0 beside another', factors('priority: { weight: 0 }, effort: {}')],
    ['value-effort with the built-in factors', model('method: value-effort')],
    ['moscow with words alone', factors('moscow: { jira: M }', 'method: moscow, ')],
    [
      'ratio factors without scale',
      factors('reach: { jira: R }, impact: { jira: I }, confidence: { jira: C }, effort: {}', 'method: rice, '),
    ],
    [
      'cost-of-delay with reference',
      factors('costOfDelay: { jira: C }, duration: { jira: D }', 'method: cost-of-delay, ratioReference: 9, '),
    ],
  ])('%s is accepted', (_name, text) => {
    expect(mistakes(text)).toEqual([]);
  });

  it('a prefix with a blank is accepted where only Azure DevOps uses it', () => {
    const connection = 'url: https://dev.azure.com/acme, auth: { pat: token-1 }';
    const text = (prefix: string): string =>
      aFile({ connection, model: `labels: { prefix: "${prefix}" }`, backlog: 'project: P, model: m' });

    expect(mistakes(text('winnow '))).toEqual([]);
    expect(mistakes(text('winnow;'))[0]).toContain('separate tags');
  });
});

describe('config/warnings', () => {
  const warnings = (text: string): readonly string[] => read(text).warnings;

  it('a factor without a field on the tracker is a warning', () => {
    const text = factors('value: { azure-devops: Custom.Value, scale: [0, 9] }, priority: {}');

    expect(warnings(text)).toEqual([
      'models.m.factors.value: names no jira field, but backlog shop is on jira: it counts as absent there; add jira:',
    ]);
  });

  it('a ratio factor without a field holds every item', () => {
    const text = factors('impact: { jira: I }, confidence: { jira: C }, ease: { azure-devops: E }', 'method: ice, ');

    expect(warnings(text)).toEqual([expect.stringContaining('no item gets a score')]);
  });

  it.each([
    ['ice: mean', 'models.m.ice'],
    ['ratioReference: 3', 'models.m.ratioReference'],
    ['staleness: { decayFloor: 0.2 }', 'models.m.staleness.decayFloor'],
    ['factors: { effort: { horizonDays: 3 } }', 'models.m.factors.effort.horizonDays'],
    ['factors: { priority: { zeroIsEstimate: true } }', 'models.m.factors.priority.zeroIsEstimate'],
    ['factors: { urgency: { scale: [0, 3] } }', 'models.m.factors.urgency.scale'],
    [
      'staleness: { byType: { Epic: { staleAfterDays: 170 } }, byPriority: { low: { pruneAfterDays: 100 } } }',
      'models.m.staleness: Epic of priority low',
    ],
  ])('%s has no effect or an odd one', (keys, start) => {
    expect(warnings(model(keys)).map(text => text.startsWith(start))).toEqual([true]);
  });

  it('a pin label that Jira cannot hold is a warning', () => {
    expect(warnings(aFile({ backlog: 'board: 1, pins: { labels: [do not move] }' }))).toEqual([
      expect.stringContaining('backlogs.shop.pins.labels: "do not move"'),
    ]);
  });
});
