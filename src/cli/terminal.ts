import { styleText } from 'node:util';

export { clip, plain } from '../plain-text.ts';

/** How we speak to people: colours only on a terminal, nothing from a tracker can steer it. */
export interface Voice {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  /** Columns of the terminal, or 100 in a pipe. */
  readonly width: number;
}

type Style = Parameters<typeof styleText>[0];

/** Writes to the process's own streams. */
export function createVoice(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Voice {
  const coloured = stdout.isTTY === true && environment.NO_COLOR === undefined && environment.TERM !== 'dumb';
  const style = (name: Style) => (text: string) => (coloured ? styleText(name, text, { validateStream: false }) : text);
  return {
    out: text => void stdout.write(`${text}\n`),
    err: text => void stderr.write(`${text}\n`),
    bold: style('bold'),
    dim: style('dim'),
    green: style('green'),
    red: style('red'),
    yellow: style('yellow'),
    width: stdout.isTTY === true ? Math.max(60, stdout.columns) : 100,
  };
}

/** A voice that is written down, for somebody whose terminal is elsewhere. */
export function createCapturedVoice(terminal: { readonly coloured: boolean; readonly width: number }): {
  readonly voice: Voice;
  readonly said: () => { readonly out: string; readonly err: string };
} {
  const out: string[] = [];
  const err: string[] = [];
  const style = (name: Style) => (text: string) =>
    terminal.coloured ? styleText(name, text, { validateStream: false }) : text;
  return {
    voice: {
      out: text => void out.push(text),
      err: text => void err.push(text),
      bold: style('bold'),
      dim: style('dim'),
      green: style('green'),
      red: style('red'),
      yellow: style('yellow'),
      width: terminal.width,
    },
    said: () => ({ out: out.join('\n'), err: err.join('\n') }),
  };
}
