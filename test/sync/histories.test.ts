import { describe, expect, it } from 'vitest';
import type { Tracker } from '../../src/item.ts';
import { checkLaw, quietAfterwards } from '../support/histories/laws.ts';

/** `npm run bench -- laws` checks a thousand of each. */
const runs = Number(process.env.WINNOW_LAW_CASES ?? 50);
const trackers: readonly Tracker[] = ['jira', 'azure-devops'];

describe.each(trackers)('sync/histories on an emulated %s, over the real connector', tracker => {
  it('from any history, a second round without human change writes nothing', async () => {
    const { cases, steps } = await checkLaw(tracker, quietAfterwards, { seed: 71, runs });

    expect(cases).toBe(runs);
    console.log(`${tracker}: ${cases} histories of ${steps} steps in all`);
  }, 1_200_000);
});
