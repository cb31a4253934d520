import { NotFoundError, PermissionError, RejectedError, messageOf } from '../../errors.ts';
import type { ItemResult } from '../connector.ts';
import { vendorText } from '../vendor-text.ts';
import { fetchByIds, numeric } from './ask-issues.ts';
import { changedSince } from './changed-since.ts';
import type { Anchor, JiraRequest } from './request.ts';
import { parse } from './metadata.ts';
import { WireRankResult } from './schema.ts';
import type { JiraSession } from './session.ts';
import { refOf } from './to-item.ts';

type RankRequest = Extract<JiraRequest, { kind: 'rank' }>;

/** The rank lock is held for moments only. */
const lockPauseMs = 2_000;
/** How many more requests a refused block is worth, to find the issue that spoils it. */
const mostProbes = 14;

interface Ranking {
  readonly session: JiraSession;
  readonly signal: AbortSignal;
  probes: number;
}

/**
 * Ranks a block beside its anchor. Jira answers 204, or 207 with a status per issue; 503 there means that the rank field
 * was locked, and is tried once more. A block that is refused as a whole is halved until the culprit stands alone.
 */
export async function performRank(
  session: JiraSession,
  request: RankRequest,
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const ranking: Ranking = { session, signal, probes: mostProbes };
  return session.rankLine(async () => {
    const changed = await changedSince(session, request, signal);
    const issues = request.issues.filter(id => !changed.has(id));
    const results = issues.length === 0 ? [] : await rankAll(ranking, { ...request, issues });
    const problem = 'somebody changed it while this round was under way';
    const conflicts = [...changed].map((id): ItemResult => ({ ref: refOf(id), status: 'conflict', problem }));
    return [...conflicts, ...(await blameAnchor(ranking, request, results))];
  });
}

/** Where every issue of a block is refused, the one they were to stand beside may be gone: then it is no fault of theirs. */
async function blameAnchor(
  { session, signal }: Ranking,
  { anchor }: RankRequest,
  results: readonly ItemResult[],
): Promise<readonly ItemResult[]> {
  if (anchor === null || results.length === 0 || !results.every(result => result.status === 'failed' && result.repeats))
    return results;
  const id = 'after' in anchor ? anchor.after : anchor.before;
  const what = 'looking for the issue to rank beside';
  const { missing } = await fetchByIds(session, [id], { what, signal, fields: session.wanted });
  if (missing.length === 0) return results;
  const problem = 'the issue it was to stand beside is gone';
  return results.map(({ ref }) => ({ ref, status: 'failed', problem, repeats: false }));
}

async function rankAll(ranking: Ranking, { issues, anchor }: RankRequest): Promise<readonly ItemResult[]> {
  if (anchor !== null) return rankBlock(ranking, issues, anchor);
  // Nothing stands to rank beside, so the first stays where it is and the others follow it.
  const [first, ...others] = issues;
  if (first === undefined) return [];
  const stays: ItemResult = { ref: refOf(first), status: 'applied' };
  return others.length === 0 ? [stays] : [stays, ...(await rankBlock(ranking, others, { after: first }))];
}

async function rankBlock(
  ranking: Ranking,
  issues: readonly string[],
  anchor: Anchor,
  again = false,
): Promise<readonly ItemResult[]> {
  try {
    const entries = await askRank(ranking, issues, anchor);
    return (await retryLocked(ranking, { issues, anchor, entries })).map(resultOf);
  } catch (error) {
    if (error instanceof PermissionError) return failAll(issues, messageOf(error), false);
    if (!(error instanceof RejectedError || error instanceof NotFoundError)) throw error;
    if (isLock(error)) {
      if (again) return failAll(issues, messageOf(error), false);
      await ranking.session.sleep(lockPauseMs, ranking.signal);
      return rankBlock(ranking, issues, anchor, true);
    }
    if (issues.length === 1) return failAll(issues, messageOf(error), ruled(error));
    if (ranking.probes <= 0) return failAll(issues, messageOf(error), false);
    return rankHalves(ranking, issues, anchor);
  }
}

