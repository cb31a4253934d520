import type { Tracker } from '../src/item.ts';
import { checkLaw, quietAfterwards } from '../test/support/histories/laws.ts';

const runs = Number(process.env.WINNOW_LAW_CASES ?? 1_000);
const trackers: readonly Tracker[] = ['jira', 'azure-devops'];

/** From any history on the emulated trackers, over the real connectors, further rounds write nothing. Fails where one does. */
export async function* benchLaws(): AsyncGenerator<Record<string, unknown>> {
  for (const tracker of trackers) {
    const began = performance.now();
    const { cases, steps } = await checkLaw(tracker, quietAfterwards, { seed: 73, runs });
    yield { tracker, cases, steps, seconds: Math.round((performance.now() - began) / 100) / 10, writesAfterwards: 0 };
  }
}
