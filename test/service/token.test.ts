import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureToken, readToken } from '../../src/service/token.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-token-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('service/token', () => {
  test('a configured token is used and no file is made', () => {
    expect(ensureToken('0123456789abcdef', folder)).toEqual({ value: '0123456789abcdef', file: null, weak: false });
    expect(readToken(folder)).toBeNull();
  });

  test('a short token is used, and known to be weak', () => {
    expect(ensureToken('hunter2', folder)).toEqual({ value: 'hunter2', file: null, weak: true });
  });

  test('without one a token is made once, for the owner alone', () => {
    const data = join(folder, 'data');
    const { value, file } = ensureToken(null, data);
    expect(value).toMatch(/^[0-9a-f]{64}$/);
    expect(file).toBe(join(data, 'api-token'));
    expect(statSync(file ?? '').mode & 0o777).toBe(0o600);
    expect(ensureToken(null, data).value).toBe(value);
    expect(readFileSync(file ?? '', 'utf8').trim()).toBe(readToken(data));
  });

  test('a damaged file is told, not replaced', () => {
    writeFileSync(join(folder, 'api-token'), '\n');
    expect(() => ensureToken(null, folder)).toThrow(/Delete it/);
  });
});
