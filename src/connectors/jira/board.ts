import { z } from 'zod';
import { messageOf, NotFoundError, PermissionError, RejectedError } from '../../errors.ts';
import { cached, parse } from './metadata.ts';
import { WireBoardConfiguration, WireBoards, WireFilter } from './schema.ts';
import { ask, type Site } from './site.ts';

/** What a board's configuration decides. */
const BoardSchema = z.object({
  id: z.number(),
  name: z.string(),
  /** `scrum`, `kanban` or `simple`. */
  type: z.string(),
  filter: z.string(),
  /** null when the filter itself may not be read. */
  filterJql: z.string().nullable(),
  project: z.string().nullable(),
  rankField: z.number().nullable(),
  estimationField: z.string().nullable(),
  startedStatuses: z.array(z.string()),
});
export type Board = z.infer<typeof BoardSchema>;

/** Throws NotFoundError naming boards that the account can see. */
export function readBoard(site: Site, id: number): Promise<Board> {
  return cached(site.metadata, `${site.account}:board:${id}`, BoardSchema, () => loadBoard(site, id));
}

/** Not from the cache: also tells whether the account may see the board at this moment. */
export async function loadBoard(site: Site, id: number): Promise<Board> {
  const what = `reading the configuration of board ${id}`;
  let configuration;
  try {
    const answer = await ask(site, what, ({ agile, client }) => agile.getConfiguration(client, { boardId: id }));
    configuration = parse(answer, WireBoardConfiguration, what);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new NotFoundError(`There is no board ${id} that this account may see. ${await choices(site)}`, {
      cause: error,
    });
  }
  const { name, type, filter, location, ranking, estimation, columnConfig } = configuration;
  return {
    id,
    name,
    type,
    filter: filter.id,
    filterJql: await readFilterJql(site, filter.id),
    project: location?.key ?? location?.projectKeyOrId ?? null,
    rankField: ranking?.rankCustomFieldId ?? null,
    estimationField: estimation?.field?.fieldId ?? null,
    startedStatuses: startedStatuses(type, columnConfig.columns),
  };
}

type Columns = z.infer<typeof WireBoardConfiguration>['columnConfig']['columns'];

/**
 * On a kanban board the first column is the backlog, and whoever drags an issue further has begun with it, whatever
 * category the status has. A scrum board's columns are about sprints, which its backlog list leaves out anyway.
 */
function startedStatuses(type: string, columns: Columns): string[] {
  if (type !== 'kanban') return [];
  const first = columns.findIndex(column => column.statuses.length > 0);
  return columns.slice(first + 1).flatMap(column => column.statuses.map(status => status.id));
}

/** Only used to tell whether our writes can move issues in or out; a filter that is not shared with us stays unknown. */
async function readFilterJql(site: Site, filter: string): Promise<string | null> {
  const what = `reading filter ${filter}`;
  try {
    const answer = await ask(site, what, ({ cloud, client }) => cloud.getFilter(client, { id: Number(filter) }));
    return parse(answer, WireFilter, what).jql ?? null;
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof PermissionError || error instanceof RejectedError)
      return null;
    throw error;
  }
}

async function choices(site: Site): Promise<string> {
  const what = 'listing boards';
  try {
    const answer = await ask(site, what, ({ agile, client }) => agile.getAllBoards(client, { maxResults: 50 }));
    const boards = parse(answer, WireBoards, what).values;
    if (boards.length === 0) return 'It may see no board at all: check its product access and permissions.';
    const named = boards.slice(0, 20).map(board => `${board.id} (${board.name})`);
    return `Boards: ${named.join(', ')}${boards.length > named.length ? ', ...' : ''}. The number is in a board's address.`;
  } catch (error) {
    return `The boards could not be listed (${messageOf(error)}).`;
  }
}
