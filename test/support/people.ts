/** What people do on a site, in words that both trackers know. Items are named by their keys. */
export interface People {
  /** All items of the backlog's list, top first. */
  order(): readonly string[];
  labels(key: string): readonly string[];
  score(key: string): number | null;
  /** Below the last item that it can stand beside. Azure DevOps gives items without an order value one along with it. */
  dragDown(key: string): void;
  /** Directly above another. `owner`: by the account that the token belongs to. */
  drag(key: string, before: string, by?: 'owner'): void;
  /** Into the running sprint, without a rank. */
  toSprint(key: string): void;
  /** From a sprint to a place in the backlog, as boards do it: one save. */
  dragFromSprint(key: string, before: string): void;
  /** The tracker writes every order value anew, by itself; the order stays. */
  renumber(): void;
  /** Out of reach: to another project (Jira), destroyed (Azure DevOps). */
  moveAway(key: string): void;
  addLabel(key: string, label: string): void;
  /** By the account that the token belongs to. */
  addLabelAsOwner(key: string, label: string): void;
  removeLabel(key: string, label: string): void;
  /** A new title: somebody works on it. */
  retitle(key: string): void;
  /** Top priority, due at once. */
  raise(key: string): void;
  startWork(key: string): void;
  remove(key: string): void;
  /** Comes last in the list. */
  create(title: string): string;
  setScore(key: string, score: number): void;
  /** Display names of everybody on the site who may act. */
  people(): readonly string[];
  /** What stands where explanations go, as one text; null: nothing. */
  explanation(key: string): string | null;
  /** A text of a person's own in that place. */
  explain(key: string, text: string): void;
  /** Until healed, every write to the item is refused. */
  refuse(key: string, on: boolean): void;
}
