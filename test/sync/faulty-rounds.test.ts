import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/demo/http/faults.ts';
import type { RoundResult } from '../../src/sync/reconcile.ts';
import { trackers, type Seen, type TrackerWorld } from '../support/tracker-worlds.ts';

/** Everything that can go wrong between a client and a site, before and after a request has had its effect. */
const faults: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, after: true },
  { kind: 'status', status: 503, headers: { 'Retry-After': '3' } },
  { kind: 'status', status: 504, after: true },
  { kind: 'status', status: 408 },
  { kind: 'status', status: 429 },
  { kind: 'status', status: 429, headers: { 'Retry-After': '7' } },
  { kind: 'status', status: 429, headers: { 'Retry-After': '3000' } },
  { kind: 'status', status: 200, body: '{"value": [', after: true },
  { kind: 'status', status: 200, body: 'null', after: true },
  { kind: 'html' },
  { kind: 'html', after: true },
  { kind: 'truncate' },
  { kind: 'cut' },
  { kind: 'reset-before' },
  { kind: 'reset-after' },
];

/** Small and repeatable: mulberry32. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function spoil(world: TrackerWorld, chance: () => number): void {
  for (let i = 0; i < 6; i++) {
    const fault = faults[Math.floor(chance() * faults.length)] as Fault;
    // Writes come late in a round and are what this is about.
    const method = chance() < 0.6 ? { method: chance() < 0.5 ? 'PUT' : 'PATCH' } : {};
    world.faults.next({ ...fault, ...method, skip: Math.floor(chance() * 12) });
  }
}

const own = (label: string): boolean => label.startsWith('winnow-');
/** What people put there: everything but our labels and the order. */
const theirs = (seen: readonly Seen[]): readonly string[] =>
  seen.map(({ key, labels, rest }) => JSON.stringify([key, labels.filter(label => !own(label)), rest])).sort();

const labelsOf = (seen: readonly Seen[]): readonly string[] => seen.map(({ key, labels }) => `${key} ${labels}`).sort();

const opened: TrackerWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

/** A round may find no way to open the backlog at all; then nothing was written. */
async function tried(world: TrackerWorld): Promise<RoundResult | null> {
  try {
    return await world.round();
  } catch (error) {
    expect(error).toHaveProperty('name', expect.stringMatching(/^(TrackerBusy|BadAnswer|Credential)Error$/));
    return null;
  }
}

describe.each(trackers)('rounds on %s when everything goes wrong', (_name, open) => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'end where a round ends that nothing disturbs, and harm nothing (%i)',
    async seed => {
      const [calm, stormy] = [await open({ items: 24, seed }), await open({ items: 24, seed })];
      opened.push(calm, stormy);
      const before = theirs(stormy.look());
      await calm.round();
      const chance = chanceOf(seed + 100);
      for (let round = 0; round < 3; round++) {
        spoil(stormy, chance);
        const result = await tried(stormy);
        if (result?.report.status === 'failed') expect(result.report.outcomes.applied).toBe(0);
        expect(theirs(stormy.look())).toEqual(before);
        stormy.faults.clear();
        // Past the pauses that the site asked for.
        stormy.pass(3_600_000);
      }
      const healed = await stormy.round({ sweep: true });
      const settled = await stormy.round();
      const [wanted, reached] = [calm, stormy].map(world => labelsOf(world.look()));

      expect(healed.error).toBeNull();
      expect(settled.report).toMatchObject({ status: 'nothing-to-do', changes: [] });
      expect(theirs(stormy.look())).toEqual(before);
      expect(reached).toEqual(wanted);
    },
  );
});
