import { idOf, type BacklogItem } from '../../item.ts';
import type { ReadItem } from '../connector.ts';
import type { Blockers } from './links.ts';
import { memoOf } from './memo.ts';

/** What one open backlog remembers between its calls; everything here can be read again. */
export interface Known {
  readonly blockers: Blockers;
  /** Item -> the revision up to which its history was told, our own writes included. */
  readonly covered: Map<number, number>;
  /** What our writes of this process left behind, newer than any read: item -> revision and order. */
  readonly written: Map<number, { readonly rev: number; readonly order: number | null }>;
}

export function createKnown(): Known {
  return { blockers: new Map(), covered: new Map(), written: new Map() };
}

export function noteCovered(page: readonly ReadItem[], covered: Known['covered']): void {
  for (const { item } of page) noteItem(item, covered);
}

export function noteItem(item: BacklogItem, covered: Known['covered']): void {
  const memo = memoOf(item);
  if (memo?.sure === true) covered.set(Number(idOf(item.ref)), memo.rev);
}
