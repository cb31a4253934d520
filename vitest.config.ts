import { defineConfig } from 'vitest/config';

// eslint.config.js bans default exports in src, test and bench; vitest asks for one here.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { TZ: 'UTC' },
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
});
