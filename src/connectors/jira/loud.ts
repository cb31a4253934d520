import { z } from 'zod';
import type { MetadataCache } from '../connector.ts';
import type { JiraSession } from './session.ts';

/** Projects where Jira refuses `notifyUsers=false`; remembered for a month, since rights change. */
const key = 'jira:loud-projects';
const monthSeconds = 30 * 86_400;
const Keys = z.array(z.string());

export async function loudProjects(metadata: MetadataCache): Promise<readonly string[]> {
  const stored = Keys.safeParse(await metadata.get(key));
  return stored.success ? stored.data : [];
}

export async function noteLoud({ metadata, memory }: JiraSession, project: string): Promise<void> {
  memory.loud.add(project);
  await metadata.put(key, [...new Set([...(await loudProjects(metadata)), project])], monthSeconds);
}
