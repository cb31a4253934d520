import { describe, expect, it } from 'vitest';
import type { Step } from '../../support/histories/steps.ts';
import { openHistoryWorld } from '../../support/histories/world.ts';

const raise: Step = { do: 'act', act: { do: 'value', item: 7, by: 'person', level: 0, effort: null } };
const remove: Step = { do: 'act', act: { do: 'delete', item: 0, by: 'person' } };
const wait = (minutes: number): Step => ({ do: 'wait', minutes });

describe('connectors/jira: an issue that is deleted unannounced', () => {
  it('fails the moves beside it once, and is looked up by the next round', async () => {
    const world = await openHistoryWorld('jira', { items: 4, seed: 112, skew: 0, trouble: 'accounts', steps: [] });
    await world.live([wait(700), { do: 'round', sweep: false, told: false }, raise, remove, wait(20)]);
    const deleted = await world.round(false);
    await world.live([wait(20)]);
    const second = await world.round(false);
    await world.live([wait(20)]);
    const third = await world.round(false);
    await world.close();

    expect(deleted.problems.map(({ message }) => message)).toEqual([
      'SHOP-3: the issue it was to stand beside is gone',
    ]);
    expect([second.status, third.status]).toEqual(['applied', 'nothing-to-do']);
    expect([deleted.items, second.items]).toEqual([4, 3]);
  });
});
