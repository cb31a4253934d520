// Runs a script under the project's pinned Node: `node scripts/node24.mjs file [args]`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { delimiter, dirname } from 'node:path';

const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
const node = existsSync(pinned) ? pinned : process.execPath;
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
const child = spawnSync(node, process.argv.slice(2), { stdio: 'inherit', env });
if (child.error) console.error(child.error.message);
process.exit(child.status ?? 1);
