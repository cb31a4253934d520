import { benchChurn } from './churn.ts';
import { benchLaws } from './laws.ts';
import { benchDeliveries } from './delivery-rates.ts';
import { benchMoves } from './moves.ts';
import { benchRound } from './round.ts';
import { benchScore } from './score.ts';
import { benchService } from './service.ts';

/** `npm run bench [-- name..]`: JSON lines on stdout; figures are meant to be compared within one run. */
const suites: Readonly<Record<string, () => AsyncIterable<Record<string, unknown>>>> = {
  churn: benchChurn,
  deliveries: benchDeliveries,
  laws: benchLaws,
  moves: benchMoves,
  round: benchRound,
  score: benchScore,
  service: benchService,
};

const asked = process.argv.slice(2);
const unknown = asked.filter(name => suites[name] === undefined);
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(', ')}. Known: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}
for (const [name, suite] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for await (const line of suite()) console.log(JSON.stringify({ bench: name, ...line }));
}
