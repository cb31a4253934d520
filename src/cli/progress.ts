import type { Progress } from '../connectors/connector.ts';

/** One line that rewrites itself on a terminal; silence in a pipe, and without a stream. */
export function createProgress(
  stream: NodeJS.WriteStream | null,
  label: string,
): { readonly tell: Progress; done(): void } {
  if (stream?.isTTY !== true) return { tell: () => undefined, done: () => undefined };
  let shown = false;
  return {
    tell({ what, done, of }) {
      shown = true;
      const count = of === null ? `${done}` : `${done}/${of}`;
      stream.write(`\r\u001b[K${label}: ${what} ${count}`);
    },
    done() {
      if (shown) stream.write('\r\u001b[K');
    },
  };
}
