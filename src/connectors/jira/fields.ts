import { BadAnswerError, ConfigError } from '../../errors.ts';
import type { WireField } from './schema.ts';

/** Which of the site's fields mean what. Found by schema, since names are translated, repeated and renamed. */
export interface FoundField {
  readonly id: string;
  readonly name: string;
}

export interface BacklogFields {
  /** `jql` is how an ORDER BY names it. */
  readonly rank: FoundField & { readonly number: number; readonly jql: string };
  readonly sprint: FoundField | null;
  /** In order of preference: the first that holds a value is the estimate. */
  readonly effort: readonly FoundField[];
  readonly score: FoundField | null;
  /** Where explanations go; not there when none are written. */
  readonly explanation?: ExplanationPlace;
  /** Factor name -> field. */
  readonly inputs: Readonly<Record<string, FoundField>>;
}

/** `rich`: a paragraph field, which speaks Atlassian Document Format; else a short text of one line. */
export type ExplanationPlace =
  { readonly kind: 'property' } | ({ readonly kind: 'field'; readonly rich: boolean } & FoundField);

export interface FieldQuestion {
  readonly fields: readonly WireField[];
  /** Of the board's configuration; null without a board, or where it names none. */
  readonly boardRank: number | null;
  readonly boardEstimation: string | null;
  readonly sources: Readonly<Record<string, string>>;
  readonly score: string | null;
  /** `property`, or a text field; null or absent: none. */
  readonly explanation?: string | null;
  /** For messages. */
  readonly backlog: string;
}

const rankKey = 'com.pyxis.greenhopper.jira:gh-lexo-rank';
const sprintKey = 'com.pyxis.greenhopper.jira:gh-sprint';
const storyPointsKey = 'com.pyxis.greenhopper.jira:jsw-story-points';
const storyPointsNames = ['Story Points', 'Story point estimate'];

/** Throws ConfigError naming the choices, BadAnswerError when the site has no rank field at all. */
export function findFields(question: FieldQuestion): BacklogFields {
  const { fields, score, sources, backlog, explanation = null } = question;
  const inputs = Object.entries(sources).map(([factor, name]) => [
    factor,
    findNamed(fields, name, `backlog ${backlog}: the field of factor ${factor}`),
  ]);
  return {
    rank: findRank(question),
    sprint: inCommon(fields.filter(field => field.schema?.custom === sprintKey)),
    effort: findEffort(question),
    score: score === null ? null : findScore(fields, score, backlog),
    ...(explanation === null ? {} : { explanation: findExplanation(question, explanation) }),
    inputs: Object.fromEntries(inputs) as Record<string, FoundField>,
  };
}

/**
 * A site may have several rank fields; the board's configuration says which one it sorts by. Without a board the one
 * that JQL calls `Rank` is Jira Software's own; further ones are made by hand under other names.
 */
function findRank({ fields, boardRank }: FieldQuestion): BacklogFields['rank'] {
  const ranks = fields.filter(field => field.schema?.custom === rankKey).sort(byNumber);
  const chosen =
    ranks.find(field => numberOf(field) === boardRank) ??
    ranks.find(field => field.clauseNames?.includes('Rank') || field.name === 'Rank') ??
    ranks[0];
  if (boardRank !== null && (chosen === undefined || numberOf(chosen) !== boardRank)) {
    return { id: `customfield_${boardRank}`, name: 'Rank', number: boardRank, jql: `cf[${boardRank}]` };
  }
  if (chosen === undefined) {
    throw new BadAnswerError(
      'The site shows no Rank field. Ranking needs Jira Software, and an account that may browse at least one of its projects.',
    );
  }
  const number = numberOf(chosen);
  return { id: chosen.id, name: chosen.name, number, jql: ranks.length === 1 ? 'Rank' : `cf[${number}]` };
}

/**
 * The board's estimation field; else story points by schema key (team-managed projects), then by exact name, since
 * company-managed ones are plain number fields. Both may hold values in one list, hence several.
 */
function findEffort({ fields, boardEstimation }: FieldQuestion): readonly FoundField[] {
  if (boardEstimation !== null) {
    const known = fields.find(field => field.id === boardEstimation);
    return [{ id: boardEstimation, name: known?.name ?? boardEstimation }];
  }
  const bySchema = fields.filter(field => field.schema?.custom === storyPointsKey);
  const byName = fields.filter(field => field.schema?.type === 'number' && storyPointsNames.includes(field.name));
  const found = new Map([...bySchema.sort(byNumber), ...byName.sort(byNumber)].map(field => [field.id, field]));
  return [...found.values()].map(named);
}

