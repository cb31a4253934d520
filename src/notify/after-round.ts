import type { Approval, Pause, RoundReport } from '../sync/ports.ts';
import type { Digest } from './digest.ts';

/** What is known of a backlog after a round. */
export interface AfterRound {
  /** Its rounds, newest first, the one that has just ended among them. */
  readonly rounds: readonly RoundReport[];
  /** True when trying again cannot heal the failure: a credential, a permission, the configuration. */
  readonly hopeless: boolean;
  readonly pauses: readonly Pause[];
  readonly approval: Approval | null;
  /** How grooming stands; null unless the round read everything. */
  readonly digest: Digest | null;
  readonly now: Date;
}
