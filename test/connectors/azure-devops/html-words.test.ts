import { describe, expect, it } from 'vitest';
import { countWords } from '../../../src/connectors/azure-devops/html-words.ts';

describe('connectors/azure-devops/html-words', () => {
  it.each([
    ['nothing', '', 0],
    ['an empty editor', '<div><br></div>', 0],
    ['plain text', 'As a buyer I pay', 5],
    ['blocks without spaces between', '<p>one</p><p>two</p>', 2],
    ['inline marks inside a word', '<div>un<b>believ</b>able</div>', 1],
    ['a heading', '<h2>Acceptance criteria</h2><p>it works</p>', 2],
    ['an image with a description', '<div>see <img alt="big long words" src="x.png"> here</div>', 2],
    ['entities', '<p>fish&nbsp;&amp;&nbsp;chips &#8211; caf&#233;</p>', 3],
    ['a comment and a script', '<!-- a b c --><script>var x</script><p>one</p>', 1],
    ['Markdown', '# Story\n\nAs a [buyer](https://x.y) I pay ![shot](a.png)', 5],
    ['a lone < sign', 'a < b', 2],
    ['an unknown entity', '<p>&bogus; x</p>', 2],
    ['an entity beyond Unicode', '<p>a&#9999999;b</p>', 2],
  ])('%s', (_name, html, expected) => {
    expect(countWords(html)).toBe(expected);
  });
});
