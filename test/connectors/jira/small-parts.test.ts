import { describe, expect, it } from 'vitest';
import { countWords } from '../../../src/connectors/jira/adf-words.ts';
import { boundedJql, jqlString, looksAtOurWrites, projectsIn } from '../../../src/connectors/jira/jql.ts';
import { endpointOf, quotaReset } from '../../../src/connectors/jira/throttle.ts';

const text = (said: string): object => ({ type: 'text', text: said });
const paragraph = (...content: object[]): object => ({ type: 'paragraph', content });
const doc = (...content: object[]): object => ({ type: 'doc', version: 1, content });

describe('connectors/jira/adf-words', () => {
  it.each([
    ['nothing', null, 0],
    ['an empty document', doc(), 0],
    ['an empty paragraph', doc(paragraph()), 0],
    ['text', doc(paragraph(text('As a user I want'))), 5],
    ['bold inside a word', doc(paragraph(text('un'), text('believ'), text('able'))), 1],
    ['two paragraphs', doc(paragraph(text('one')), paragraph(text('two'))), 2],
    ['a line break', doc(paragraph(text('one'), { type: 'hardBreak' }, text('two'))), 2],
    ['a heading', doc({ type: 'heading', attrs: { level: 2 }, content: [text('Acceptance criteria')] }), 0],
    ['a screenshot', doc({ type: 'mediaSingle', content: [{ type: 'media', attrs: { alt: 'a b c' } }] }), 0],
    ['a mention', doc(paragraph({ type: 'mention', attrs: { text: '@Ann Lee' } })), 2],
    ['a card', doc(paragraph({ type: 'inlineCard', attrs: { url: 'https://x.test/y' } })), 1],
    ['a list', doc({ type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(text('a b'))] }] }), 2],
    ['punctuation', doc(paragraph(text('- ... !'))), 0],
    ['plain text', 'three plain words', 3],
    ['wiki markup', 'h2. Heading here\n!shot.png|thumbnail!\n{code:java}x{code}\n----\nbody', 2],
    ['text without spaces', '测试覆盖度', 3],
    ['something else', 42, 0],
  ])('counts %s', (_, description, words) => {
    expect(countWords(description)).toBe(words);
  });

  it('a document nested beyond reason ends', () => {
    let node: object = paragraph(text('deep'));
    for (let i = 0; i < 5_000; i++) node = { type: 'blockquote', content: [node] };

    expect(countWords(doc(node))).toBe(0);
  });
});

describe('connectors/jira/jql', () => {
  it.each([
    ['project = SHOP', '(project = SHOP)'],
    ['project = SHOP ORDER BY Rank', '(project = SHOP)'],
    ['project = SHOP order  by created DESC', '(project = SHOP)'],
    ['summary ~ "order by me" OR a = b', '(summary ~ "order by me" OR a = b)'],
    ["summary ~ 'it\\'s order by' ORDER BY x", "(summary ~ 'it\\'s order by')"],
    ['ORDER BY Rank', null],
    ['  ', null],
  ])('%s without its order', (jql, bounded) => {
    expect(boundedJql(jql)).toBe(bounded);
  });

  it.each([
    ['project = SHOP', ['SHOP']],
    ['project in (SHOP, "Web Shop") and x = y', ['SHOP', 'Web Shop']],
    ['project=A OR project = B', ['A', 'B']],
    ['assignee = currentUser()', []],
  ])('projects of %s', (jql, projects) => {
    expect(projectsIn(jql)).toEqual(projects);
  });

  it.each([
    ['project = SHOP ORDER BY Rank, labels', false],
    ['labels is EMPTY', true],
    ['updated >= -90d', true],
    ['"Winnow score" > 50', true],
    ['cf[10050] > 50', true],
    ['filter = 10000 ORDER BY Rank', true],
  ])('%s looks at our writes: %s', (jql, looks) => {
    expect(looksAtOurWrites(jql, [{ id: 'customfield_10050', name: 'Winnow score' }, null])).toBe(looks);
  });

  it('quotes what would end a string', () => {
    expect(jqlString('a"b\\c')).toBe('"a\\"b\\\\c"');
  });
});

describe('connectors/jira/throttle', () => {
  it('an endpoint is a path without its ids, unless the limit is per issue', () => {
    expect(endpointOf('PUT', '/rest/api/3/issue/10042', false)).toBe('PUT /rest/api/3/issue/*');
    expect(endpointOf('PUT', '/rest/api/3/issue/10042', true)).toBe('PUT /rest/api/3/issue/10042');
  });

  const now = new Date('2026-11-22T12:30:00Z');
  it.each([
    ['2026-11-22T13:00Z', null, '2026-11-22T13:00:00.000Z'],
    [null, 60_000, '2026-11-22T12:31:00.000Z'],
    ['soon', null, '2026-11-22T13:00:00.000Z'],
  ])('a quota with reset %s comes back', (header, askedMs, at) => {
    expect(quotaReset(header, askedMs, now).toISOString()).toBe(at);
  });
});
