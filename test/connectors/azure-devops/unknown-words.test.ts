import { describe, expect, it } from 'vitest';
import { unknownWords } from '../../../src/connectors/azure-devops/unknown-words.ts';
import { aScope } from './support/values.ts';

const row = (over: Readonly<Record<string, unknown>>) => ({
  'System.WorkItemType': 'User Story',
  'System.State': 'New',
  'System.IterationPath': 'Payments',
  ...over,
});

describe('connectors/azure-devops/unknown-words', () => {
  it.each([
    ['the backlog iteration itself', row({}), []],
    ['a known state in other case', row({ 'System.State': 'NEW' }), []],
    ['a listed iteration in other case', row({ 'System.IterationPath': 'payments\\s1' }), []],
    ['an iteration outside the tree of the team', row({ 'System.IterationPath': 'Paymentsx\\S9' }), []],
    ['a type of another level', row({ 'System.WorkItemType': 'Epic', 'System.State': 'Odd' }), []],
    ['a new iteration', row({ 'System.IterationPath': 'Payments\\S9' }), ['iteration Payments\\S9']],
    ['a new state', row({ 'System.State': 'Parked' }), ['state Parked']],
    ['a deleted item without fields', {}, []],
  ])('%s', (_name, fields, expected) => {
    const scope = aScope({
      iterations: [{ path: 'Payments\\S1', name: 'S1', start: null, finish: null, timeFrame: 'past' }],
    });

    expect(unknownWords([fields], scope)).toEqual(expected);
  });
});
