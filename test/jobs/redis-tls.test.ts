import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { hasRedis } from '../support/redis-child.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-tls-'));
const entry = join(import.meta.dirname, '../support/queue-child.ts');
const password = 'a-password-for-redis';

function openssl(...args: readonly string[]): boolean {
  return spawnSync('openssl', args, { cwd: folder }).status === 0;
}

/** A CA of our own, and a certificate of its for `localhost` alone. */
function makeCertificates(): boolean {
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost');
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  const sign = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
  return (
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=our-own-ca') &&
    openssl('req', ...key, '-keyout', 'redis.key', '-out', 'redis.csr', '-subj', '/CN=localhost') &&
    openssl('x509', '-req', '-in', 'redis.csr', ...sign, '-out', 'redis.crt')
  );
}

/** null: this redis-server was built without TLS. */
async function startTlsRedis(port: number): Promise<ChildProcess | null> {
  const tls = ['--tls-cert-file', 'redis.crt', '--tls-key-file', 'redis.key', '--tls-ca-cert-file', 'ca.crt'];
  const child = spawn(
    'redis-server',
    [
      '--port',
      '0',
      '--tls-port',
      String(port),
      '--tls-auth-clients',
      'no',
      '--save',
      '',
      '--requirepass',
      password,
    ].concat(tls),
    { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  for await (const chunk of child.stdout) if (String(chunk).includes('Ready to accept')) break;
  child.stdout.resume();
  return child.exitCode === null ? child : null;
}

const port = hasRedis() ? await freePort() : 0;
const child = hasRedis() && makeCertificates() ? await startTlsRedis(port) : null;
if (child === null) console.warn('no redis-server with TLS, or no openssl: TLS to Redis is not tested.');

describe.skipIf(child === null)('Redis with TLS and a CA of its own', () => {
  const trusting = { NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') };

  afterAll(async () => {
    if (child !== null) {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['its CA is named: it is used', `rediss://:${password}@localhost`, trusting, /^done$/],
    ['its CA is not known', `rediss://:${password}@localhost`, {}, /NODE_EXTRA_CA_CERTS/],
    ["another host's certificate", `rediss://:${password}@127.0.0.1`, trusting, /use the name it was made for/],
    ['a wrong password', 'rediss://:something-else@localhost', trusting, /Check user and password in REDIS_URL/],
    ['no TLS', `redis://:${password}@localhost`, trusting, /rediss:\/\/ with TLS/],
  ])(
    '%s; the password is never told',
    async (_, url, more, said) => {
      const { PATH, HOME } = process.env;
      const asked = spawn(process.execPath, [entry, `${url}:${port}`], { env: { PATH, HOME, ...more } });
      let out = '';
      for (const stream of [asked.stdout, asked.stderr])
        stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
      await once(asked, 'close');
      expect(out.trim()).toMatch(said);
      expect(out).not.toMatch(/a-password-for-redis|something-else/);
    },
    60_000,
  );
});
