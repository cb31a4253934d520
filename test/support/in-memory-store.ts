import type { ItemRef } from '../../src/item.ts';
import type {
  Approval,
  Intent,
  Journal,
  LostSpan,
  OwnWrite,
  Pause,
  Quarantined,
  RoundOpening,
  RoundReport,
  Snapshot,
  StateStore,
} from '../../src/sync/ports.ts';
import type { MetadataCache } from '../../src/connectors/connector.ts';

interface StoredIntent {
  readonly intent: Intent;
  readonly connection: string;
  readonly backlog: string;
  closedAt: Date | null;
  status: OwnWrite['status'];
}

export interface InMemoryJournal extends Journal {
  readonly intents: readonly StoredIntent[];
  /** What a backup would hold. */
  copy(): JournalContent;
}

export interface JournalContent {
  readonly openings: Map<string, RoundOpening>;
  readonly reports: RoundReport[];
  readonly intents: StoredIntent[];
  readonly lost: Map<string, LostSpan[]>;
}

/** Twins of the store's two halves, for rounds that need no database. */
export function createInMemoryJournal(from?: JournalContent): InMemoryJournal {
  const empty: JournalContent = { openings: new Map(), reports: [], intents: [], lost: new Map() };
  const { openings, reports, intents, lost } = structuredClone(from ?? empty);
  const siteOf = new Map([...openings.values()].map(o => [o.connection, o.site ?? o.connection]));
  const together = (a: string, b: string): boolean => a === b || (siteOf.get(a) ?? a) === siteOf.get(b);
  const approvals: Approval[] = [];
  const plans = new Map<string, Parameters<Journal['recordPlan']>[1]>();
  const closed = (id: string): boolean => reports.some(r => r.id === id);
  return {
    intents,
    copy: () => structuredClone({ openings, reports, intents, lost }),
    async openRound(opening) {
      openings.set(opening.id, opening);
      siteOf.set(opening.connection, opening.site ?? opening.connection);
    },
    async recordPlan(round, plan) {
      plans.set(round, plan);
    },
    async intend(round, write, at) {
      const { connection = '', backlog = '' } = openings.get(round) ?? {};
      for (const { change: _change, ...effect } of write.effects) {
        intents.push({
          intent: { round, write: write.id, effect, at },
          connection,
          backlog,
          closedAt: null,
          status: 'open',
        });
      }
    },
    async outcome(round, write, results, at) {
      for (const stored of intents) {
        const result = results.find(r => r.ref === stored.intent.effect.ref);
        if (stored.intent.round !== round || stored.intent.write !== write || result === undefined) continue;
        stored.closedAt = at;
        stored.status = result.status;
      }
    },
    async closeRound(report) {
      reports.unshift(report);
    },
    async openIntents(backlog) {
      return intents.filter(i => i.backlog === backlog && i.status === 'open').map(i => i.intent);
    },
    async resolveIntent(intent, landed, at) {
      const stored = intents.find(i => i.intent === intent);
      if (stored === undefined) throw new Error('no such intent');
      stored.closedAt = at;
      stored.status = landed ? 'applied' : 'not-landed';
    },
    async closeAbandoned(backlog, except) {
      return [...openings.values()].filter(o => o.backlog === backlog && o.id !== except && !closed(o.id)).length;
    },
    async ownWrites(connection, refs) {
      const found = new Map<ItemRef, OwnWrite[]>();
      for (const { intent, connection: on, closedAt, status } of intents) {
        const { ref, field, from, to } = intent.effect;
        if (!together(on, connection) || !refs.includes(ref)) continue;
        const account = openings.get(intent.round)?.account;
        const by = account === undefined ? {} : { account };
        found.set(ref, [
          ...(found.get(ref) ?? []),
          { field, from, to, intendedAt: intent.at, closedAt, status, ...by },
        ]);
      }
      return found;
    },
    async coversSince(connection) {
      const rounds = [...openings.values()].filter(o => together(o.connection, connection));
      return rounds.map(o => o.startedAt).sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
    },
    async lostSpans(backlog) {
      return lost.get(backlog) ?? [];
    },
    async noteLost(backlog, { at, now, toleranceMs }) {
      const starts = [...openings.values()].filter(o => o.backlog === backlog).map(o => o.startedAt.getTime());
      const early = at.getTime() - toleranceMs;
      const late = at.getTime() + toleranceMs;
      const before = Math.max(...starts.filter(start => start <= early));
      const after = Math.min(...starts.filter(start => start >= late));
      const span = {
        from: new Date(Number.isFinite(before) ? before : early),
        to: new Date(Number.isFinite(after) ? after : Math.max(now.getTime(), late)),
      };
      lost.set(backlog, [...(lost.get(backlog) ?? []), span]);
      return span;
    },
    async auditOf(rounds) {
      return new Map(
        rounds.flatMap(id => {
          const opening = openings.get(id);
          if (opening === undefined) return [];
          const { connection, model, modelHash, account = null } = opening;
          return [[id, { connection, model, modelHash, plan: null, account }]];
        }),
      );
    },
    async prune(before) {
      const old = [...openings.values()].filter(o => o.startedAt < before && closed(o.id)).map(o => o.id);
      const kept = intents.filter(i => !old.includes(i.intent.round));
      const writes = intents.length - kept.length;
      intents.splice(0, intents.length, ...kept);
      for (const id of old) openings.delete(id);
      return { rounds: old.length, writes };
    },
    async writesSince(connection, since, atLeast) {
      const counts = new Map<ItemRef, number>();
      const writes = new Set(
        intents
          .filter(i => i.connection === connection && i.intent.at >= since)
          .map(i => `${i.intent.round} ${i.intent.write} ${i.intent.effect.ref}`),
      );
      for (const write of writes) {
        const ref = (write.split(' ')[2] ?? '') as ItemRef;
        counts.set(ref, (counts.get(ref) ?? 0) + 1);
      }
      return new Map([...counts].filter(([, count]) => count >= atLeast));
    },
    async journaledRound(id) {
      const opening = openings.get(id);
      if (opening === undefined) return null;
      const { backlog, connection, mode, startedAt } = opening;
      const { changes, order } = plans.get(id) ?? { changes: [], order: null };
      return { id, backlog, connection, mode, startedAt, changes, order };
    },
    async effects(of) {
      return intents.flatMap(({ intent, connection, closedAt, status }) => {
        const { ref, key, field, from, to } = intent.effect;
        const wanted =
          'round' in of
            ? intent.round === of.round
            : 'item' in of
              ? [ref, key].includes(of.item) && of.rounds.includes(intent.round)
              : together(connection, of.connection) && of.refs.includes(ref);
        const account = openings.get(intent.round)?.account;
        const by = account === undefined ? {} : { account };
        const { round, at: intendedAt } = intent;
        return wanted ? [{ round, ref, key, field, from, to, intendedAt, closedAt, status, ...by }] : [];
      });
    },
    async grantApproval(approval) {
      approvals.unshift(approval);
    },
    async newestApproval(backlog) {
      return approvals.find(approval => approval.backlog === backlog) ?? null;
    },
    async rounds({ backlog, runsOnly = false, limit }) {
      const asked = ({ purpose = 'run' }: RoundReport): boolean => runsOnly && purpose !== 'run';
      return reports.filter(r => (backlog === undefined || r.backlog === backlog) && !asked(r)).slice(0, limit);
    },
  };
}

