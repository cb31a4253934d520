import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as { services: Record<string, ComposeService>; volumes: object };

interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Record<string, string>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly deploy?: { readonly replicas: number };
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly [key: string]: unknown;
}

const service = (name: string): ComposeService => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
};

describe('docker-compose.yml', () => {
  test('it has the four services and no more', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['postgres', 'redis', 'winnow', 'worker']);
  });

  test.each([
    ['winnow', ['start', '--roles', 'web,scheduler'], undefined],
    ['worker', ['start', '--roles', 'worker'], 2],
  ])('%s runs %j', (name, command, replicas) => {
    expect(service(name)).toMatchObject({ build: '.', command, init: true, read_only: true, cap_drop: ['ALL'] });
    expect(service(name).deploy?.replicas).toBe(replicas);
    expect(service(name).depends_on).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
  });

  test('every service has a health check', () => {
    for (const { healthcheck } of Object.values(compose.services)) {
      expect(healthcheck?.test[0]).toMatch(/^CMD/);
      expect(healthcheck).toMatchObject({
        interval: expect.any(String),
        timeout: expect.any(String),
        retries: expect.any(Number),
      });
    }
  });

  test('Redis writes its jobs down and throws none away', () => {
    const command = service('redis').command?.join(' ') ?? '';
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(command).toContain('--requirepass');
    expect(service('redis').volumes).toEqual(['redis-data:/data']);
    expect(service('postgres').volumes).toEqual(['postgres-data:/var/lib/postgresql/data']);
    expect(Object.keys(compose.volumes).sort()).toEqual(['postgres-data', 'redis-data']);
  });

  test('only the web process is reachable, and from this machine alone', () => {
    expect(service('winnow').ports).toEqual(['127.0.0.1:8080:8080']);
    for (const name of ['worker', 'redis', 'postgres']) expect(service(name).ports).toBeUndefined();
  });

  test('secrets come out of the environment, the needed ones loudly', () => {
    for (const [name, { environment = {} }] of Object.entries(compose.services)) {
      for (const [key, value] of Object.entries(environment)) {
        if (/PASSWORD|TOKEN|SECRET|PAT$/.test(key)) expect(`${name}.${key}=${value}`).toMatch(/=\$\{[A-Z_]+(:\?|:-\})/);
      }
    }
    for (const needed of ['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'WINNOW_API_TOKEN']) {
      expect(text).toContain(`\${${needed}:?`);
    }
    expect(text).not.toMatch(/:\/\/[^$/\s]*:[^$@/\s]+@/);
  });

  test('.env.example names every variable that is asked for, and holds no secret', () => {
    const lines = read('.env.example')
      .split('\n')
      .filter(line => /^[A-Z]/.test(line));
    const named = lines.map(line => line.split('=')[0] ?? '');
    const asked = new Set([...text.matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(match => match[1] ?? ''));
    expect([...asked].filter(name => !named.includes(name))).toEqual([]);
    expect(lines.filter(line => !/=$|^WINNOW_LOG_LEVEL=/.test(line))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile');
  const last = lines.slice(lines.lastIndexOf('\nFROM '));

  test('every stage begins with the official Node image', () => {
    const from = [...lines.matchAll(/^FROM (\S+)/gm)].map(match => match[1]);
    expect(from).toHaveLength(3);
    expect(new Set(from)).toEqual(new Set(['node:24-bookworm-slim']));
  });

  test('the image runs as nobody special, checks its health and holds no development packages', () => {
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).toMatch(/^ENTRYPOINT \["node"/m);
    expect(lines).toContain('npm ci --omit=dev');
    expect(last).not.toContain('npm ci');
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('ENTRYPOINT'));
  });

  test('what it copies is let through by .dockerignore', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter(line => line.startsWith('!'))
      .map(line => line.slice(1));
    const copied = [...lines.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(match => (match[1] ?? '').split(' '));
    expect(copied.filter(name => !allowed.includes(name.replace('./', '')))).toEqual([]);
  });
});
