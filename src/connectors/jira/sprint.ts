import { isRecord, textOf } from './readings.ts';

interface Sprint {
  readonly name: string;
  readonly state: string;
}

/**
 * Name of the active or future sprint among a sprint field's values, or null; active before future. Cloud sends objects,
 * older sites the text form `...Sprint@1f[id=12,state=ACTIVE,name=Sprint 3,...]`.
 */
export function runningSprint(raw: unknown): string | null {
  const sprints = (Array.isArray(raw) ? raw : [raw]).flatMap(one => readSprint(one) ?? []);
  const running =
    sprints.find(sprint => sprint.state === 'active') ?? sprints.find(sprint => sprint.state === 'future');
  return running?.name ?? null;
}

function readSprint(raw: unknown): Sprint | null {
  if (typeof raw === 'string') return readText(raw);
  if (!isRecord(raw)) return null;
  const state = textOf(raw['state']);
  return state === null ? null : { name: textOf(raw['name']) ?? 'a sprint', state: state.toLowerCase() };
}

/** Names may hold commas and brackets, so a value ends only where the next known key begins. */
function readText(text: string): Sprint | null {
  const state = /[[,]state=(\w+)/.exec(text)?.[1];
  if (state === undefined) return null;
  const name =
    /[[,]name=(.*?)(?=,(?:startDate|endDate|completeDate|activatedDate|sequence|goal|autoStartStop|id|state|rapidViewId)=|\]$)/s;
  return { name: name.exec(text)?.[1] ?? 'a sprint', state: state.toLowerCase() };
}
