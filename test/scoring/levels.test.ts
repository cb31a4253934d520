import { describe, expect, it } from 'vitest';
import { levelOf } from '../../src/scoring/levels.ts';
import { adoScheme, jiraScheme } from './builders.ts';

describe('scoring/levels', () => {
  it.each<[string, readonly string[], string | null]>([
    ['Highest', jiraScheme, 'highest'],
    ['LOW', jiraScheme, 'low'],
    ['Lowest', jiraScheme, 'lowest'],
    ['1', adoScheme, 'highest'],
    ['2', adoScheme, 'high'],
    ['3', adoScheme, 'medium'],
    ['4', adoScheme, 'low'],
    ['Blocker', ['Blocker', 'Critical', 'Major', 'Minor', 'Trivial'], 'highest'],
    ['Critical', ['Blocker', 'Critical', 'Major', 'Minor', 'Trivial'], 'high'],
    ['Trivial', ['Blocker', 'Critical', 'Major', 'Minor', 'Trivial'], 'lowest'],
    ['P2', ['P1', 'P2', 'P3', 'P4'], 'high'],
    ['P3', ['P1', 'P2', 'P3', 'P4'], 'low'],
    ['Only', ['Only'], 'medium'],
    ['None', jiraScheme, null],
    ['Sometime', jiraScheme, null],
  ])('%s of %j is %s', (name, scheme, level) => {
    expect(levelOf({ name, scheme })).toBe(level);
  });
});
