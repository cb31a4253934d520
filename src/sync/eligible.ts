import type { BacklogItem } from '../item.ts';

/** What decides whether an item in scope is ranked. */
export type Standing = Pick<BacklogItem, 'onLevel' | 'progress' | 'trackerStatus' | 'sprint'>;

/** Whether an item in scope is ranked: of the backlog's level, not done, not started, in no active or future sprint. */
export function isEligible(item: Standing): boolean {
  return whyNotEligible(item) === null;
}

/** Why an item in scope is not ranked, to follow "because"; null when it is ranked. */
export function whyNotEligible(item: Standing): string | null {
  if (!item.onLevel) return 'it is not of this backlog level';
  switch (item.progress) {
    case 'done':
    case 'removed':
      return `it is ${item.trackerStatus}`;
    case 'doing':
      return `work has started (${item.trackerStatus})`;
    case 'todo':
      return item.sprint === null ? null : `it is planned in ${item.sprint}`;
    default:
      return item.progress satisfies never;
  }
}
