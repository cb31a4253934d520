import type { Change } from '../change.ts';
import type { CommandRound } from './command-round.ts';
import { factorCoverage } from './render-plan.ts';
import { plain } from './terminal.ts';

/** A heading and what stands in the cells below it, row by row. */
interface Sheet {
  readonly title: string | null;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A plan as Markdown. Everything from the tracker is escaped. */
export function planMarkdown(rounds: readonly CommandRound[]): string {
  return rounds
    .map(round => {
      const sheets = sheetsOf(round).map(({ title, heads, rows }) => {
        const lines = [heads, heads.map(() => '---'), ...rows.map(row => row.map(markdown))];
        return `${title === null ? '' : `### ${title}\n\n`}${lines.map(cells => `| ${cells.join(' | ')} |`).join('\n')}\n`;
      });
      const tables = sheets.length === 0 ? 'Nothing to change.\n' : sheets.join('\n');
      return `## ${markdown(round.report.backlog)}: ${round.report.status}\n\n${summary(round)}\n\n${tables}${problems(round)}`;
    })
    .join('\n');
}

/** A plan as one self-contained HTML page. Everything from the tracker is escaped. */
export function planHtml(rounds: readonly CommandRound[]): string {
  const parts = rounds.map(round => {
    const sheets = sheetsOf(round).map(({ title, heads, rows }) => {
      const cells = (name: 'td' | 'th', texts: readonly string[]): string =>
        `<tr>${texts.map(text => `<${name}>${html(text)}</${name}>`).join('')}</tr>`;
      const body = [cells('th', heads), ...rows.map(row => cells('td', row))].join('');
      return `${title === null ? '' : `<h3>${title}</h3>`}<table>${body}</table>`;
    });
    const tables = sheets.length === 0 ? '<p>Nothing to change.</p>' : sheets.join('');
    const notes = round.report.problems.map(p => `<li>${html(p.message)}</li>`).join('');
    return `<h2>${html(round.report.backlog)}: ${round.report.status}</h2><p>${html(summary(round))}</p>${tables}<ul>${notes}</ul>`;
  });
  const style =
    'body{font:14px system-ui;margin:2rem}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Winnow plan</title><style>${style}</style><body>${parts.join('')}</body></html>\n`;
}

/** What is to be done, and what a guard keeps back. */
function sheetsOf(round: CommandRound): readonly Sheet[] {
  const { changes, withheld } = round.report;
  const heads = ['change', 'item', 'title', 'from', 'to', 'because'];
  const cells = (change: Change): readonly string[] => {
    const title = round.study?.pulled.states.get(change.ref)?.item.title ?? '';
    return [change.kind, change.key, title, endText(change, 'from'), endText(change, 'to'), change.because];
  };
  const toDo = { title: null, heads, rows: changes.map(cells) };
  const keptBack = {
    title: 'Withheld',
    heads: [...heads, 'guard'],
    rows: withheld.map(change => [...cells(change), change.guard]),
  };
  return [toDo, keptBack].filter(({ rows }) => rows.length > 0);
}

function summary(round: CommandRound): string {
  const { report } = round;
  const coverage = factorCoverage(round).map(({ factor, share }) => `${factor} ${Math.round(share * 100)} %`);
  return `${report.items} items, ${report.eligible} ranked, ${report.scored} scored; ${report.withheld.length} changes withheld. Factor coverage: ${coverage.join(', ') || 'none'}.`;
}

function problems(round: CommandRound): string {
  return round.report.problems.map(p => `\n- ${markdown(p.message)}`).join('');
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
