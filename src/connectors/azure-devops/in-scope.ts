import { isUnder, progressOf, type TeamScope } from './team-scope.ts';

/** A work item's fields by reference name, as any read returns them. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether a work item is on the team's backlog level, decided from its fields: the same condition as `scopeQuery` in
 * wiql.ts, needed because the change feed knows nothing of backlogs.
 */
export function isInScope(fields: Fields, scope: TeamScope): boolean {
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  if (fields['System.IsDeleted'] === true) return false;
  if (text('System.TeamProject').toLowerCase() !== scope.project.name.toLowerCase()) return false;
  const type = text('System.WorkItemType');
  if (!scope.types.some(known => known.toLowerCase() === type.toLowerCase())) return false;
  const progress = progressOf(scope, type, text('System.State'));
  if (progress === 'done' || progress === 'removed') return false;
  const area = text(scope.teamField);
  const owned = scope.areas.some(({ path, includeChildren }) =>
    includeChildren ? isUnder(area, path) : area.toLowerCase() === path.toLowerCase(),
  );
  return owned && isUnder(text('System.IterationPath'), scope.backlogIteration);
}
