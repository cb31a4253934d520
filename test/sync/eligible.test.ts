import { describe, expect, it } from 'vitest';
import type { BacklogItem } from '../../src/item.ts';
import { isEligible, whyNotEligible } from '../../src/sync/eligible.ts';
import { anItem } from '../support/items.ts';

describe('sync/eligible', () => {
  it.each<[string, Partial<BacklogItem>, string | null]>([
    ['an item to do', {}, null],
    ['a sub-task', { onLevel: false }, 'it is not of this backlog level'],
    ['a started item', { progress: 'doing', trackerStatus: 'In Review' }, 'work has started (In Review)'],
    ['a done item', { progress: 'done', trackerStatus: 'Closed' }, 'it is Closed'],
    ['a removed item', { progress: 'removed', trackerStatus: 'Removed' }, 'it is Removed'],
    ['an item in a sprint', { sprint: 'Sprint 7' }, 'it is planned in Sprint 7'],
    ['a started item in a sprint', { progress: 'doing', sprint: 'Sprint 7' }, 'work has started (To Do)'],
  ])('%s', (_name, over, why) => {
    const item = anItem(over);

    expect(whyNotEligible(item)).toBe(why);
    expect(isEligible(item)).toBe(why === null);
  });
});
