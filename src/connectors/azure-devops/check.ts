import type { Finding, Self } from '../connector.ts';
import type { Field } from './fields.ts';
import { labelOf } from './fields.ts';
import { isBlocking } from './links.ts';
import type { BacklogParts } from './parts.ts';
import { areaRights, hasAreaRight, mayReadAreas, type Permission } from './permissions.ts';

/** The tracker's side of `winnow check` for one backlog that could be opened. */
export async function check(
  parts: BacklogParts,
  told: { readonly self: Self; readonly fields: readonly Field[]; readonly mayBeQuiet: boolean },
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const read = await mayReadAreas(parts, signal);
  const write = await hasAreaRight(parts, areaRights.writeItems, signal);
  return [
    ok('account', `signed in to ${parts.url} as ${told.self.name}`),
    note('credential', 'Azure DevOps does not tell when this credential ends', 'Note its end in your calendar.'),
    clockFinding(told.self.skewMs),
    levelFinding(parts),
    orderFinding(parts, told.fields),
    effortFinding(parts, told.fields),
    ...scoreFinding(parts, told.fields),
    ...explanationFinding(parts, told.fields),
    permission('read', read),
    permission('edit', write),
    quietFinding(told.mayBeQuiet),
    ...linkFindings(parts),
  ];
}

function ok(topic: string, text: string): Finding {
  return { topic, status: 'ok', text, todo: '' };
}

function note(topic: string, text: string, todo: string): Finding {
  return { topic, status: 'note', text, todo };
}

function problem(topic: string, text: string, todo: string): Finding {
  return { topic, status: 'problem', text, todo };
}

function clockFinding(skewMs: number): Finding {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (seconds <= 60) return ok('clock', 'this machine and the service agree on the time');
  return problem('clock', `this machine's clock differs from the service's by ${seconds} s`, 'Set it by NTP.');
}

function levelFinding({ scope }: BacklogParts): Finding {
  const { level, team, project, types, areas } = scope;
  const text = `${team} / ${level.name} of ${project.name}: ${types.join(', ')} in ${areas.length} area(s)`;
  if (!level.hidden) return ok('backlog', text);
  return problem(
    'backlog',
    `${text}; the team hides this level, so nobody sees its order`,
    'Show the level in the team settings, or choose another one with "level:".',
  );
}

function orderFinding({ scope }: BacklogParts, fields: readonly Field[]): Finding {
  const field = fields.find(({ ref }) => ref === scope.orderField);
  if (field === undefined) {
    return problem('order', `the project has no field ${scope.orderField}`, 'Check the process of the project.');
  }
  return ok('order', `order is kept in ${labelOf(field)}`);
}

function effortFinding({ scope }: BacklogParts, fields: readonly Field[]): Finding {
  const field = fields.find(({ ref }) => ref === scope.effortField);
  if (field !== undefined) return ok('effort', `estimates are read from ${labelOf(field)}`);
  return note('effort', 'this process has no effort field', 'Name one with "azure-devops:" at the effort factor.');
}

function scoreFinding({ plan }: BacklogParts, fields: readonly Field[]): readonly Finding[] {
  const field = fields.find(({ ref }) => ref === plan.score);
  return field === undefined ? [] : [ok('score', `scores are written to ${labelOf(field)}`)];
}

function explanationFinding({ plan }: BacklogParts, fields: readonly Field[]): readonly Finding[] {
  const field = fields.find(({ ref }) => ref === plan.explanation?.ref);
  return field === undefined ? [] : [ok('explanation', `explanations are written to ${labelOf(field)}`)];
}

function permission(act: 'read' | 'edit', answer: Permission): Finding {
  const topic = `permission to ${act}`;
  const right = act === 'read' ? 'View work items in this node' : 'Edit work items in this node';
  switch (answer) {
    case 'yes':
      return ok(topic, `the account may ${act} work items in all areas of the team`);
    case 'no':
      return problem(topic, `the account may not ${act} work items in every area of the team`, `Grant "${right}".`);
    case 'likely':
    case 'unsaid':
      return note(topic, 'the service does not tell this credential about rights', `See that it has "${right}".`);
    default:
      return answer satisfies never;
  }
}

function quietFinding(mayBeQuiet: boolean): Finding {
  if (mayBeQuiet) return ok('notifications', 'changes are written without mail, as far as the service allows');
  return note(
    'notifications',
    'this account may not suppress notifications: watchers may get mail about changes',
    'Grant "Suppress notifications for work item updates" on the project.',
  );
}

const common = 'System.LinkTypes.Dependency-Forward';

function linkFindings({ blockerLinkTypes }: BacklogParts): readonly Finding[] {
  if (blockerLinkTypes.length === 0 || isBlocking(common, blockerLinkTypes)) return [];
  const named = blockerLinkTypes.join(', ');
  const text = `blockers.linkTypes (${named}) does not name Azure DevOps' own predecessor link`;
  return [note('blockers', text, 'Add Dependency-Forward if predecessors shall come first.')];
}
