import type { BacklogItem } from '../item.ts';

/** Whether an item is ranked: of the backlog's level, not done, not started, not planned in an active or future sprint. */
export function isEligible(item: BacklogItem): boolean {
  return item.onLevel && item.progress === 'todo' && item.sprint === null;
}
