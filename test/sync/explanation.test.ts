import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExplanationForm } from '../../src/connectors/connector.ts';
import { absent, unreadable, value, type BacklogItem } from '../../src/item.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import { assess } from '../../src/sync/desire.ts';
import {
  explanationChange,
  explanationOf,
  inOneLine,
  isOurs,
  type ExplanationTerms,
} from '../../src/sync/explanation.ts';
import type { ItemState } from '../../src/sync/ports.ts';
import { anItem } from '../support/items.ts';
import { someSettings } from '../support/round-world.ts';

const start = new Date('2026-06-01T10:00:00Z');
const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const lines: ExplanationForm = { form: 'lines', mostCharacters: null, untold: false };
const line: ExplanationForm = { form: 'line', mostCharacters: 255, untold: false };
const json: ExplanationForm = { form: 'json', mostCharacters: null, untold: true };
const terms = (form = lines): ExplanationTerms => ({ model: builtinModel, form, zone: 'UTC', step: 1 });

function stateOf(over: Partial<BacklogItem> = {}): ItemState {
  const clock = { at: start, atMost: false, who: 'Ada', what: 'created', ignored: [] };
  const item = anItem({
    priority: value({ name: 'High', scheme }),
    effort: value(5),
    words: 40,
    createdAt: start,
    explanation: absent,
    ...over,
  });
  return { item, clock, band: null, hold: null, personAt: null, rankedByPerson: null };
}

const assessed = (state: ItemState, days = 0): ReturnType<typeof assess> =>
  assess(state, {
    model: builtinModel,
    settings: someSettings({}),
    now: new Date(start.getTime() + days * 86_400_000),
    sources: {},
  });
const textOf = (over: Partial<BacklogItem> = {}, form = lines, days = 0): string =>
  explanationOf(assessed(stateOf(over), days), terms(form));
const changeOf = (over: Partial<BacklogItem>, days = 0) => {
  const state = stateOf(over);
  return explanationChange(state.item, assessed(state, days), terms());
};

describe('sync/explanation', () => {
  it('tells score, band, factors, stage and what is missing in three lines', () => {
    expect(textOf({ effort: absent, demand: value(3) }).split('\n')).toEqual([
      expect.stringMatching(/^Winnow: score \d+(\.\d+)?, band \d+-\d+\.$/),
      expect.stringMatching(
        /^priority High \+25; urgency none \+16\.67; demand \+\d+(\.\d+)?; effort none \+11\.11\.$/,
      ),
      'Stage: fresh. Needs an estimate.',
    ]);
  });

  it('is JSON with the same for programs', () => {
    const held = JSON.parse(textOf({ effort: absent }, json)) as Record<string, unknown>;

    expect(held).toMatchObject({ by: 'winnow', model: 'default', stage: 'fresh', score: expect.any(Number) });
    expect(held['band']).toMatch(/^\d+-\d+$/);
    expect(held['reasons']).toContain('Needs an estimate.');
  });

  it.each<[string, Partial<BacklogItem>, boolean]>([
    ['an empty place', { explanation: absent }, true],
    ['a text of ours that says something else', { explanation: value('Winnow: score 1, band 0-5.') }, true],
    ['a text of a person', { explanation: value('Ask Bo before ranking this') }, false],
    ['what cannot be read', { explanation: unreadable({}, 'no text') }, false],
    ['the property of another app', { explanation: value('{"score":3}') }, false],
    ['an item in progress', { explanation: absent, progress: 'doing' }, false],
    ['a place that was not read', { explanation: undefined } as unknown as Partial<BacklogItem>, false],
  ])('%s: written %s', (_, over, written) => {
    expect(changeOf(over) !== null).toBe(written);
  });

  it.each<[string, string, number, boolean]>([
    ['the same text', '', 0, false],
    ['the same text, broken otherwise', 'broken', 0, false],
    ['a hundred days on without a stage passed', '', 80, false],
    ['the day it is stale', '', 90, true],
  ])('%s is written again: %s', (_, how, days, written) => {
    const held = how === 'broken' ? textOf().replaceAll('\n', ' \r\n\r\n') : textOf();
    expect(changeOf({ explanation: value(held) }, days) !== null).toBe(written);
  });

  it('figures that the calendar moves are written by whole steps', () => {
    const due = value('2026-08-25');
    let held = textOf({ due });
    let writes = 0;
    for (let day = 1; day <= 85; day++) {
      const change = changeOf({ due, explanation: value(held) }, day);
      if (typeof change?.to === 'string') [held, writes] = [change.to, writes + 1];
    }
    // Urgency weighs a third of a hundred points and rises over 90 days: a point every three days, at the most.
    expect(writes).toBeGreaterThan(20);
    expect(writes).toBeLessThanOrEqual(32);
    expect(held).toContain('urgency due 2026-08-25 +');
  });

  it('words of a tracker are shortened and cleaned', () => {
    const name = `Sehr\u001b[31m wichtig; "sofort"\n${'x'.repeat(100)}`;
    const [, factors = ''] = textOf({ priority: value({ name, scheme: [name] }) }).split('\n');

    expect(factors).not.toMatch(/\u001b|"/);
    expect(factors.split('; ')[0]).toMatch(/^priority Sehr .{20,40}… \+16\.67$/);
  });

  it('a short text fits its field whatever the figures are, and changes no factor with them', () => {
    const word = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
    fc.assert(
      fc.property(word, fc.double({ min: 1, max: 13, noNaN: true }), fc.nat(200), (name, effort, days) => {
        const over = { priority: value({ name, scheme: [name] }), effort: value(effort), due: value('2026-09-01') };
        const today = textOf(over, line);
        const later = textOf(over, line, days);

        expect(today.length).toBeLessThanOrEqual(255);
        expect(today).not.toContain('\n');
        expect(later.split('; ').length).toBe(today.split('; ').length);
      }),
      { numRuns: 300 },
    );
  });

  it('reads as one line, whatever form it is kept in', () => {
    const [text, property] = [lines, json].map(form => inOneLine(textOf({ effort: absent }, form)));

    expect(text).toMatch(
      /^Winnow: score (\S+), band (\S+)\. priority High \+25; .*effort none.*\. Stage: fresh\. Needs/,
    );
    expect(property).toMatch(
      /^score (\S+), band (\S+): priority High \+25; .*effort none.*; Needs .*\. Stage: fresh\.$/,
    );
  });

  it('knows its own text whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(lines, line, json), (name, form) => {
        const text = textOf({ priority: value({ name, scheme: [name] }) }, form);
        const state = stateOf({ priority: value({ name, scheme: [name] }), explanation: value(text) });

        expect(isOurs(text)).toBe(true);
        expect(explanationChange(state.item, assessed(state), terms(form))).toBeNull();
      }),
    );
  });
});