/** Undocumented for ranking, but what Jira says of locked and contested things elsewhere: no fault of any issue. */
function isLock(error: RejectedError | NotFoundError): boolean {
  return error instanceof RejectedError && (error.status === 409 || error.status === 423);
}

/** Whether Jira's own rules refuse it, so that trying again unchanged is pointless. */
function ruled(error: RejectedError | NotFoundError): boolean {
  return error instanceof NotFoundError || error.status === 400;
}

async function rankHalves(ranking: Ranking, issues: readonly string[], anchor: Anchor): Promise<readonly ItemResult[]> {
  ranking.probes -= 2;
  const middle = Math.ceil(issues.length / 2);
  const upper = await rankBlock(ranking, issues.slice(0, middle), anchor);
  const last = upper.filter(result => result.status === 'applied').at(-1);
  const next: Anchor = last === undefined ? anchor : { after: last.ref.slice('jira:'.length) };
  return [...upper, ...(await rankBlock(ranking, issues.slice(middle), next))];
}

/** What became of one issue of a block, by HTTP status. */
interface RankEntry {
  readonly id: string;
  readonly status: number;
  readonly said: string;
}

async function askRank(ranking: Ranking, issues: readonly string[], anchor: Anchor): Promise<readonly RankEntry[]> {
  const { session, signal } = ranking;
  const what = 'ranking issues';
  const answer = await session.transport.ask({ kind: 'write', what, signal }, ({ agile, client }) =>
    agile.rankIssues(client, {
      issues: issues.map(numeric),
      ...('after' in anchor ? { rankAfterIssue: numeric(anchor.after) } : { rankBeforeIssue: numeric(anchor.before) }),
      rankCustomFieldId: session.fields.rank.number,
    }),
  );
  if (answer.status !== 207) return issues.map(id => ({ id, status: answer.status, said: '' }));
  return parse(answer, WireRankResult, what).entries.map(({ issueId, status, errors }) => ({
    id: issueId,
    status,
    said: vendorText((errors ?? []).join('; ')),
  }));
}

function resultOf({ id, status, said }: RankEntry): ItemResult {
  if (status < 300) return { ref: refOf(id), status: 'applied' };
  const problem = `Jira did not rank it (${status}${said === '' ? '' : `: ${said}`})`;
  return { ref: refOf(id), status: 'failed', problem, repeats: status === 400 };
}

/** Runs of issues that found the lock taken, each once more after its neighbour above. */
async function retryLocked(
  ranking: Ranking,
  block: { readonly issues: readonly string[]; readonly anchor: Anchor; readonly entries: readonly RankEntry[] },
): Promise<readonly RankEntry[]> {
  const { issues, anchor, entries } = block;
  const known = new Map(entries.map(entry => [entry.id, entry]));
  const stands = (id: string): boolean => (known.get(id)?.status ?? 500) < 300;
  const runs = runsOf(issues, id => known.get(id)?.status === 503);
  if (runs.length === 0) return entries;
  await ranking.session.sleep(lockPauseMs, ranking.signal);
  for (const { start, run } of runs) {
    const above = issues.slice(0, start).filter(stands).at(-1);
    const again = await askRank(ranking, run, above === undefined ? anchor : { after: above });
    for (const entry of again) known.set(entry.id, entry);
  }
  return [...known.values()];
}

function runsOf(
  issues: readonly string[],
  chosen: (id: string) => boolean,
): readonly { readonly start: number; readonly run: readonly string[] }[] {
  const runs: { start: number; run: string[] }[] = [];
  issues.forEach((id, index) => {
    if (!chosen(id)) return;
    const open = runs.at(-1);
    if (open !== undefined && open.start + open.run.length === index) open.run.push(id);
    else runs.push({ start: index, run: [id] });
  });
  return runs;
}

function failAll(issues: readonly string[], problem: string, repeats: boolean): readonly ItemResult[] {
  return issues.map(id => ({ ref: refOf(id), status: 'failed', problem, repeats }));
}
