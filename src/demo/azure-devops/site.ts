import type { Clock } from '../../clock.ts';
import type { Faults } from '../http/faults.ts';
import type { Exchange } from '../http/message.ts';
import { createPostBox } from '../http/post-box.ts';
import { startHttpSite } from '../http/server.ts';
import { createHumanActs, type HumanActs } from './acts.ts';
import { createHandler } from './handle.ts';
import { createServiceHooks, type ServiceHooks } from './hooks/service-hooks.ts';
import { guidOf, personNamed, type Identity } from './identity.ts';
import { createInspection, type Inspection } from './inspect.ts';
import { createOrganisation, type Limits, type Organisation } from './organisation.ts';
import type { Level } from './process.ts';
import type { Project } from './project.ts';
import type { AzureDevOpsRecords, ProjectSpec } from './records.ts';
import { createSwitches, type Switches } from './switches.ts';

export interface AzureDevOpsSiteOptions {
  readonly clock: Clock;
  /** What the organisation starts with. */
  readonly records?: AzureDevOpsRecords;
  /** Further projects, empty at first. */
  readonly projects?: readonly ProjectSpec[];
  readonly onExchange?: (exchange: Exchange) => void;
  readonly port?: number;
  /** Entries per page of the reporting feeds; 200 when absent. */
  readonly feedPageSize?: number;
  /** Name of the organisation in its URL; `acme` when absent. */
  readonly organisation?: string;
  /** Whose token it is. */
  readonly owner?: Identity;
  /** How many exchanges to keep; 1,000 when absent. */
  readonly keepExchanges?: number;
  /** Pauses between tries of a service hook's delivery; the vendor's own (1 to 60 seconds) when absent. */
  readonly webhookPausesMs?: readonly number[];
}

export interface ProjectView {
  readonly id: string;
  readonly name: string;
  readonly process: string;
  /** The default team. */
  readonly team: string;
  readonly teams: readonly string[];
  readonly levels: readonly Pick<Level, 'id' | 'name' | 'kind' | 'types'>[];
  readonly orderField: string;
  readonly effortField: string;
}

type SwitchActs = Pick<
  Switches,
  'revokePat' | 'acceptPat' | 'refuseNext' | 'slowDownNext' | 'raceOn' | 'breakRuleOn' | 'allowSuppress' | 'allowHooks'
>;

export interface AzureDevOpsSite extends HumanActs, Inspection {
  /** `http://127.0.0.1:<port>/<organisation>` */
  readonly url: string;
  readonly pat: string;
  readonly owner: Identity;
  readonly projects: readonly ProjectView[];
  readonly faults: Faults;
  readonly switches: SwitchActs;
  readonly webhooks: ServiceHooks;
  /** Rows per query, revisions per item, entries per page: lower them to meet the vendor's refusals sooner. */
  readonly limits: Limits;
  /** The token's owner can no longer read the item, or can again. */
  hide(id: number, hidden?: boolean): void;
  /** From now on the token is somebody else's, as after a change of the service account. */
  giveToken(person: Identity): void;
  exchanges(): readonly Exchange[];
  /** The organisation's own time: never behind its last change. */
  now(): Date;
  close(): Promise<void>;
}

/** Starts an emulated Azure DevOps Services organisation on the loopback address. */
export async function startAzureDevOpsSite(options: AzureDevOpsSiteOptions): Promise<AzureDevOpsSite> {
  const organisation = organisationOf(options);
  const { name, owner } = organisation;
  const switches = createSwitches();
  const pat = `pat-${guidOf(`token ${name}`).replaceAll('-', '')}`;
  let base = '';
  const hooks = createServiceHooks(organisation, () => base, {
    post: createPostBox(),
    ...(options.webhookPausesMs === undefined ? {} : { pauses: options.webhookPausesMs }),
  });
  const http = await startHttpSite({
    clock: organisation.instants,
    handle: createHandler({ organisation, switches, hooks, pat, base: () => base }),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.onExchange === undefined ? {} : { onExchange: options.onExchange }),
    ...(options.keepExchanges === undefined ? {} : { keep: options.keepExchanges }),
  });
  base = `${http.url}/${encodeURIComponent(name)}`;
  return {
    ...createHumanActs(organisation),
    ...createInspection(organisation),
    url: base,
    pat,
    owner,
    projects: organisation.projects.map(viewOf),
    faults: http.faults,
    switches,
    webhooks: hooks,
    limits: organisation.limits,
    hide: (id, hidden = true) => void (hidden ? organisation.hidden.add(id) : organisation.hidden.delete(id)),
    giveToken: person => void (organisation.owner = person),
    exchanges: () => http.exchanges.all(),
    now: () => organisation.instants.now(),
    close() {
      hooks.post.close();
      return http.close();
    },
  };
}

function organisationOf(options: AzureDevOpsSiteOptions): Organisation {
  return createOrganisation({
    name: options.organisation ?? 'acme',
    clock: options.clock,
    owner: options.owner ?? personNamed('Winnow Service', 'winnow@example.com'),
    projects: [...(options.records?.projects ?? []), ...(options.projects ?? [])],
    items: options.records?.items ?? [],
    feedPageSize: options.feedPageSize ?? 200,
  });
}

function viewOf({ id, name, process, teams }: Project): ProjectView {
  return {
    id,
    name,
    process: process.name,
    team: teams[0]?.name ?? '',
    teams: teams.map(team => team.name),
    levels: process.levels.map(level => ({ id: level.id, name: level.name, kind: level.kind, types: level.types })),
    orderField: process.orderField,
    effortField: process.effortField,
  };
}
