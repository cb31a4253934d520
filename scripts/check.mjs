// `npm run check`: format, lint, types, import borders, tests, in that order; stops at the first that fails.
import { spawnSync } from 'node:child_process';

const steps = [
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.']],
  ['lint', ['node_modules/eslint/bin/eslint.js', '.']],
  ['types', ['node_modules/tsc7/bin/tsc', '--noEmit']],
  [
    'borders',
    [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'test',
      'bench',
    ],
  ],
  ['tests', ['node_modules/vitest/vitest.mjs', 'run']],
];

for (const [name, args] of steps) {
  console.error(`== ${name}`);
  const status = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
  if (status !== 0) {
    console.error(`${name} failed`);
    process.exit(status);
  }
}
