import type { BacklogRequest } from '../../../../src/connectors/connector.ts';
import type { FieldPlan } from '../../../../src/connectors/azure-devops/field-plan.ts';
import type { TeamScope } from '../../../../src/connectors/azure-devops/team-scope.ts';
import { itemRef, type BacklogItem, type ItemRef } from '../../../../src/item.ts';
import { anItem } from '../../../support/items.ts';

export const stackRank = 'Microsoft.VSTS.Common.StackRank';
export const storyPoints = 'Microsoft.VSTS.Scheduling.StoryPoints';

/** A team as Agile sets it up: stories and bugs on one level, everything below the project's root. */
export function aScope(over: Partial<TeamScope> = {}): TeamScope {
  const states = { New: 'todo', Active: 'doing', Resolved: 'doing', Closed: 'done' } as const;
  return {
    project: { id: 'p-1', name: 'Payments' },
    team: 'Payments Team',
    level: { id: 'Microsoft.RequirementCategory', name: 'Stories', hidden: false },
    types: ['User Story', 'Bug'],
    states: { 'User Story': states, Bug: { New: 'todo', Active: 'doing', Closed: 'done' } },
    orderField: stackRank,
    effortField: storyPoints,
    teamField: 'System.AreaPath',
    areas: [{ path: 'Payments', includeChildren: true }],
    backlogIteration: 'Payments',
    iterations: [],
    ...over,
  };
}

export function aPlan(over: Partial<FieldPlan> = {}): FieldPlan {
  const tracked = [
    'System.Title',
    'System.State',
    'System.Tags',
    'System.IterationPath',
    'System.CommentCount',
    stackRank,
  ];
  return {
    order: stackRank,
    effort: storyPoints,
    score: 'Custom.Score',
    inputs: {},
    sources: {},
    tracked: [...tracked, 'Custom.Score', 'System.AssignedTo'],
    batch: [],
    feed: [],
    ...over,
  };
}

export const ref = (id: number): ItemRef => itemRef('azure-devops', id);

/** A work item in our shape. */
export function aWorkItem(id: number, over: Partial<BacklogItem> = {}): BacklogItem {
  return anItem({ ref: ref(id), key: String(id), type: 'User Story', version: '1', order: id * 1000, ...over });
}

export function aRequest(over: Partial<BacklogRequest> = {}): BacklogRequest {
  return {
    name: 'payments',
    scope: { kind: 'azure-devops', project: 'Payments', team: null, level: null },
    sources: {},
    scoreField: null,
    blockerLinkTypes: ['Blocks', 'Dependency-Forward'],
    ignoreActors: [],
    timezone: 'UTC',
    ...over,
  };
}
