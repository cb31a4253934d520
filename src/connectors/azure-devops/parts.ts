import type { Log } from '../../log.ts';
import type { FieldPlan } from './field-plan.ts';
import type { Session } from './session.ts';
import type { TeamScope } from './team-scope.ts';

/** What every read and write of one backlog needs. */
export interface BacklogParts {
  readonly session: Session;
  readonly log: Log;
  /** The organisation's url, without trailing slash. */
  readonly url: string;
  readonly scope: TeamScope;
  readonly plan: FieldPlan;
  /** IANA zone in which "current iteration" is judged. */
  readonly zone: string;
  readonly blockerLinkTypes: readonly string[];
}