export interface InMemoryState extends StateStore {
  /** What a backup would hold. */
  copy(): StateContent;
}

export interface StateContent {
  readonly snapshots: Map<string, Snapshot>;
  readonly quarantine: Map<string, Quarantined[]>;
}

export function createInMemoryState(from?: StateContent): InMemoryState {
  const empty: StateContent = { snapshots: new Map(), quarantine: new Map() };
  const { snapshots, quarantine } = structuredClone(from ?? empty);
  const cache = new Map<string, unknown>();
  const pauses = new Map<string, Pause[]>();
  const resumed = new Map<string, Date>();
  const told = new Map<string, unknown>();
  const runs = (pause: Pause, now: Date): boolean => pause.until === null || pause.until > now;
  return {
    copy: () => structuredClone({ snapshots, quarantine }),
    async load(backlog) {
      return snapshots.get(backlog) ?? null;
    },
    async save(backlog, { meta, put, drop }) {
      const items = new Map(snapshots.get(backlog)?.items ?? []);
      for (const ref of drop) items.delete(ref);
      for (const state of put) items.set(state.item.ref, state);
      snapshots.set(backlog, { meta, items });
    },
    async drop(backlog) {
      snapshots.delete(backlog);
    },
    async holders(_connection, backlog, refs) {
      const found = new Map<ItemRef, string>();
      for (const [name, snapshot] of snapshots) {
        if (name === backlog) continue;
        for (const ref of refs) if (snapshot.items.has(ref)) found.set(ref, name);
      }
      return found;
    },
    async quarantine(backlog, entry) {
      quarantine.set(backlog, [...(quarantine.get(backlog) ?? []), entry]);
    },
    async quarantined(backlog) {
      return quarantine.get(backlog) ?? [];
    },
    metadata(): MetadataCache {
      return {
        get: async key => cache.get(key) ?? null,
        put: async (key, value) => void cache.set(key, value),
      };
    },
    async pauses(backlog, now) {
      return (pauses.get(backlog) ?? []).filter(pause => runs(pause, now));
    },
    async pause(backlog, pause) {
      const others = (pauses.get(backlog) ?? []).filter(known => known.reason !== pause.reason);
      pauses.set(backlog, [...others, pause]);
    },
    async resume(backlog, { at }) {
      const ended = (pauses.get(backlog) ?? []).filter(pause => runs(pause, at));
      pauses.delete(backlog);
      resumed.set(backlog, at);
      return ended;
    },
    async resumedAt(backlog) {
      return resumed.get(backlog) ?? null;
    },
    async told(backlog) {
      return told.get(backlog) ?? null;
    },
    async keepTold(backlog, notices) {
      told.set(backlog, notices);
    },
  };
}
