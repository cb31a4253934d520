import type { World } from './model.ts';
import { personNamed } from './people.ts';
import type { SignIn } from './sign-in.ts';
import type { Tokens } from './tokens.ts';
import { findIssue } from './world.ts';

/** Circumstances of the token's account and of the site, changed while it runs. */
export interface Switches {
  /** The token stops working (401). */
  revokeToken(): void;
  restoreToken(): void;
  /** From now on the token is somebody else's, as after a change of the service account. */
  giveToken(person: string): void;
  /** Ranking answers 403. */
  noRank(on?: boolean): void;
  /** The project's issues vanish from every list; lists stay 200. */
  noBrowse(projectKey: string, on?: boolean): void;
  /** Edits of the project's issues are refused. */
  noEdit(projectKey: string, on?: boolean): void;
  /** `notifyUsers=false` answers 403 and writes nothing. */
  noNotifyAdmin(on?: boolean): void;
  /** Bulk edits are refused. */
  noBulkChange(on?: boolean): void;
  /** Writes to this issue fail for now: rank 207 with 503, edit 409, bulk edit a failed entry. */
  lock(key: string, reason?: string): void;
  unlock(key: string): void;
  /** Page tokens given so far stop working. */
  expireTokens(): void;
  indexLag(ms: number): void;
}

const BUSY = 'JIRA Agile cannot execute the rank operation at this time. Please try again later.';

export function createSwitches(parts: {
  readonly world: World;
  readonly signIn: SignIn;
  readonly tokens: Tokens;
}): Switches {
  const { world, signIn, tokens } = parts;
  const { rights } = world;
  const put = (set: Set<string>, entry: string, on: boolean): void => void (on ? set.add(entry) : set.delete(entry));
  const idOf = (key: string): number => {
    const issue = findIssue(world, key);
    if (issue === null) throw new Error(`${key} is not on the emulated site.`);
    return issue.id;
  };
  return {
    revokeToken: () => signIn.revoke(),
    restoreToken: () => signIn.restore(),
    giveToken: person => void (world.self = personNamed(person, world.people)),
    noRank: (on = true) => void (rights.rank = !on),
    noBrowse: (projectKey, on = true) => put(rights.hiddenProjects, projectKey, on),
    noEdit: (projectKey, on = true) => put(rights.readOnlyProjects, projectKey, on),
    noNotifyAdmin: (on = true) => void (rights.notifyAdmin = !on),
    noBulkChange: (on = true) => void (rights.bulkChange = !on),
    lock: (key, reason = BUSY) => void world.locked.set(idOf(key), reason),
    unlock: key => void world.locked.delete(idOf(key)),
    expireTokens: () => tokens.expireAll(),
    indexLag: ms => void (world.indexLagMs = ms),
  };
}
