/** System.Tags is one text, `; ` between tags. Tags are compared without case: an existing spelling wins. */
export function splitTags(raw: unknown): readonly string[] {
  if (typeof raw !== 'string') return [];
  return raw
    .split(';')
    .map(tag => tag.trim())
    .filter(tag => tag !== '');
}

export function joinTags(tags: readonly string[]): string {
  return tags.join('; ');
}

export function hasTag(tags: readonly string[], wanted: string): boolean {
  return tags.some(tag => tag.toLowerCase() === wanted.toLowerCase());
}

export function withoutTag(tags: readonly string[], unwanted: string): readonly string[] {
  return tags.filter(tag => tag.toLowerCase() !== unwanted.toLowerCase());
}
