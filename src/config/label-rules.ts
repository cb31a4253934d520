import { trackerOf } from './connection-url.ts';
import { connectionNameOf, type Entries } from './entries.ts';
import type { Problem } from './problem.ts';

/** What a tracker's labels cannot hold: Jira no blanks; Azure DevOps separates tags by ";" and ",". */
const forbidden = {
  jira: { characters: /\s/, words: 'blanks, which labels in Jira cannot have' },
  'azure-devops': { characters: /[;,]/, words: '";" or ",", which separate tags in Azure DevOps' },
} as const;

/** The prefix of a model must make labels that the trackers of its backlogs can hold. */
export function checkPrefixes(entries: Entries): readonly Problem[] {
  return [...entries.models].flatMap(([name, model]) => {
    const path = ['models', name, 'labels', 'prefix'];
    const { prefix } = model.labels;
    if (/\p{Cc}/u.test(prefix)) return [{ path, message: 'must not hold line breaks or control characters' }];
    for (const tracker of trackersOf(name, entries)) {
      const { characters, words } = forbidden[tracker];
      if (characters.test(prefix)) return [{ path, message: `must not hold ${words}; write, say, winnow-` }];
    }
    return [];
  });
}

/** Pin labels that can be on no item: not wrong, but surely not meant. */
export function unusablePins(entries: Entries): readonly string[] {
  return [...entries.backlogs].flatMap(([name, backlog]) => {
    const connection = entries.connections.get(connectionNameOf(backlog, entries) ?? '');
    const tracker = connection === undefined ? null : trackerOf(connection);
    if (tracker === null) return [];
    const { characters, words } = forbidden[tracker];
    return backlog.pins.labels
      .filter(label => characters.test(label))
      .map(label => `backlogs.${name}.pins.labels: "${label}" can pin nothing, for it holds ${words}`);
  });
}

function trackersOf(model: string, entries: Entries): ReadonlySet<'jira' | 'azure-devops'> {
  const trackers = [...entries.backlogs.values()].flatMap(backlog => {
    if (backlog.model !== model) return [];
    const connection = entries.connections.get(connectionNameOf(backlog, entries) ?? '');
    return connection === undefined ? [] : (trackerOf(connection) ?? []);
  });
  return new Set(trackers);
}
