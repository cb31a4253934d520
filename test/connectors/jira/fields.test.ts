import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findFields, findNamed, type FieldQuestion } from '../../../src/connectors/jira/fields.ts';
import { WireFields, type WireField } from '../../../src/connectors/jira/schema.ts';
import { BadAnswerError, ConfigError } from '../../../src/errors.ts';

const field = (
  number: number,
  name: string,
  custom = 'com.atlassian.jira.plugin.system.customfieldtypes:float',
  over: Partial<WireField> = {},
): WireField => ({
  id: `customfield_${number}`,
  name,
  custom: true,
  clauseNames: [`cf[${number}]`, name],
  schema: { type: 'number', custom, customId: number },
  ...over,
});
const rank = (number: number, name = 'Rank'): WireField =>
  field(number, name, 'com.pyxis.greenhopper.jira:gh-lexo-rank');
const estimate = field(16, 'Story point estimate', 'com.pyxis.greenhopper.jira:jsw-story-points');

function find(fields: readonly WireField[], over: Partial<FieldQuestion> = {}): ReturnType<typeof findFields> {
  return findFields({
    fields,
    boardRank: null,
    boardEstimation: null,
    sources: {},
    score: null,
    backlog: 'shop',
    ...over,
  });
}

describe('connectors/jira/fields', () => {
  it('a single rank field is what JQL calls Rank', () => {
    expect(find([rank(19)]).rank).toEqual({ id: 'customfield_19', name: 'Rank', number: 19, jql: 'Rank' });
  });

  it('of several rank fields the board chooses', () => {
    expect(find([rank(19), rank(20, 'Global Rank')], { boardRank: 20 }).rank).toMatchObject({
      number: 20,
      jql: 'cf[20]',
    });
  });

  it('without a board the rank field named Rank counts', () => {
    expect(find([rank(7, 'Support Rank'), rank(19)]).rank).toMatchObject({ number: 19, jql: 'cf[19]' });
  });

  it('a rank field that the board names but nobody lists is used', () => {
    expect(find([rank(19)], { boardRank: 99 }).rank).toMatchObject({ id: 'customfield_99', number: 99 });
  });

  it('a site without a rank field cannot be ranked', () => {
    expect(() => find([])).toThrow(BadAnswerError);
  });

  it.each([
    ['the board says', { boardEstimation: 'timeoriginalestimate' }, ['timeoriginalestimate']],
    ['else schema, then name', {}, ['customfield_16', 'customfield_26', 'customfield_31']],
  ])('estimation: %s', (_, over, expected) => {
    const fields = [
      rank(19),
      field(31, 'Story Points'),
      field(26, 'Story Points'),
      estimate,
      field(50, 'Story Points (old)'),
    ];

    expect(find(fields, over).effort.map(f => f.id)).toEqual(expected);
  });

  it('a sprint field that all projects share is preferred', () => {
    const own = field(5, 'Sprint', 'com.pyxis.greenhopper.jira:gh-sprint', { scope: { project: { id: '1' } } });

    expect(find([rank(19), own, field(20, 'Sprint', 'com.pyxis.greenhopper.jira:gh-sprint')]).sprint?.id).toBe(
      'customfield_20',
    );
  });

  it.each([
    ['customfield_42', 'customfield_42'],
    ['cf[42]', 'customfield_42'],
    ['Business value', 'customfield_42'],
    ['business VALUE', 'customfield_42'],
  ])('%s is found', (name, id) => {
    expect(findNamed([field(42, 'Business value')], name, 'here').id).toBe(id);
  });

  it('an id beats names, and an exact name one of another case', () => {
    const fields = [field(1, 'Value'), field(2, 'value'), field(3, 'customfield_1')];

    expect([findNamed(fields, 'customfield_1', 'here').id, findNamed(fields, 'value', 'here').id]).toEqual([
      'customfield_1',
      'customfield_2',
    ]);
  });

  it('two fields of one name are an error with both ids', () => {
    const twin = field(43, 'Business value', undefined, { scope: { project: { id: '10001' } } });

    expect(() => find([rank(19), field(42, 'Business value'), twin], { sources: { value: 'Business value' } })).toThrow(
      /factor value: 2 fields are called "Business value": customfield_42, customfield_43 \(project 10001\)/,
    );
  });

  it('a missing field is answered with similar ones', () => {
    const act = (): unknown => find([rank(19), field(42, 'Business value')], { sources: { value: 'Value score' } });

    expect(act).toThrow(ConfigError);
    expect(act).toThrow(/Business value \(customfield_42\)/);
  });

  it('a score field must hold numbers', () => {
    const text = field(9, 'Notes', 'x:textfield', { schema: { type: 'string', custom: 'x', customId: 9 } });

    expect(() => find([rank(19), text], { score: 'Notes' })).toThrow(/no number field but string/);
  });

  const real = new URL('../../../../shared/data/jira-field-definitions.json', import.meta.url);
  it.skipIf(!existsSync(real))('real sites are understood', () => {
    const sites = JSON.parse(readFileSync(real, 'utf8')) as Record<string, unknown>;

    const found = Object.entries(sites).flatMap(([site, raw]) => {
      const fields = WireFields.parse(raw);
      return fields.some(f => f.schema?.custom?.endsWith('gh-lexo-rank') === true)
        ? [[site, find(fields).rank.name]]
        : [];
    });

    expect(found).toHaveLength(13);
    expect(new Set(found.map(([, name]) => name))).toEqual(new Set(['Rank']));
  });
});
