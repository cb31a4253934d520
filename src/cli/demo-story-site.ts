import type { Tracker } from '../item.ts';

/** What the story's people do on an emulated site. Items are named by the numbers of the story. */
export interface StorySite {
  readonly tracker: Tracker;
  readonly title: string;
  /** The connection and the one thing that is ranked, as `winnow.yaml` says them. */
  readonly connectionYaml: unknown;
  readonly scopeYaml: Readonly<Record<string, unknown>>;
  /** As the tracker writes an item's key. */
  keyOf(number: number): string;
  /** As people say it in a sentence. */
  nameOf(number: number): string;
  /** Keys, top first. */
  order(): readonly string[];
  titleOf(key: string): string;
  labels(key: string): readonly string[];
  dragToTop(number: number): void;
  removeLabel(number: number, label: string): void;
  /** null: takes the estimate away. */
  estimate(number: number, points: number | null): void;
  close(): Promise<void>;
}

/** Who does things in the story. */
export const somebody = 'Ada Park';
/** Who wrote the backlog. */
export const author = 'Sofia Marino';