function findScore(fields: readonly WireField[], name: string, backlog: string): FoundField {
  const what = `backlog ${backlog}: write.score`;
  const found = findNamed(fields, name, what);
  const type = fields.find(field => field.id === found.id)?.schema?.type;
  if (type === 'number') return found;
  throw new ConfigError(`${what}: ${found.name} (${found.id}) is no number field but ${type ?? 'of unknown type'}.`);
}

/** The field that holds explanations, if it is a field that does. */
export function explanationField({ explanation }: BacklogFields): FoundField | null {
  return explanation?.kind === 'field' ? explanation : null;
}

const textTypes: Readonly<Record<string, boolean>> = {
  'com.atlassian.jira.plugin.system.customfieldtypes:textarea': true,
  'com.atlassian.jira.plugin.system.customfieldtypes:textfield': false,
};

/** A text field of the site's own making: what Jira itself keeps in a field (description, environment) is people's. */
function findExplanation({ fields, sources, backlog }: FieldQuestion, name: string): ExplanationPlace {
  if (name === 'property') return { kind: 'property' };
  const what = `backlog ${backlog}: write.explanation`;
  const found = findNamed(fields, name, what);
  const custom = fields.find(field => field.id === found.id)?.schema?.custom ?? '';
  const rich = textTypes[custom];
  if (rich === undefined) {
    throw new ConfigError(
      `${what}: ${found.name} (${found.id}) is no custom text field (short text or paragraph). Name one, or property.`,
    );
  }
  const read = Object.entries(sources).find(([factor, source]) => findNamed(fields, source, factor).id === found.id);
  if (read !== undefined) throw new ConfigError(`${what}: ${found.name} (${found.id}) is read by factor ${read[0]}.`);
  return { kind: 'field', rich, ...found };
}

/** By id; else by exact name; else by name without case. Two matches are an error that lists both ids. */
export function findNamed(fields: readonly WireField[], name: string, what: string): FoundField {
  const fold = name.trim().toLowerCase();
  const byId = fields.filter(
    field => field.id === name || (field.clauseNames?.includes(name) === true && /^cf\[\d+\]$/.test(name)),
  );
  const exact = fields.filter(field => field.name === name.trim());
  const folded = fields.filter(field => field.name.toLowerCase() === fold);
  const matches = [byId, exact, folded].find(found => found.length > 0) ?? [];
  const [first, second] = matches;
  if (first === undefined)
    throw new ConfigError(`${what}: the site has no field ${quote(name)}.${similar(fields, fold)}`);
  if (second === undefined) return named(first);
  const ids = matches.map(field => `${field.id}${field.scope?.project ? ` (project ${field.scope.project.id})` : ''}`);
  throw new ConfigError(
    `${what}: ${matches.length} fields are called ${quote(name)}: ${ids.join(', ')}. Name one by its id.`,
  );
}

function similar(fields: readonly WireField[], fold: string): string {
  const words = fold.split(/\s+/).filter(word => word.length > 2);
  const near = fields.filter(field => words.some(word => field.name.toLowerCase().includes(word))).slice(0, 8);
  if (near.length === 0)
    return ' Look it up under Settings > Issues > Custom fields; the account must be able to see it.';
  return ` Similar: ${near.map(field => `${field.name} (${field.id})`).join(', ')}.`;
}

/** One field of several with the same meaning: one that all projects share, the oldest of them. */
function inCommon(fields: readonly WireField[]): FoundField | null {
  const sorted = [...fields].sort(byNumber);
  const chosen = sorted.find(field => !field.scope?.project) ?? sorted[0];
  return chosen === undefined ? null : named(chosen);
}

function named({ id, name }: WireField): FoundField {
  return { id, name };
}

function numberOf(field: WireField): number {
  return field.schema?.customId ?? Number(field.id.replace('customfield_', ''));
}

function byNumber(a: WireField, b: WireField): number {
  return numberOf(a) - numberOf(b);
}

function quote(name: string): string {
  return JSON.stringify(name);
}
