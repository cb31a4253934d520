import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInScope } from '../../../src/connectors/azure-devops/in-scope.ts';
import { literal, scopeQuery } from '../../../src/connectors/azure-devops/wiql.ts';
import { createFieldCatalogue } from '../../../src/demo/azure-devops/field-catalogue.ts';
import { compile } from '../../../src/demo/azure-devops/wiql/evaluate.ts';
import { parseWiql } from '../../../src/demo/azure-devops/wiql/parse.ts';
import { aScope } from './support/values.ts';

const story = {
  'System.Id': 7,
  'System.TeamProject': 'Payments',
  'System.WorkItemType': 'User Story',
  'System.State': 'New',
  'System.AreaPath': 'Payments',
  'System.IterationPath': 'Payments',
};

describe('connectors/azure-devops/in-scope', () => {
  it.each([
    ['an open story of the team', {}, true],
    ['a closed one', { 'System.State': 'Closed' }, false],
    ['one in a state that no category lists', { 'System.State': 'Removed' }, false],
    ['a bug in a state that only stories have', { 'System.WorkItemType': 'Bug', 'System.State': 'Resolved' }, false],
    ['a task', { 'System.WorkItemType': 'Task' }, false],
    ['one in an area below', { 'System.AreaPath': 'Payments\\Cards' }, true],
    ['one in an area that only begins alike', { 'System.AreaPath': 'Payments Old' }, false],
    ['one in another iteration tree', { 'System.IterationPath': 'Elsewhere' }, false],
    ['other spellings of the same words', { 'System.State': 'new', 'System.AreaPath': 'PAYMENTS' }, true],
    ['a deleted one', { 'System.IsDeleted': true }, false],
  ])('%s', (_name, over, expected) => {
    expect(isInScope({ ...story, ...over }, aScope())).toBe(expected);
  });

  it('an area without its children owns only itself', () => {
    const scope = aScope({ areas: [{ path: 'Payments\\Cards', includeChildren: false }] });

    expect(isInScope({ ...story, 'System.AreaPath': 'Payments\\Cards' }, scope)).toBe(true);
    expect(isInScope({ ...story, 'System.AreaPath': 'Payments\\Cards\\Debit' }, scope)).toBe(false);
  });

  it('quotes in names are doubled in queries', () => {
    expect(literal("Ann's 'team'")).toBe("'Ann''s ''team'''");
  });

  it('a split range is bounded on both sides', () => {
    expect(scopeQuery(aScope(), { after: 5, upTo: 9 })).toContain(
      'AND [System.Id] > 5 AND [System.Id] <= 9 ORDER BY [System.Id]',
    );
  });

  const word = fc.constantFrom('New', 'Active', 'Resolved', 'Closed', 'Removed', "it's", 'new');
  const path = fc
    .array(fc.constantFrom('Cards', "Ann's", 'A B', 'cards'), { maxLength: 2 })
    .map(names => ['Payments', ...names].join('\\'));
  const type = fc.constantFrom('User Story', 'Bug', 'Task', 'user story');
  const progress = fc.constantFrom('todo', 'doing', 'done', 'removed' as const);
  const scopes = fc
    .record({
      types: fc.uniqueArray(fc.constantFrom('User Story', 'Bug'), { minLength: 1 }),
      states: fc.record({ 'User Story': fc.dictionary(word, progress), Bug: fc.dictionary(word, progress) }),
      areas: fc.array(fc.record({ path, includeChildren: fc.boolean() }), { minLength: 1, maxLength: 3 }),
      backlogIteration: path,
    })
    .map(over => aScope(over as Parameters<typeof aScope>[0]))
    .filter(scope => Object.values(scope.states).every(hasNoTwins));
  const items = fc.record({
    'System.Id': fc.integer({ min: 1, max: 50 }),
    'System.TeamProject': fc.constantFrom('Payments', 'payments', 'Other'),
    'System.WorkItemType': type,
    'System.State': word,
    'System.AreaPath': path,
    'System.IterationPath': path,
  });

  it('says the same as the query does', () => {
    const context = { fields: createFieldCatalogue(), macro: () => null, timePrecision: false };
    fc.assert(
      fc.property(scopes, items, (scope, item) => {
        const query = parseWiql(scopeQuery(scope, { after: 0, upTo: null }));

        return compile(query.where, context)(item) === isInScope(item, scope);
      }),
      { numRuns: 500 },
    );
  });
});

/** `New` and `new` are one state to the service. */
function hasNoTwins(states: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(states).map(name => name.toLowerCase());
  return new Set(names).size === names.length;
}
