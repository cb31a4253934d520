/** Names of all labels that are Winnow's, in use or reserved, without the prefix. */
const names = [
  'aging',
  'stale',
  'prune',
  'needs-estimate',
  'needs-detail',
  'needs-input',
  'priority-churn',
  'disputed',
] as const;

/** Winnow's labels under a prefix, in lower case: Azure DevOps tags differ by more than case. */
export function ownLabels(prefix: string): ReadonlySet<string> {
  return new Set(names.map(name => (prefix + name).toLowerCase()));
}
