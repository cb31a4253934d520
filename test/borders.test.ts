import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Breach {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** What the border check says of a tree; `modules` shows that it looked at anything at all. */
function cruise(tree: string, folders: readonly string[]): Promise<{ modules: number; breaches: readonly Breach[] }> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: tree, maxBuffer: 2 ** 28 }, (error, stdout) => {
      try {
        const { summary } = JSON.parse(stdout) as { summary: { totalCruised: number; violations: Breach[] } };
        resolve({ modules: summary.totalCruised, breaches: summary.violations });
      } catch (unreadable) {
        reject(new Error('the border check did not run', { cause: error ?? unreadable }));
      }
    });
  });
}

/** A file that breaks one border, what it imports, and the border. */
const PLANTED: readonly (readonly [file: string, imports: string, border: string])[] = [
  ['src/item.ts', './scoring/score.ts', 'vocabulary-imports-vocabulary'],
  ['src/scoring/score.ts', 'node:fs', 'scoring-is-pure'],
  ['src/scoring/bands.ts', '../clock.ts', 'scoring-is-pure'],
  ['src/sync/plan.ts', 'node:timers', 'planning-is-pure'],
  ['src/sync/desire.ts', '../connectors/jira/index.ts', 'sync-knows-only-the-port'],
  ['src/sync/apply.ts', '../store/open-store.ts', 'sync-knows-only-the-port'],
  ['src/connectors/http.ts', '../sync/plan.ts', 'connectors-look-down'],
  ['src/connectors/jira/send.ts', '../azure-devops/index.ts', 'trackers-are-strangers'],
  ['src/connectors/azure-devops/send.ts', '../jira/index.ts', 'trackers-are-strangers'],
  ['src/demo/jira/story.ts', '../azure-devops/chance.ts', 'trackers-are-strangers'],
  ['src/webhooks/receive.ts', '../sync/plan.ts', 'webhooks-only-enqueue'],
  ['src/jobs/queue.ts', '../connectors/http.ts', 'jobs-do-not-see-connectors'],
  ['src/store/open-store.ts', '../sync/plan.ts', 'store-implements-ports'],
  ['src/config/load.ts', '../sync/plan.ts', 'config-makes-settings'],
  ['src/service/health.ts', '../sync/reconcile.ts', 'service-is-told-how-rounds-are-made'],
  ['src/service/due.ts', 'node:fs', 'schedules-are-pure'],
  ['src/jobs/handlers.ts', '../service/start.ts', 'service-is-started-by-the-cli'],
  ['src/service/start.ts', '../connectors/registry.ts', 'parts-are-put-together-in-cli-and-main'],
  ['src/sync/pull.ts', '../cli/context.ts', 'cli-stands-on-top'],
  ['src/cli/context.ts', '../demo/jira/index.ts', 'demo-is-for-demo-and-tests'],
  ['src/demo/http/server.ts', '../../connectors/http.ts', 'demo-emulates-from-outside'],
  ['src/log.ts', 'msgpackr', 'nothing-undeclared'],
  ['src/jobs/job.ts', 'no-such-library', 'nothing-unresolved'],
  ['src/clock.ts', 'vitest', 'no-dev-dependency-in-the-product'],
  ['src/jobs/retry.ts', './retry.ts', 'no-cycle'],
];

// Seconds on a quiet machine; many on a busy one.
describe('the borders between the rooms', { timeout: 120_000 }, () => {
  let tree: string;

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'winnow-borders-'));
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
      await cp(join(root, file), join(tree, file));
    }
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
    const named = new Map(PLANTED.map(([file, imports]) => [file, `import '${imports}';\nexport {};\n`]));
    const targets = PLANTED.flatMap(([file, imports]) =>
      imports.startsWith('.') ? [join(dirname(file), imports)] : [],
    );
    for (const target of targets) if (!named.has(target)) named.set(target, 'export {};\n');
    for (const [file, text] of named) {
      await mkdir(join(tree, dirname(file)), { recursive: true });
      await writeFile(join(tree, file), text);
    }
  });
  afterAll(() => rm(tree, { recursive: true }));

  it('are kept', async () => {
    const { modules, breaches } = await cruise(root, ['src', 'test', 'bench']);

    expect(modules).toBeGreaterThan(300);
    expect(breaches.map(({ from, rule }) => `${from}: ${rule.name}`)).toEqual([]);
  });

  it('are each seen to be broken by a planted import', async () => {
    const { breaches } = await cruise(tree, ['src']);

    const seen = new Set(breaches.map(({ from, rule }) => `${from}: ${rule.name}`));
    expect(PLANTED.map(([file, , border]) => `${file}: ${border}`).filter(one => !seen.has(one))).toEqual([]);
  });
});
