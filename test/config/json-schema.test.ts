import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { everything, mistakes, smallest } from './files.ts';

type Json = Record<string, unknown>;
const validate = new Ajv2020({ strict: false }).compile(configJsonSchema());
const whole = everything.replace('notify: []', 'notify: ["https://hooks.acme.com/1"]');

/** Paths of all mappings in a value. */
function mappings(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, of]) => mappings(of, [...path, key]));
  return Array.isArray(value) ? inner : [path, ...inner];
}

function at(value: unknown, path: readonly string[]): Json {
  return path.reduce((node, step) => node[step] as Json, value as Json);
}

describe('config/json-schema', () => {
  it('names its dialect and title', () => {
    expect(configJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'winnow.yaml',
      type: 'object',
    });
  });

  it.each([
    ['the smallest file', smallest],
    ['the whole file', whole],
  ])('%s is accepted, as by the loader', (_name, text) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(mistakes(text)).toEqual([]);
  });

  it('every key has a description or explains itself by its parts', () => {
    const silent: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, of] of Object.entries((node as Json).properties ?? {})) {
        const { description, properties, type } = of as Json;
        const plain = properties === undefined && type !== 'object';
        if (description === undefined && plain) silent.push(`${path}.${key}`);
        visit(of, `${path}.${key}`);
      }
      visit((node as Json).additionalProperties, `${path}.*`);
    };

    visit(configJsonSchema(), '');

    expect(silent).toEqual([]);
  });

  it('an unknown key at any place is refused by schema and loader', () => {
    const places = mappings(parse(whole));
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.stringMatching(/^zz[a-zA-Z]{1,8}$/), (path, key) => {
        const file = parse(whole) as Json;
        at(file, path)[key] = 'nonsense';

        expect(validate(file), path.join('.')).toBe(false);
        expect(mistakes(stringify(file)).join('\n')).toContain([...path, key].join('.'));
      }),
      { numRuns: 60 },
    );
  });

  it('a value of any other kind at any place is refused by the loader', () => {
    const places = mappings(parse(whole)).filter(path => path.length > 0);
    for (const path of places) {
      const file = parse(whole) as Json;
      at(file, path.slice(0, -1))[path.at(-1) ?? ''] = ['nonsense'];

      expect(mistakes(stringify(file)).length, path.join('.')).toBeGreaterThan(0);
    }
  });
});
