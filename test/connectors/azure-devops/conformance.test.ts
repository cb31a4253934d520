import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/change.ts';
import type { Exchange } from '../../../src/demo/http/message.ts';
import { aWorld, closeAfterEach, readAll, readChanges } from './support/emulated.ts';
import { ref } from './support/values.ts';

const folder = '../shared/specs/azure-devops/7.1';
const files = ['core.json', 'work.json', 'workItemTracking.json'].map(name => `${folder}/${name}`);

interface Parameter {
  readonly name?: string;
  readonly in?: string;
  readonly schema?: object;
}
type Operation = { readonly parameters?: readonly Parameter[]; readonly consumes?: readonly string[] };
interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  /** Paths that differ in their query alone. */
  readonly 'x-ms-paths'?: Spec['paths'];
  readonly definitions: object;
}

/** Path parts after the optional project and team: the files spell them as if always present. */
const below = (path: string): string[] => path.slice(path.indexOf('/_apis/') + 1).split('/');

function fits(template: string, path: string): boolean {
  const given = below(path);
  // The last parameter of a tree's path may be left out: its root.
  const wanted = below(template.replace(/\/\{path\}$/, given.length < below(template).length ? '' : '/{path}'));
  return (
    wanted.length === given.length &&
    wanted.every((part, i) => part.startsWith('{') || part.toLowerCase() === given[i]?.toLowerCase())
  );
}

/** What the best fitting operation finds wrong with a request's query and body; null when none is documented. */
function problemsOf(specs: readonly Spec[], { request }: Exchange): readonly string[] | null {
  const verdicts = specs.flatMap(spec =>
    Object.entries({ ...spec.paths, ...spec['x-ms-paths'] }).flatMap(([address, methods]) => {
      const [template = '', query = ''] = address.split('?');
      const operation = methods[request.method.toLowerCase()];
      if (operation === undefined || !fits(template, request.path)) return [];
      const parameters = operation.parameters ?? [];
      const documented = parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name);
      const names = new Set([...documented, ...new URLSearchParams(query).keys(), 'api-version']);
      const strange = [...request.query.keys()].filter(name => !names.has(name)).map(name => `query ${name}`);
      const schema = parameters.find(({ in: place }) => place === 'body')?.schema;
      return [[...strange, ...bodyProblems(schema, spec, request.text)]];
    }),
  );
  return verdicts.sort((a, b) => a.length - b.length)[0] ?? null;
}

function bodyProblems(schema: object | undefined, spec: Spec, text: string): readonly string[] {
  if (schema === undefined) return text === '' ? [] : ['a body'];
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const closed = JSON.parse(JSON.stringify(spec.definitions), (_key, value: unknown) => {
    const isObject = typeof value === 'object' && value !== null && 'properties' in value && !('allOf' in value);
    return isObject ? { ...value, additionalProperties: false } : value;
  }) as Record<string, { properties?: Record<string, unknown> }>;
  // A patch is an array of operations, as the files' own examples show.
  if (closed['JsonPatchDocument'] !== undefined) Object.assign(closed['JsonPatchDocument'], patchDocument);
  // "object" without properties stands for any value there: order values, tags, revisions.
  if (closed['JsonPatchOperation']?.properties !== undefined) closed['JsonPatchOperation'].properties['value'] = {};
  const check = ajv.compile({ ...schema, definitions: closed });
  return check(JSON.parse(text)) ? [] : (check.errors ?? []).map(error => `${error.instancePath} ${error.message}`);
}

const patchDocument = { type: 'array', items: { $ref: '#/definitions/JsonPatchOperation' }, properties: undefined };

/** The queries are documented with a team in the path; OPTIONS and connectionData not at all. */
const undocumented = /^(OPTIONS .*|GET .*\/connectionData)$/;

describe.skipIf(!files.every(file => existsSync(file)))('connectors/azure-devops/conformance', () => {
  closeAfterEach();

  it('every request is one that the official 7.1 files describe', async () => {
    const specs = files.map(file => JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) as Spec);
    const world = await aWorld();
    const [a, b] = [world.story('a', { 'System.Tags': 'ui' }), world.story('b')];
    const backlog = await world.open({
      scoreField: 'Microsoft.VSTS.Common.BusinessValue',
      explanation: 'Microsoft.VSTS.Common.Resolution',
    });
    const since = new Date(world.now().getTime() - 86_400_000);
    const snapshot = await readAll(backlog, { ...world.options, historySince: since });
    world.site.edit(a, { 'System.Title': 'new' });
    await readChanges(backlog, snapshot, world.options, [a, b, 9_999]);
    await backlog.findLabelled(['ui'], world.options);
    await backlog.locate([ref(9_999)], world.options);
    const base = { ref: ref(b), key: String(b), because: '' };
    const changes: Change[] = [
      { ...base, kind: 'move', from: 2, to: 1, after: null },
      { ...base, kind: 'label-add', from: null, to: 'winnow-stale' },
      { ...base, kind: 'score-set', from: null, to: 50 },
      { ...base, kind: 'explanation-set', from: null, to: 'Winnow: score 50.' },
    ];
    const refs = [b, a].map(ref);
    for (const write of backlog.prepare({
      changes,
      items: snapshot.items,
      desired: refs,
      current: refs,
      fixed: new Set(),
    })) {
      await backlog.perform(write, world.options.signal);
    }

    const problems = world.site
      .exchanges()
      .filter(({ request }) => !undocumented.test(`${request.method} ${request.path}`))
      .map(exchange => ({
        what: `${exchange.request.method} ${exchange.request.path}`,
        is: problemsOf(specs, exchange),
      }))
      .filter(({ what, is }) => (is === null ? !/_apis\/permissions\//.test(what) : is.length > 0));

    expect(problems).toEqual([]);
    expect(world.site.item(b)).toMatchObject({ tags: ['winnow-stale'], rev: 2 });
  });
});
