import { badRequest } from './vendor-error.ts';

/** Limits published on Microsoft Learn, "Work tracking, process, and project limits". */
const MOST_TAGS = 100;
const LONGEST_TAG = 400;

/** `a; b` and `a;b` as a list, without blanks and without repeats (first spelling wins, case is ignored). */
export function splitTags(text: string): readonly string[] {
  return distinct(
    text
      .split(/[;,]/)
      .map(tag => tag.trim())
      .filter(tag => tag !== ''),
  );
}

/** As the field holds them: sorted by name, separated by `; `. */
export function joinTags(tags: readonly string[]): string {
  const compare = (a: string, b: string): number => a.toLowerCase().localeCompare(b.toLowerCase(), 'en');
  return [...distinct(tags)].sort(compare).join('; ');
}

function distinct(tags: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const tag of tags) if (!seen.has(tag.toLowerCase())) seen.set(tag.toLowerCase(), tag);
  return [...seen.values()];
}

export function hasTag(tags: string, tag: string): boolean {
  return splitTags(tags).some(other => other.toLowerCase() === tag.toLowerCase());
}

/** Spellings the organisation knows: the first one used wins. */
export interface TagSpellings {
  /** The spelling in use, or the given one, which is remembered. */
  spell(tag: string): string;
  all(): readonly string[];
}

export function createTagSpellings(): TagSpellings {
  const known = new Map<string, string>();
  return {
    spell(tag) {
      const spelling = known.get(tag.toLowerCase()) ?? tag;
      known.set(tag.toLowerCase(), spelling);
      return spelling;
    },
    all: () => [...known.values()],
  };
}

/** Refuses too many or too long tags (TF401243, TF401407). */
export function checkTags(tags: readonly string[]): void {
  const long = tags.find(tag => tag.length > LONGEST_TAG);
  if (long !== undefined) {
    throw badRequest(`TF401407: The tag name must not exceed ${LONGEST_TAG} characters.`, 'InvalidTagNameException');
  }
  if (tags.length > MOST_TAGS) {
    throw badRequest(
      `TF401243: The work item can't be saved because it exceeds the limit of ${MOST_TAGS} tags.`,
      'WorkItemTagLimitExceededException',
    );
  }
}
