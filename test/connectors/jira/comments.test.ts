import { afterEach, describe, expect, it } from 'vitest';
import type { Step } from '../../support/histories/steps.ts';
import { openHistoryWorld, type HistoryWorld } from '../../support/histories/world.ts';

const round: Step = { do: 'round', sweep: false, told: false };
const comment: Step = { do: 'act', act: { do: 'comment', item: 0, by: 'person' } };
const wait = (minutes: number): Step => ({ do: 'wait', minutes });
const [hour, day] = [60, 1_440];

/** SHOP-3 was made on 11 April and is stale on 10 July; it is 10:00 on 1 June. */
const shop = { items: 3, seed: 0, skew: 0, trouble: 'accounts', steps: [] } as const;
const untilEve = wait(37 * day + 23 * hour);

describe('connectors/jira: comments move the clock', () => {
  let world: HistoryWorld;
  afterEach(() => world.close());

  const labels = (): readonly string[] => world.site.look().find(({ key }) => key === 'SHOP-3')?.labels ?? ['gone'];

  it('without any, the item is stale in time', async () => {
    world = await openHistoryWorld('jira', shop);
    await world.live([untilEve, round, wait(16 * hour), round]);

    expect(labels()).toEqual(['winnow-stale']);
  });

  it.each<[string, readonly Step[]]>([
    ['one made since the last read of changes counts in a full read', [round, round, wait(41 * day), comment, round]],
    [
      'one that did not matter when it was read counts once it does',
      [untilEve, round, wait(11 * hour), comment, wait(3 * hour), round, wait(2 * hour), round],
    ],
  ])('%s', async (_name, steps) => {
    world = await openHistoryWorld('jira', shop);
    await world.live(steps);

    expect(labels()).toEqual([]);
  });
});
