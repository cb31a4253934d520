/** Text from a tracker, safe to show: no control characters (they could move the cursor), no line breaks. */
export function plain(text: string): string {
  // C0, DEL, C1 and the bidirectional overrides.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
}

/** Shortens to a number of characters, with an ellipsis. */
export function clip(text: string, length: number): string {
  const clean = plain(text);
  return clean.length <= length ? clean : `${clean.slice(0, Math.max(0, length - 1)).trimEnd()}…`;
}
