import type { ItemRef, Tracker } from '../../../src/item.ts';
import type { RoundReport } from '../../../src/sync/ports.ts';
import { startAzureDevOpsHistory } from './azure-devops-site.ts';
import { install, type Installation } from './installation.ts';
import { startJiraHistory } from './jira-site.ts';
import type { HistorySite } from './site.ts';
import type { Act, Past, Step } from './steps.ts';

export const minute = 60_000;
export const day = 86_400_000;
const begin = Date.UTC(2026, 5, 1, 10);

/** A small backlog on an emulated site on which anything may happen, with rounds in between. */
export interface HistoryWorld {
  readonly site: HistorySite;
  /** Our own time, epoch ms; the tracker's lies apart as the past says. */
  now: number;
  live(steps: readonly Step[]): Promise<void>;
  /** One thing that somebody does. Answers whom it touched, null for nobody. */
  act(act: Act): ItemRef | null;
  /** Ends all faults; rounds at noon of the next day until one withheld and failed nothing. */
  settle(): Promise<void>;
  round(sweep: boolean): Promise<RoundReport>;
  /** Ends of holds, epoch ms. */
  holdEnds(): Promise<readonly number[]>;
  close(): Promise<void>;
}

const openers = { jira: startJiraHistory, 'azure-devops': startAzureDevOpsHistory };

/** What a disturbed site does to a round that cannot even open its backlog. */
const disturbed = /^(TrackerBusy|BadAnswer|Credential|Rejected|UncertainWrite)Error$/;

export async function openHistoryWorld(tracker: Tracker, past: Past): Promise<HistoryWorld> {
  let now = begin;
  const site = await openers[tracker]({ ...past, clock: { now: () => new Date(now + past.skew * 1_000) } });
  const time = { clock: { now: () => new Date(now++) }, sleep: async (ms: number) => void (now += ms) };
  const winnow = install(site, time, past.scored ?? true);
  let touched = new Set<ItemRef>();
  // What went to another project is out of the board's filter, so no search for changes tells it: the next sweep does.
  const unseen = tracker === 'jira' && past.steps.some(step => step.do === 'act' && step.act.do === 'leave');
  const world: HistoryWorld = {
    site,
    get now() {
      return now;
    },
    set now(at) {
      now = at;
    },
    async live(steps) {
      for (const step of steps) {
        now += 1_000;
        await happen(step);
      }
    },
    act(act) {
      now += 1_000;
      return site.act(act);
    },
    async settle() {
      site.faults.clear();
      now = Math.ceil(now / day) * day + day / 2;
      for (let tries = 0; tries < 6; tries++) {
        await winnow.resume();
        const { status, withheld, outcomes } = await winnow.round({ sweep: unseen });
        now += minute;
        if (withheld.length === 0 && outcomes.failed === 0 && status !== 'failed') return;
      }
      throw new Error('no round came clean');
    },
    round: sweep => winnow.round({ sweep }),
    holdEnds: async () => (await winnow.states()).flatMap(({ hold }) => hold?.until?.getTime() ?? []),
    async close() {
      await winnow.close();
      await site.close();
    },
  };
  const happen = async (step: Step): Promise<void> => {
    switch (step.do) {
      case 'act': {
        const ref = site.act(step.act);
        if (ref !== null) touched.add(ref);
        return;
      }
      case 'wait':
        now += step.minutes * minute;
        return;
      case 'round': {
        const told = step.told ? [...touched] : [];
        if (step.told) touched = new Set();
        return survive(() => winnow.round({ sweep: step.sweep, touched: told }));
      }
      case 'plan':
        return survive(() => winnow.round({ purpose: 'plan' }));
      case 'fault':
        return spoil(site, step.fault);
      default:
        return befall(winnow, past, step);
    }
  };
  return world;
}

/** One site writes single items by PUT, the other by PATCH. */
function spoil({ faults, tracker }: HistorySite, fault: Extract<Step, { do: 'fault' }>['fault']): void {
  faults.next(tracker === 'azure-devops' && fault.method === 'PUT' ? { ...fault, method: 'PATCH' } : fault);
}

/** What happens to the installation. */
async function befall(
  winnow: Installation,
  { trouble }: Past,
  step: Exclude<Step, { do: 'act' | 'wait' | 'round' | 'plan' | 'fault' }>,
): Promise<void> {
  switch (step.do) {
    case 'undo':
      await survive(() => winnow.undo());
      // An undo pauses the backlog, and nobody would see any more of it.
      return winnow.resume();
    case 'clean':
      return survive(() => winnow.clean());
    case 'new process':
      return winnow.restart();
    case 'switch account':
      return trouble === 'accounts' ? winnow.switchAccount() : undefined;
    case 'lose journal':
      return trouble === 'journal' ? winnow.lose(step) : undefined;
    case 'back up':
      return winnow.backUp();
    case 'restore backup':
      return trouble === 'journal' ? winnow.restore() : undefined;
    default:
      return step satisfies never;
  }
}

async function survive(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Error) || !disturbed.test(error.name)) throw error;
  }
}
