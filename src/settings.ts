/** Vocabulary: one backlog's settings, as the configuration resolved them. Frozen data. */
import type { Tracker } from './item.ts';

export type Mode = 'observe' | 'apply';

/** What is ranked as one list. */
export type Scope =
  | { readonly kind: 'jira-board'; readonly board: number }
  | { readonly kind: 'jira-jql'; readonly jql: string }
  | {
      readonly kind: 'azure-devops';
      readonly project: string;
      readonly team: string | null;
      readonly level: string | null;
    };

export interface Limits {
  readonly maxMoves: number;
  /** Share of the eligible items, 0..1. */
  readonly maxMovedShare: number;
  readonly maxLabelChanges: number;
  readonly writesPerItemPerDay: number;
  readonly quietMinutes: number;
}

export interface BacklogSettings {
  readonly name: string;
  readonly connection: string;
  readonly tracker: Tracker;
  readonly scope: Scope;
  readonly model: string;
  readonly mode: Mode;
  readonly write: {
    readonly rank: boolean;
    readonly labels: boolean;
    readonly score: string | null;
    readonly scoreStep: number;
    /** `property` (Jira), or a text field by id or name; null: no explanation is written. */
    readonly explanation: string | null;
  };
  readonly schedule: string;
  readonly sweep: string;
  /** IANA zone. */
  readonly timezone: string;
  /** Minutes of the day, local; null: always. `from` > `to` spans midnight. */
  readonly writeHours: { readonly from: number; readonly to: number } | null;
  readonly limits: Limits;
  readonly pins: { readonly labels: readonly string[]; readonly dragHoldsDays: number };
  readonly blockers: { readonly linkTypes: readonly string[] };
  readonly newItemsHoldDays: number;
  /** Per factor that names a field: its id, reference name or display name on this backlog's tracker. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface JiraAuth {
  readonly kind: 'basic' | 'bearer';
  readonly email?: string;
  readonly apiToken?: string;
  readonly accessToken?: string;
}

export type AzureDevOpsAuth =
  | { readonly kind: 'pat'; readonly pat: string }
  | { readonly kind: 'bearer'; readonly accessToken: string }
  | { readonly kind: 'entra'; readonly clientId: string; readonly clientSecret: string; readonly tenantId: string };

interface ConnectionBase {
  readonly name: string;
  /** Without trailing slash. */
  readonly url: string;
  /** Further accounts that are not people, by account id or display name. */
  readonly ignoreActors: readonly string[];
}

export type ConnectionSettings =
  | (ConnectionBase & {
      readonly tracker: 'jira';
      readonly auth: JiraAuth;
      readonly webhook: { readonly secrets: readonly string[] } | null;
    })
  | (ConnectionBase & {
      readonly tracker: 'azure-devops';
      readonly auth: AzureDevOpsAuth;
      readonly webhook: { readonly username: string; readonly passwords: readonly string[] } | null;
    });

/** Settings of `winnow start`. */
export interface ServiceSettings {
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** null: none configured, so one is generated. */
    readonly apiToken: string | null;
  };
  readonly webhooks: { readonly debounceSeconds: number; readonly maxWaitSeconds: number };
  /** Incoming webhooks of Slack or Teams. Each is a secret. */
  readonly notify: readonly string[];
  /** Rounds older than so many days are forgotten. */
  readonly journalDays: number;
}
