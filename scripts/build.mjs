// `npm run build`: src -> dist, as plain JavaScript with source maps, for the published package.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
const child = spawnSync(process.execPath, ['node_modules/tsc7/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
process.exit(child.status ?? 1);
