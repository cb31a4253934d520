import type { Write } from '../connector.ts';

/** What a write of ours holds: one call, or one bulk edit. JSON. */

/** Where a block of issues goes: right after one that stands, or before the first. */
export type Anchor = { readonly after: string } | { readonly before: string };

export type JiraRequest =
  | {
      readonly kind: 'rank';
      readonly issues: readonly string[];
      readonly anchor: Anchor | null;
      /** Id -> `updated` as it was read. */
      readonly versions: Readonly<Record<string, string>>;
      /** Issues that the next requests of the batch rank. */
      readonly ahead: readonly string[];
    }
  | {
      readonly kind: 'edit';
      readonly issue: string;
      readonly project: string;
      readonly add: readonly string[];
      readonly remove: readonly string[];
      /** undefined: the score is left alone; null: it is emptied. */
      readonly score?: number | null;
      /** undefined: the explanation's field is left alone; null: it is emptied. */
      readonly explanation?: string | null;
    }
  | {
      readonly kind: 'property';
      readonly issue: string;
      /** JSON of an object; null: the property is taken away. */
      readonly json: string | null;
    }
  | {
      readonly kind: 'bulk-label';
      readonly issues: readonly { readonly id: string; readonly project: string }[];
      readonly option: 'ADD' | 'REMOVE';
      readonly label: string;
    };

/** A write before it gets its number in the batch. */
export type Unnumbered = Omit<Write, 'id'> & { readonly request: JiraRequest };
