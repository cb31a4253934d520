import { z } from 'zod';

/** `pausing` is kept only to notice that a pause ran out; nobody is told of it. */
const topics = [
  'approval',
  'failing',
  'recovered',
  'breaker',
  'second-instance',
  'pausing',
  'resumed',
  'digest',
] as const;
export type Topic = (typeof topics)[number];

/** A state that people were told of, and the addresses that did not take the notice yet, by their marks. */
export interface ToldState {
  readonly state: string;
  readonly missed: readonly string[];
}

/** What people have been told, by topic, so that each state is told once. */
export type Told = Readonly<Partial<Record<Topic, ToldState>>>;

const State = z.union([
  // Before addresses were told apart.
  z.string().transform(state => ({ state, missed: [] })),
  z.object({ state: z.string(), missed: z.array(z.string()) }),
]);
const Kept = z.partialRecord(z.enum(topics), State);

/** What the store kept; nothing where it cannot be read, so that people are told again. */
export function readTold(raw: unknown): Told {
  return Kept.safeParse(raw).data ?? {};
}
