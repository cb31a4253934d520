import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { redisAddress } from '../../src/jobs/redis-address.ts';

describe('jobs/redis-address', () => {
  test.each([
    ['redis://cache', { host: 'cache', port: 6379, db: 0 }],
    ['redis://cache:6380/3', { host: 'cache', port: 6380, db: 3 }],
    ['redis://ann:p%40ss@cache', { host: 'cache', port: 6379, db: 0, username: 'ann', password: 'p@ss' }],
    ['redis://:secret@[::1]:7000', { host: '::1', port: 7000, db: 0, password: 'secret' }],
    ['rediss://cache:6390', { host: 'cache', port: 6390, db: 0, tls: { servername: 'cache' } }],
    ['rediss://10.0.0.7', { host: '10.0.0.7', port: 6379, db: 0, tls: {} }],
    ['unix:///run/redis.sock?db=2', { path: '/run/redis.sock', db: 2 }],
  ])('%s is understood', (url, connection) => {
    expect(redisAddress(url)).toEqual({ connection, prefix: '{winnow}' });
  });

  test('a prefix keeps two installations apart', () => {
    expect(redisAddress('redis://cache?prefix=staging').prefix).toBe('{staging}');
  });

  test('a prefix that says itself which part decides the cluster slot is kept', () => {
    expect(redisAddress('redis://cache?prefix={team-a}:winnow').prefix).toBe('{team-a}:winnow');
  });

  test.each([
    'cache:6379',
    'http://:hunter2@cache',
    'redis://:hunter2@cache/first',
    'redis://:hunter2@cache?prefix=',
    '',
  ])('%s is refused', url => {
    expect(() => redisAddress(url)).toThrow(ConfigError);
    expect(() => redisAddress(url)).not.toThrow(/hunter2/);
  });
});
