/** Scripts written without spaces between words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** Words of a plain text: what stands between spaces and holds a letter or digit; Chinese, Japanese and Thai by dictionary. */
export function countPlainWords(text: string): number {
  let words = 0;
  for (const word of text.split(/\s+/)) {
    if (unspaced.test(word)) words += [...segmenter.segment(word)].filter(part => part.isWordLike === true).length;
    else if (/[\p{L}\p{N}]/u.test(word)) words++;
  }
  return words;
}
