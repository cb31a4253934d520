import { readFile, rename, writeFile } from 'node:fs/promises';
import { ConfigError } from '../errors.ts';

/** Where a command reads and writes the files that its line names. */
export interface Files {
  /** Throws when it cannot be read. */
  read(path: string): Promise<string>;
  /** The file appears whole or not at all. */
  write(path: string, text: string): Promise<void>;
}

/** The machine's own files. */
export const localFiles: Files = {
  read: path => readFile(path, 'utf8'),
  async write(path, text) {
    const draft = `${path}.${process.pid}.tmp`;
    await writeFile(draft, text);
    await rename(draft, path);
  },
};

/** Files that travel with a command to the service and back; its own disk is out of reach. */
export function createCarriedFiles(sent: Readonly<Record<string, string>>): Files & {
  written(): Readonly<Record<string, string>>;
} {
  const written = new Map<string, string>();
  return {
    read(path) {
      const text = Object.hasOwn(sent, path) ? sent[path] : undefined;
      if (text === undefined) return Promise.reject(new ConfigError(`${path} was not sent along with the command`));
      return Promise.resolve(text);
    },
    write(path, text) {
      written.set(path, text);
      return Promise.resolve();
    },
    written: () => Object.fromEntries(written),
  };
}
