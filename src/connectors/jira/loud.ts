import { z } from 'zod';
import type { MetadataCache } from '../connector.ts';
import type { JiraSession } from './session.ts';

/** Projects where Jira refuses `notifyUsers=false`; remembered for a month, since rights change. */
const monthSeconds = 30 * 86_400;
const Keys = z.array(z.string());

interface Account {
  readonly metadata: MetadataCache;
  readonly account: string;
}

export async function loudProjects({ metadata, account }: Account): Promise<readonly string[]> {
  const stored = Keys.safeParse(await metadata.get(keyOf(account)));
  return stored.success ? stored.data : [];
}

export async function noteLoud(session: JiraSession, project: string): Promise<void> {
  session.memory.loud.add(project);
  const all = [...new Set([...(await loudProjects(session)), project])];
  await session.metadata.put(keyOf(session.account), all, monthSeconds);
}

function keyOf(account: string): string {
  return `${account}:loud-projects`;
}
