import fc from 'fast-check';
import type { Fault } from '../../../src/demo/http/faults.ts';

/** Who does something: another person, the person whose token Winnow uses, or a bot. */
export type Who = 'person' | 'owner' | 'bot';

/** What somebody does on a site, in words that both trackers know. `item` counts round the items. Plain data: it shrinks. */
export type Act = { readonly item: number; readonly by: Who } & (
  | { readonly do: 'value'; readonly level: number; readonly effort: number | null }
  | { readonly do: 'retitle' | 'comment' | 'create' | 'delete' | 'restore' | 'leave' | 'return' }
  /** To a place among the items of the list; `beside`: as the tracker's own list does it, not by a written order value. */
  | { readonly do: 'drag'; readonly to: number; readonly beside: boolean }
  | { readonly do: 'unlabel' }
  | { readonly do: 'label'; readonly label: string }
  | { readonly do: 'sprint'; readonly into: boolean }
  | { readonly do: 'status'; readonly status: 'todo' | 'doing' | 'done' }
  | { readonly do: 'block' | 'reparent'; readonly other: number }
);

export type Step =
  | { readonly do: 'act'; readonly act: Act }
  | { readonly do: 'wait'; readonly minutes: number }
  /** `told`: the round is given what was touched since the last one, as webhooks do. */
  | { readonly do: 'round'; readonly sweep: boolean; readonly told: boolean }
  | { readonly do: 'plan' }
  | { readonly do: 'undo' | 'clean' | 'new process' | 'switch account' }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'lose journal'; readonly stateToo: boolean }
  | { readonly do: 'back up' | 'restore backup' };

export interface Past {
  readonly items: number;
  readonly seed: number;
  /** The tracker's clock minus ours, seconds. */
  readonly skew: number;
  /**
   * What befalls the installation: two accounts in turn, or a journal that is lost and restored. Not both: who loses the
   * journal no longer knows which accounts it wrote with, and must list the former ones under ignoreActors.
   */
  readonly trouble: 'accounts' | 'journal';
  readonly steps: readonly Step[];
  /** Whether a score field is written; true when absent. */
  readonly scored?: boolean;
}

/** Between a client and a site, before and after a write had its effect; `skip` lets some pass first. */
const kinds: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, after: true },
  { kind: 'status', status: 429, headers: { 'Retry-After': '7' } },
  { kind: 'status', status: 429, headers: { 'Retry-After': '3000' } },
  { kind: 'status', status: 429, headers: { 'Retry-After': '3000' }, after: true },
  { kind: 'status', status: 409 },
  { kind: 'status', status: 412 },
  { kind: 'html', after: true },
  { kind: 'truncate' },
  { kind: 'cut' },
  { kind: 'reset-before' },
  { kind: 'reset-after' },
];
const fault = fc
  .record({ kind: fc.nat(kinds.length - 1), write: fc.integer({ min: 0, max: 3 }), skip: fc.nat(3) })
  .map(({ kind, write, skip }): Fault => {
    // Writes come late in a round and are what this is about: three of four faults wait for one.
    return { ...(kinds[kind] as Fault), skip, ...(write === 0 ? {} : { method: write === 1 ? 'POST' : 'PUT' }) };
  });

const who = fc.constantFrom<Who>('person', 'person', 'owner', 'bot');
const item = fc.nat(8);
const act = (fields: Record<string, fc.Arbitrary<unknown>>, ...names: readonly Act['do'][]): fc.Arbitrary<Act> =>
  fc.record({ do: fc.constantFrom(...names), item, by: who, ...fields }) as fc.Arbitrary<Act>;

const acts: readonly fc.Arbitrary<Act>[] = [
  act({ level: fc.nat(3), effort: fc.constantFrom(null, 1, 3, 8) }, 'value'),
  act({}, 'retitle', 'comment'),
  act({}, 'create', 'delete', 'restore', 'leave', 'return'),
  act({ to: item, beside: fc.boolean() }, 'drag'),
  act({ to: item, beside: fc.boolean() }, 'drag'),
  act({}, 'unlabel'),
  act({ label: fc.constantFrom('winnow-stale', 'winnow-pin', 'ux') }, 'label'),
  act({ into: fc.boolean() }, 'sprint'),
  act({ status: fc.constantFrom('todo', 'doing', 'done') }, 'status'),
  act({ other: item }, 'block', 'reparent'),
];

const steps: readonly fc.WeightedArbitrary<Step>[] = [
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('round' as const), sweep: fc.boolean(), told: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 3, 20, 700, 3_000, 60_000) }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('act' as const), act: fc.oneof(...acts) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fault' as const), fault }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>(
      { do: 'plan' },
      { do: 'undo' },
      { do: 'clean' },
      { do: 'new process' },
      { do: 'switch account' },
      { do: 'lose journal', stateToo: false },
      { do: 'lose journal', stateToo: true },
      { do: 'back up' },
      { do: 'restore backup' },
    ),
  },
];

/** Anything that may have happened to a small backlog before two rounds without a human change between them. */
export const past: fc.Arbitrary<Past> = fc.record({
  items: fc.integer({ min: 3, max: 8 }),
  seed: fc.nat(1_000),
  skew: fc.integer({ min: -118, max: 118 }),
  trouble: fc.constantFrom('accounts', 'journal'),
  steps: fc.array(fc.oneof(...steps), { minLength: 1, maxLength: 20, size: 'max' }),
});
