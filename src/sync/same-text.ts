/** One text as trackers give it back: broken and spaced as they like. */
export function squeezed(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** Whether two texts say the same to a reader. */
export function sameText(a: string, b: string): boolean {
  return squeezed(a) === squeezed(b);
}

/** Whether two texts have the same letters and figures, one of them perhaps told as HTML. */
export function sameLetters(a: string, b: string): boolean {
  return letters(a) === letters(b);
}

function letters(text: string): string {
  return text
    .normalize('NFC')
    .replace(/<[^>]*>|&#?\w+;/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
