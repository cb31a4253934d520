import { describe, expect, it } from 'vitest';
import type { ExplanationSetChange } from '../../../src/change.ts';
import type { ItemResult, TrackerBacklog } from '../../../src/connectors/connector.ts';
import { UncertainWriteError } from '../../../src/errors.ts';
import { itemRef, type BacklogItem, type ItemRef } from '../../../src/item.ts';
import {
  aCache,
  aConnection,
  anIssue,
  backlogPath,
  boardRequest,
  expectMetadata,
  fetchPath,
  fields,
  readOptions,
} from './support/site.ts';
import { expectBreak, expectCall, sentTo, watchWire } from './support/wire.ts';

const one = itemRef('jira', 1);
const issuePath = '/rest/api/3/issue/1';
const propertyPath = `${issuePath}/properties/winnow`;
const paragraph = 'customfield_10060';
const shortText = 'customfield_10061';
const textFields = [
  {
    id: paragraph,
    name: 'Why here',
    custom: true,
    schema: { type: 'string', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:textarea', customId: 10060 },
  },
  {
    id: shortText,
    name: 'Why so',
    custom: true,
    schema: { type: 'string', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:textfield', customId: 10061 },
  },
];
const json = '{"by":"winnow","score":64.8}';
const lines = 'Winnow: score 64.8, band 60-65.\npriority High +15; effort 3 +10.\nStage: fresh.';

async function open(explanation: string): Promise<TrackerBacklog> {
  expectMetadata({ fields: [...fields, ...textFields] });
  return aConnection({ metadata: aCache() }).openBacklog({ ...boardRequest, explanation });
}

/** Backlogs that have seen the issue in their scope, and need not ask again. */
const scopeSeen = new WeakSet<TrackerBacklog>();

/** The issue as the backlog reads it by id. */
async function read(backlog: TrackerBacklog, issue: object): Promise<BacklogItem> {
  expectCall('POST', fetchPath, { body: { issues: [issue], issueErrors: [] } });
  if (!scopeSeen.has(backlog)) expectCall('GET', backlogPath, { body: { issues: [{ id: '1' }], isLast: true } });
  scopeSeen.add(backlog);
  const where = (await backlog.locate([one], readOptions())).get(one);
  if (where === undefined || !('item' in where)) throw new Error('not read');
  return where.item;
}

async function write(backlog: TrackerBacklog, from: string | null, to: string | null): Promise<readonly ItemResult[]> {
  const item = await read(backlog, anIssue());
  const change: ExplanationSetChange = { kind: 'explanation-set', ref: one, key: 'SHOP-1', from, to, because: '' };
  const [prepared, ...more] = backlog.prepare({
    changes: [change],
    items: new Map<ItemRef, BacklogItem>([[one, item]]),
    desired: [one],
    current: [one],
    fixed: new Set(),
  });
  expect(more).toEqual([]);
  if (prepared === undefined) throw new Error('nothing to write');
  return backlog.perform(prepared, new AbortController().signal);
}

describe('connectors/jira/explanation', () => {
  watchWire();

  it.each([200, 201])('the property is set as JSON (%i)', async status => {
    const backlog = await open('property');
    expectCall('PUT', propertyPath, { status });

    expect(await write(backlog, null, json)).toEqual([{ ref: one, status: 'applied' }]);
    expect(sentTo(propertyPath).map(({ method, body }) => [method, body])).toEqual([['PUT', JSON.parse(json)]]);
  });

  it.each([204, 404])('the property is taken away (%i)', async status => {
    const backlog = await open('property');
    expectCall('DELETE', propertyPath, { status });

    expect(await write(backlog, json, null)).toEqual([{ ref: one, status: 'applied' }]);
  });

  it.each([
    [400, { status: 'failed', repeats: true }],
    [403, { status: 'failed', repeats: false }],
    [404, { status: 'failed', repeats: false }],
  ])('a property refused with %i is a result', async (status, expected) => {
    const backlog = await open('property');
    expectCall('PUT', propertyPath, { status, body: { errorMessages: ['no'] } });

    expect(await write(backlog, null, json)).toMatchObject([expected]);
  });

  it('a lost answer is uncertain', async () => {
    const backlog = await open('property');
    expectBreak('PUT', propertyPath, 'ECONNRESET');

    await expect(write(backlog, null, json)).rejects.toBeInstanceOf(UncertainWriteError);
  });

  it('the property is read along with the issues, its keys in order', async () => {
    const backlog = await open('property');
    const item = await read(backlog, { ...anIssue(), properties: { winnow: { score: 64.8, by: 'winnow' } } });

    expect(item.explanation).toEqual({ kind: 'value', value: json });
    expect(sentTo(fetchPath).at(-1)?.body).toMatchObject({ properties: ['winnow'] });
  });

  it('a paragraph is written as a document, without mail, and reads back as written', async () => {
    const backlog = await open('Why here');
    expectCall('PUT', issuePath, { status: 204 });

    expect(await write(backlog, null, lines)).toEqual([{ ref: one, status: 'applied' }]);
    const [edit] = sentTo(issuePath);
    expect(edit?.query.get('notifyUsers')).toBe('false');
    const content = lines
      .split('\n')
      .flatMap((text, i) => [...(i === 0 ? [] : [{ type: 'hardBreak' }]), { type: 'text', text }]);
    const document = { type: 'doc', version: 1, content: [{ type: 'paragraph', content }] };
    expect(edit?.body).toEqual({ fields: { [paragraph]: document } });
    const item = await read(backlog, anIssue({ fields: { [paragraph]: document } }));
    expect(item.explanation).toEqual({ kind: 'value', value: lines });
  });

  it('a short text is written as one, and emptied by null', async () => {
    const backlog = await open(shortText);
    expectCall('PUT', issuePath, { status: 204 }, { times: 2 });

    await write(backlog, null, 'Winnow: score 5. Stage: fresh.');
    await write(backlog, 'Winnow: score 5. Stage: fresh.', null);

    expect(sentTo(issuePath).map(({ body }) => body)).toEqual([
      { fields: { [shortText]: 'Winnow: score 5. Stage: fresh.' } },
      { fields: { [shortText]: null } },
    ]);
  });

  it('a document that holds a picture is somebody’s, an emptied one is empty', async () => {
    const backlog = await open('Why here');
    const doc = (content: readonly object[]): object => ({ type: 'doc', version: 1, content });
    const held = async (value: unknown): Promise<unknown> =>
      (await read(backlog, anIssue({ fields: { [paragraph]: value } }))).explanation?.kind;

    expect(await held(doc([{ type: 'mediaSingle', content: [{ type: 'media', attrs: { id: 'x' } }] }]))).toBe(
      'unreadable',
    );
    expect(await held(doc([{ type: 'paragraph' }]))).toBe('absent');
    expect(await held(null)).toBe('absent');
  });
});
