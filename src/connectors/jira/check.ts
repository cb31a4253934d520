import type { Finding } from '../connector.ts';
import { sortsBy } from './jql.ts';
import { loudProjects } from './loud.ts';
import { permissionsIn, scopeProjects } from './permissions.ts';
import type { JiraSession } from './session.ts';

const inProject = ['BROWSE_PROJECTS', 'EDIT_ISSUES', 'SCHEDULE_ISSUES', 'ADMINISTER_PROJECTS'];
const onSite = ['BULK_CHANGE', 'ADMINISTER'];
const mostProjects = 10;

/** Jira's side of `winnow check`: what is ranked, by which fields, and whether the account may do what it is to do. */
export async function check(session: JiraSession, signal: AbortSignal): Promise<readonly Finding[]> {
  const projects = await scopeProjects(session);
  const site = await permissionsIn(session, null, onSite, signal);
  const findings = [
    scopeFinding(session),
    ...sortFindings(session),
    ...fieldFindings(session),
    ...explanationFindings(session.fields),
  ];
  for (const project of projects.slice(0, mostProjects)) {
    const held = await permissionsIn(session, project, inProject, signal);
    findings.push(...projectFindings(project, held), mailFinding(project, held, site));
  }
  if (projects.length === 0) {
    findings.push(
      note(
        'permissions',
        'which projects the query is about is not known before a first read',
        'run winnow plan, then check again',
      ),
    );
  }
  findings.push(
    site.has('BULK_CHANGE')
      ? ok('bulk edits', 'the account may make bulk changes')
      : note('bulk edits', 'the account may not make bulk changes: labels are written one issue at a time', bulkTodo),
  );
  const loud = await loudProjects(session);
  if (loud.length > 0) findings.push(note('mail', `Jira refused to edit without mail in ${loud.join(', ')}`, mailTodo));
  return findings;
}

const bulkTodo = 'grant the global permission Make bulk changes';
const mailTodo = 'grant the account Administer projects there, so that score and text edits mail nobody';

function explanationFindings({ explanation }: JiraSession['fields']): readonly Finding[] {
  if (explanation === undefined) return [];
  const where =
    explanation.kind === 'property' ? 'the issue property winnow' : `${explanation.name} (${explanation.id})`;
  return [ok('explanation', `explanations are written to ${where}`)];
}

function scopeFinding({ scope }: JiraSession): Finding {
  if (scope.kind === 'jql') return ok('scope', `query ${scope.jql}`);
  return ok('scope', `board ${scope.board} (${scope.boardName}, ${scope.boardType}), filter ${scope.filter}`);
}

/**
 * A board whose filter does not sort by rank shows another order, and lets nobody drag.
 * https://confluence.atlassian.com/jirakb ("Some users are unable to re-order issues")
 */
function sortFindings({ scope, fields }: JiraSession): readonly Finding[] {
  if (scope.kind === 'jql' || scope.filterJql === null || sortsBy(scope.filterJql, fields.rank)) return [];
  return [
    {
      topic: 'sorting',
      status: 'problem',
      text: `filter ${scope.filter} of the board does not sort by ${fields.rank.name}, so the board shows another order`,
      todo: `end the filter with: ORDER BY ${fields.rank.jql} ASC`,
    },
  ];
}

function fieldFindings({ fields }: JiraSession): readonly Finding[] {
  const { rank, effort, score, inputs, sprint } = fields;
  const named = Object.entries(inputs).map(([factor, field]) => `${factor} = ${field.name} (${field.id})`);
  return [
    ok('rank field', `${rank.name} (${rank.id})`),
    sprint === null
      ? note('sprint field', 'the site has none', 'nothing to do if it has no scrum boards')
      : ok('sprint field', `${sprint.name} (${sprint.id})`),
    effort.length === 0
      ? note(
          'estimation',
          'the board estimates with no field, and none is called story points',
          'name one: effort: { jira: <field> }',
        )
      : ok('estimation', effort.map(field => `${field.name} (${field.id})`).join(', else ')),
    ...(named.length === 0 ? [] : [ok('factor fields', named.join('; '))]),
    ...(score === null ? [] : [ok('score field', `${score.name} (${score.id})`)]),
  ];
}

function projectFindings(project: string, held: ReadonlySet<string>): readonly Finding[] {
  const needed: readonly (readonly [string, string, string])[] = [
    ['BROWSE_PROJECTS', 'see its issues', 'Browse projects'],
    ['EDIT_ISSUES', 'edit labels and fields', 'Edit issues'],
    ['SCHEDULE_ISSUES', 'rank issues', 'Schedule issues'],
  ];
  return needed.map(([key, act, name]) =>
    held.has(key)
      ? ok(`permissions ${project}`, `may ${act}`)
      : {
          topic: `permissions ${project}`,
          status: 'problem',
          text: `may not ${act}`,
          todo: `grant the account ${name} in project ${project}`,
        },
  );
}

function mailFinding(project: string, held: ReadonlySet<string>, site: ReadonlySet<string>): Finding {
  if (held.has('ADMINISTER_PROJECTS') || site.has('ADMINISTER')) {
    return ok(`mail ${project}`, 'edits are made without mailing watchers');
  }
  return note(
    `mail ${project}`,
    'Jira lets only administrators edit without mail: labels go by bulk edit, scores may mail',
    mailTodo,
  );
}

function ok(topic: string, text: string): Finding {
  return { topic, status: 'ok', text, todo: '' };
}

function note(topic: string, text: string, todo: string): Finding {
  return { topic, status: 'note', text, todo };
}
