/** What people are told outside their tracker. Text may come from a tracker: whoever shows it makes it harmless. */
export type NoticeTopic = 'approval' | 'failing' | 'recovered' | 'breaker' | 'second-instance' | 'resumed' | 'digest';

export interface Notice {
  readonly topic: NoticeTopic;
  readonly backlog: string;
  /** One line. */
  readonly title: string;
  readonly text: string;
  /** What to do, as a command line; empty when there is nothing to do. */
  readonly todo: string;
}
