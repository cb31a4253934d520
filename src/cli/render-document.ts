import type { Change } from '../change.ts';
import type { CommandRound } from './command-round.ts';
import { factorCoverage } from './render-plan.ts';
import { plain } from './terminal.ts';

interface Row {
  readonly what: string;
  readonly key: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

/** A plan as Markdown. Everything from the tracker is escaped. */
export function planMarkdown(rounds: readonly CommandRound[]): string {
  return rounds
    .map(round => {
      const rows = rowsOf(round).map(
        r => `| ${[r.what, r.key, r.title, r.from, r.to, r.because].map(markdown).join(' | ')} |`,
      );
      const table = rows.length === 0 ? 'Nothing to change.' : `${tableHead}\n${rows.join('\n')}`;
      return `## ${markdown(round.report.backlog)}: ${round.report.status}\n\n${summary(round)}\n\n${table}\n${problems(round)}`;
    })
    .join('\n');
}

const tableHead = '| change | item | title | from | to | because |\n|---|---|---|---|---|---|';

/** A plan as one self-contained HTML page. Everything from the tracker is escaped. */
export function planHtml(rounds: readonly CommandRound[]): string {
  const parts = rounds.map(round => {
    const rows = rowsOf(round).map(
      r =>
        `<tr>${[r.what, r.key, r.title, r.from, r.to, r.because].map(cell => `<td>${html(cell)}</td>`).join('')}</tr>`,
    );
    const heads = ['change', 'item', 'title', 'from', 'to', 'because'].map(head => `<th>${head}</th>`).join('');
    const notes = round.report.problems.map(p => `<li>${html(p.message)}</li>`).join('');
    return `<h2>${html(round.report.backlog)}: ${round.report.status}</h2><p>${html(summary(round))}</p><table><tr>${heads}</tr>${rows.join('')}</table><ul>${notes}</ul>`;
  });
  const style =
    'body{font:14px system-ui;margin:2rem}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Winnow plan</title><style>${style}</style><body>${parts.join('')}</body></html>\n`;
}

function summary(round: CommandRound): string {
  const { report } = round;
  const coverage = factorCoverage(round).map(({ factor, share }) => `${factor} ${Math.round(share * 100)} %`);
  return `${report.items} items, ${report.eligible} ranked, ${report.scored} scored; ${report.withheld.length} changes withheld. Factor coverage: ${coverage.join(', ') || 'none'}.`;
}

function problems(round: CommandRound): string {
  return round.report.problems.map(p => `\n- ${markdown(p.message)}`).join('');
}

function rowsOf(round: CommandRound): readonly Row[] {
  return round.report.changes.map(change => ({
    what: change.kind,
    key: change.key,
    title: round.study?.pulled.states.get(change.ref)?.item.title ?? '',
    from: endText(change, 'from'),
    to: endText(change, 'to'),
    because: change.because,
  }));
}

function endText(change: Change, end: 'from' | 'to'): string {
  const value = change[end];
  return value === null ? '' : String(value);
}

function markdown(text: string): string {
  return plain(text).replace(/[\\`*_{}[\]<>()#+\-.!|~@]/g, mark => `\\${mark}`);
}

function html(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return plain(text).replace(/[&<>"']/g, mark => names[mark] ?? mark);
}
