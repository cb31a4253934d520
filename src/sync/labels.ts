import type { Change, LabelAddChange, LabelRemoveChange } from '../change.ts';
import type { BacklogItem } from '../item.ts';
import type { WantedLabel } from '../scoring/grooming.ts';

/** Which labels are Winnow's: prefix + one of these names, and no other label in the tracker. */
const stageNames = ['aging', 'stale', 'prune'] as const;
const needNames = ['needs-estimate', 'needs-detail', 'needs-input'] as const;

export interface OwnLabels {
  readonly all: ReadonlySet<string>;
  readonly stages: ReadonlySet<string>;
}

/** The labels Winnow owns under a prefix. */
export function ownLabels(prefix: string): OwnLabels {
  const stages = stageNames.map(name => prefix + name);
  return { all: new Set([...stages, ...needNames.map(name => prefix + name)]), stages: new Set(stages) };
}

/** Own labels that an item bears, in the tracker's own spelling, without duplicates. */
export function ownLabelsOf(item: BacklogItem, own: OwnLabels, ignoreCase: boolean): readonly string[] {
  const known = ignoreCase ? new Set([...own.all].map(l => l.toLowerCase())) : own.all;
  return [...new Set(item.labels.filter(label => known.has(ignoreCase ? label.toLowerCase() : label)))];
}

/** Additions and removals that make an item bear exactly the wanted ones of our labels; people's labels are never named. */
export function labelChanges(
  item: BacklogItem,
  wanted: readonly WantedLabel[],
  own: OwnLabels,
  options: { readonly ignoreCase: boolean; readonly goneBecause: string },
): readonly Change[] {
  const fold = (label: string): string => (options.ignoreCase ? label.toLowerCase() : label);
  const has = ownLabelsOf(item, own, options.ignoreCase);
  const held = new Set(has.map(fold));
  const want = new Set(wanted.map(w => fold(w.name)));
  const base = { ref: item.ref, key: item.key };
  const adds = wanted
    .filter(w => !held.has(fold(w.name)))
    .map((w): LabelAddChange => ({ kind: 'label-add', ...base, from: null, to: w.name, because: w.because }));
  const removes = has
    .filter(label => !want.has(fold(label)))
    .map((label): LabelRemoveChange => {
      const replaced = own.stages.has(label) ? wanted.find(w => own.stages.has(w.name)) : undefined;
      const because =
        replaced === undefined ? options.goneBecause : `replaced by ${replaced.name}: ${replaced.because}`;
      return { kind: 'label-remove', ...base, from: label, to: null, because };
    });
  return [...removes, ...adds];
}
