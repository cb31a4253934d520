import { foldName } from '../fold.ts';
import { mapped, quoted } from '../factor-reading.ts';
import { coverageOf, inSumOrder, partOf, type Figure, type PreparedModel, type Term } from '../terms.ts';
import { problemOf, weightedSum } from './weighted.ts';

/** Must 3, Should 2, Could 1, Won't 0: the DSDM Agile Project Framework's four classes. */
export type MoscowClass = 0 | 1 | 2 | 3;

/** Points of score that one class spans; the weighted part fills it, short of the next class by a hundredth. */
export const classWidth = 25;
export const classRoom = 24.99;
/** The factor whose word names the class. */
export const classFactor = 'moscow';

/** The class of a word such as `Must`, `must have`, `Should-have`, `Won't have this time`; null when it is none. */
export function classOfWord(word: string): MoscowClass | null {
  const plain = foldName(word).replace(/[’‘`´]/g, "'");
  const first = /^(must|should|could|won'?t|will not)(?![a-z])/.exec(plain)?.[1];
  if (first === undefined) return null;
  if (first === 'must') return 3;
  if (first === 'should') return 2;
  return first === 'could' ? 1 : 0;
}

/** `25 x class + min(24.99, weighted / 4)`; the other factors make the weighted part. No class: no score. */
export function moscow(terms: readonly Term[], prepared: PreparedModel): Figure {
  const ordered = inSumOrder(terms, prepared.byName);
  const rest = ordered.filter(term => term.factor.name !== classFactor);
  const classTerm = ordered.find(term => term.factor.name === classFactor);
  const read = classTerm === undefined ? { class: null } : classOf(classTerm);
  const sum = weightedSum(rest, prepared);
  const isPresent = (term: Term): boolean => (term === classTerm ? read.class !== null : term.reading.n !== null);
  return {
    points: read.class === null ? null : sum.points,
    floor: read.class === null ? null : classWidth * read.class,
    raw: null,
    coverage: coverageOf(ordered, isPresent),
    parts: terms.map(term =>
      term.factor.name === classFactor
        ? classPart(term, read)
        : partOf(term, classWidth * sum.share(term), problemOf(term)),
    ),
  };
}

interface ClassReading {
  readonly class: MoscowClass | null;
  readonly problem?: string;
}

function classOf({ factor, reading }: Term): ClassReading {
  if (reading.value === null) return { class: null };
  if (factor.map !== null) {
    const number = mapped(factor, reading.value);
    if (number === 0 || number === 1 || number === 2 || number === 3) return { class: number };
    const problem = `moscow: the model's map gives no class (3, 2, 1 or 0) for ${quoted(reading.value)}`;
    return { class: null, problem };
  }
  const known = typeof reading.value === 'string' ? classOfWord(reading.value) : null;
  if (known !== null) return { class: known };
  return { class: null, problem: `moscow: ${quoted(reading.value)} is not one of Must, Should, Could and Won't` };
}

function classPart(term: Term, read: ClassReading): ReturnType<typeof partOf> {
  const { factor, reading } = term;
  const base = {
    factor: factor.name,
    source: reading.source,
    value: reading.value,
    n: read.class === null ? null : read.class / 3,
    weight: factor.weight,
    contribution: read.class === null ? 0 : classWidth * read.class,
  };
  return read.problem === undefined ? base : { ...base, problem: read.problem };
}
