import type { WebhookSubscription } from '../connectors/connector.ts';
import type { Tracker } from '../item.ts';

/** What came of one connection; printed as is by `--json`. */
export interface ConnectionSync {
  readonly connection: string;
  readonly tracker: Tracker;
  /** Where its deliveries go; null: it has no webhook in winnow.yaml. */
  readonly url: string | null;
  readonly subscriptions: readonly WebhookSubscription[];
  /** What only a person can do, in order. */
  readonly steps: readonly string[];
  /** When the newest delivery came that showed the right credentials. */
  readonly lastDelivery: string | null;
  readonly problem: string | null;
}
