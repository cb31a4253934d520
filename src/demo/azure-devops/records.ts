import type { Identity } from './identity.ts';
import type { BugsBehavior, ProcessName } from './process.ts';

/** What an emulated organisation starts with: projects, and items with their whole history. */

export type FieldValue = string | number | boolean | Identity;
export type FieldMap = Readonly<Record<string, FieldValue>>;

export interface IterationSpec {
  /** Below the project's root: `2026\Sprint 3`. */
  readonly path: string;
  /** Calendar days `YYYY-MM-DD`, both included; absent: an iteration without dates. */
  readonly dates?: { readonly start: string; readonly finish: string };
}

export interface TeamSpec {
  readonly name: string;
  /** Below the project's root; `''` is the root itself. */
  readonly areas?: readonly { readonly path: string; readonly includeChildren: boolean }[];
  /** Iterations the team has selected, below the root; all of the project's when absent. */
  readonly iterations?: readonly string[];
  readonly bugsBehavior?: BugsBehavior;
  /** Levels the team does not show, by id. */
  readonly hiddenLevels?: readonly string[];
  /** A team nobody has configured yet: no areas, no backlog iteration. */
  readonly fresh?: boolean;
}

export interface ProjectSpec {
  readonly name: string;
  readonly process?: ProcessName;
  /** Below the project's root. */
  readonly areas?: readonly string[];
  readonly iterations?: readonly IterationSpec[];
  /** Beside the default team `<project> Team`, which owns the root area and everything below it. */
  readonly teams?: readonly TeamSpec[];
  readonly bugsBehavior?: BugsBehavior;
}

export interface SeedRevision {
  readonly at: Date;
  readonly by: Identity;
  /** All fields as they stood after this revision. */
  readonly fields: FieldMap;
  /** Text of a comment saved with it. */
  readonly comment?: string;
}

export interface SeedLink {
  /** Reference name with direction: `System.LinkTypes.Dependency-Forward`. */
  readonly rel: string;
  readonly target: number;
}

export interface SeedItem {
  readonly id: number;
  readonly project: string;
  /** Oldest first, at least one. */
  readonly revisions: readonly SeedRevision[];
  readonly links?: readonly SeedLink[];
}

export interface AzureDevOpsRecords {
  readonly projects: readonly ProjectSpec[];
  readonly items: readonly SeedItem[];
}

/** The newest change in the records, for a clock that should stand just after it; null when there are none. */
export function newestInstant(records: AzureDevOpsRecords): Date | null {
  let newest = -Infinity;
  for (const item of records.items) {
    for (const revision of item.revisions) newest = Math.max(newest, revision.at.getTime());
  }
  return Number.isFinite(newest) ? new Date(newest) : null;
}
