import { idOf } from '../../item.ts';
import type { Capabilities, TrackerBacklog } from '../connector.ts';
import { loadBoard } from './board.ts';
import { check } from './check.ts';
import { formOf } from './explanation.ts';
import { findLabelled } from './find-labelled.ts';
import { readHistories } from './histories.ts';
import { prepare } from './from-change.ts';
import { locate } from './locate.ts';
import { perform } from './perform.ts';
import { hiddenProjects } from './permissions.ts';
import { mostRanked } from './rank-writes.ts';
import { readAll } from './read-all.ts';
import { readChanges } from './read-changes.ts';
import type { BacklogFields } from './fields.ts';
import type { JiraSession } from './session.ts';
import { settle } from './settle.ts';
import type { Site } from './site.ts';
import { readTalk } from './talk.ts';

const capabilities: Capabilities = {
  movesPerCall: mostRanked,
  editsAreOnePatch: false,
  labelsIgnoreCase: false,
  guardedWrites: false,
};

/** The port over an opened session; every method lives in a file of its own. */
export function createBacklog(session: JiraSession, site: Site): TrackerBacklog {
  const place = session.fields.explanation;
  return {
    can: { ...capabilities, ...(place === undefined ? {} : { explanation: formOf(place) }) },
    get self() {
      return session.self();
    },
    sources: sourcesOf(session.fields, session.scope.kind === 'board' ? session.scope.boardName : null),
    calls: session.transport.calls,
    readAll: (options, take) => readAll(session, options, take),
    readChanges: (from, options, take) => readChanges(session, from, options, take),
    readTalk: (refs, options) => readTalk(session, refs, options),
    readHistories: (items, options) =>
      readHistories(
        session,
        items.map(item => idOf(item.ref)),
        options.signal,
      ),
    locate: (refs, options) => locate(session, refs, options),
    findLabelled: (labels, options) => findLabelled(session, labels, options),
    async canBrowse() {
      // A board we may not see reads as an empty one; its configuration does not.
      if (session.scope.kind === 'board') await loadBoard(site, session.scope.board);
      const hidden = await hiddenProjects(session, site.signal);
      return hidden !== null && hidden.length === 0;
    },
    settle: async (cursor, written, options) => settle(session, cursor, written, options),
    prepare: batch => prepare(batch, { loud: session.memory.loud, asProperty: place?.kind === 'property' }),
    perform: (write, signal) => perform(session, write, signal),
    check: () => check(session, site.signal),
  };
}

/** Where people would look each factor up. */
export function sourcesOf(fields: BacklogFields, board: string | null): Readonly<Record<string, string>> {
  const effort = fields.effort.map(field => `${field.name} (${field.id})`).join(', else ');
  const inputs = Object.entries(fields.inputs).map(([factor, field]) => [factor, `${field.name} (${field.id})`]);
  return {
    priority: 'Priority',
    urgency: 'Due date (duedate)',
    demand: 'Votes and watchers',
    age: 'Created',
    effort: effort === '' ? `no estimation field${board === null ? '' : ` on board ${board}`}` : effort,
    ...(Object.fromEntries(inputs) as Record<string, string>),
  };
}
