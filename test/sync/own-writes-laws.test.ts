import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flavour } from '../support/flavoured-writes.ts';
import {
  aLawWorld,
  day,
  minute,
  type LawWorld,
  type Sky,
  type Start,
  type Step,
  type Who,
} from '../support/law-world.ts';

const who = fc.constantFrom<Who>('alice', 'owner', 'bot');
const item = fc.nat(7);
const effort = fc.option(fc.constantFrom(1, 3, 8), { nil: null });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('round' as const), sweep: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 2, 15, 600, 2_000, 30_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), item, by: who, level: fc.nat(4), effort }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drag' as const), item, to: item, by: who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unlabel' as const), item, by: who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('label' as const), item }) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'lose' }, { do: 'cut' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'switch account' }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('lose journal' as const), stateToo: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'back up' }, { do: 'restore' }) },
);
const start = fc.record<Start>({
  level: fc.nat(4),
  effort,
  idle: fc.constantFrom(0, 5, 80, 89, 120, 170, 200),
  words: fc.constantFrom(3, 40),
});
const skyOf = (flavour: Flavour): fc.Arbitrary<Sky> =>
  fc.record({
    flavour: fc.constant(flavour),
    skewMs: fc.integer({ min: -118, max: 118 }).map(seconds => seconds * 1_000),
    measured: fc.boolean(),
    trouble: fc.constantFrom('accounts', 'journal'),
    scored: fc.boolean(),
    explained: fc.constantFrom('told', 'untold', null),
  });
const history = (flavour: Flavour) =>
  fc.record({
    sky: skyOf(flavour),
    starts: fc.array(start, { minLength: 2, maxLength: 7 }),
    steps: fc.array(step, { minLength: 1, maxLength: 24 }),
    sweep: fc.boolean(),
  });

/** Rounds at noon of the next day until one withheld and failed nothing: an answer may still have been lost before. */
async function settle(world: LawWorld): Promise<void> {
  world.now = Math.ceil(world.now / day) * day + day / 2;
  for (let i = 0; i < 5; i++) {
    await world.resume();
    const report = await world.round();
    world.now += minute;
    if (report.withheld.length === 0 && report.outcomes.failed === 0 && report.status !== 'failed') {
      world.tracker.afterWrite = null;
      return;
    }
  }
  throw new Error('no round came clean');
}

async function live(world: LawWorld, steps: readonly Step[]): Promise<void> {
  for (const one of steps) await world.step(one);
}

async function holdsEndingBetween(world: LawWorld, from: number, to: number): Promise<boolean> {
  return [...(await world.states()).values()].some(({ hold }) => {
    const until = hold?.until?.getTime() ?? null;
    return until !== null && until > from && until <= to;
  });
}

describe.each<Flavour>(['jira', 'azure-devops'])('sync/own-writes-laws (%s)', flavour => {
  it('from any history, a second round without human change writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(history(flavour), async ({ sky, starts, steps, sweep }) => {
        const world = aLawWorld(sky, starts);
        await live(world, steps);
        await settle(world);
        const [writes, since] = [world.tracker.writes(), world.now];
        const order = world.tracker.order();

        world.now += 20 * minute;
        fc.pre(!(await holdsEndingBetween(world, since - 10 * minute, world.now + day / 4)));
        const second = await world.round(sweep);
        world.now += 20 * minute;
        const third = await world.round(!sweep);

        expect([second.changes, third.changes]).toEqual([[], []]);
        expect(world.tracker.writes()).toBe(writes);
        expect(world.tracker.order()).toEqual(order);
      }),
      { seed: 31, numRuns: 1_000 },
    );
  });

  it('a clock moves by what people do, never by our own writes', async () => {
    await fc.assert(
      fc.asyncProperty(history(flavour), async ({ sky, starts, steps, sweep }) => {
        const world = aLawWorld(sky, starts);
        await live(world, steps);
        await settle(world);
        await world.round(sweep);

        for (const [ref, state] of await world.states()) {
          const certain = world.certain.get(ref) ?? [];
          const at = state.clock.at.getTime();
          const allowed = [...certain, ...(world.possible.get(ref) ?? []), state.item.createdAt.getTime()];
          expect(allowed).toContain(at);
          expect(at).toBeGreaterThanOrEqual(Math.max(...certain, state.item.createdAt.getTime()));
        }
      }),
      { seed: 32, numRuns: 1_000 },
    );
  });

  it('left alone for a month, nothing goes back and forth', async () => {
    await fc.assert(
      fc.asyncProperty(history(flavour), async ({ sky, starts, steps, sweep }) => {
        const world = aLawWorld(sky, starts);
        await live(world, steps);
        await settle(world);

        const labels: string[] = [];
        const orders: string[] = [world.tracker.order().join()];
        for (let i = 0; i < 30; i++) {
          world.now += day;
          const { changes } = await world.round(sweep && i % 7 === 0);
          for (const change of changes)
            if (change.kind !== 'move') labels.push(`${change.kind} ${change.ref} ${change.from ?? change.to}`);
          const order = world.tracker.order().join();
          if (orders.at(-1) !== order) orders.push(order);
        }

        expect(labels.length).toBe(new Set(labels).size);
        expect(orders.length).toBe(new Set(orders).size);
      }),
      { seed: 33, numRuns: 200 },
    );
  });
});
