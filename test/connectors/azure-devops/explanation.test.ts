import { describe, expect, it } from 'vitest';
import type { ExplanationSetChange } from '../../../src/change.ts';
import type { TrackerBacklog } from '../../../src/connectors/connector.ts';
import type { BacklogItem } from '../../../src/item.ts';
import { aWorld, closeAfterEach, readAll, type World } from './support/emulated.ts';
import { ref } from './support/values.ts';

const html = 'Microsoft.VSTS.Common.Resolution';
const line = 'Microsoft.VSTS.Common.Activity';
const text = 'Winnow: score 64.8, band 60-65.\npriority 2 +15; value <b>&"x" +10.\nStage: fresh.';

interface Stage {
  readonly world: World;
  readonly backlog: TrackerBacklog;
  readonly id: number;
  /** As a full read finds it. */
  read(): Promise<BacklogItem>;
  write(from: string | null, to: string | null): Promise<unknown>;
}

async function aStage(explanation: string): Promise<Stage> {
  const world = await aWorld();
  const id = world.story('one', { 'Microsoft.VSTS.Common.StackRank': 1000 });
  const backlog = await world.open({ explanation });
  const stage: Stage = {
    ...{ world, backlog, id },
    async read() {
      const item = (await readAll(backlog, world.options)).items.get(ref(id));
      if (item === undefined) throw new Error('not read');
      return item;
    },
    async write(from, to) {
      const item = await stage.read();
      const change: ExplanationSetChange = {
        ...{ kind: 'explanation-set', ref: item.ref, key: item.key, from, to, because: '' },
      };
      const [prepared, ...more] = backlog.prepare({
        changes: [change],
        items: new Map([[item.ref, item]]),
        desired: [item.ref],
        current: [item.ref],
        fixed: new Set(),
      });
      expect(more).toEqual([]);
      if (prepared === undefined) throw new Error('nothing to write');
      const [result] = await backlog.perform(prepared, world.options.signal);
      return result;
    },
  };
  return stage;
}

/** Bodies of the patches that were sent. */
const patches = ({ world }: Stage): readonly unknown[] =>
  world.site.exchanges().flatMap(({ request }) => (request.method === 'PATCH' ? [JSON.parse(request.text)] : []));

describe('connectors/azure-devops/explanation', () => {
  closeAfterEach();

  it('an HTML field gets lines as paragraphs, its letters as letters, and reads back as written', async () => {
    const stage = await aStage(html);
    expect((await stage.read()).explanation).toEqual({ kind: 'absent' });

    expect(await stage.write(null, text)).toMatchObject({ status: 'applied' });

    const value =
      '<div>Winnow: score 64.8, band 60-65.</div><div>priority 2 +15; value &lt;b&gt;&amp;&quot;x&quot; +10.</div>' +
      '<div>Stage: fresh.</div>';
    expect(patches(stage)).toEqual([
      [
        { op: 'test', path: '/rev', value: 1 },
        { op: 'add', path: `/fields/${html}`, value },
      ],
    ]);
    expect((await stage.read()).explanation).toEqual({ kind: 'value', value: text });
    expect(stage.backlog.can.explanation).toEqual({ form: 'lines', mostCharacters: null, untold: true });
  });

  it('a field of one line takes 255 characters', async () => {
    const stage = await aStage(line);
    expect(stage.backlog.can.explanation).toEqual({ form: 'line', mostCharacters: 255, untold: false });
    const longest = `Winnow: ${'x'.repeat(247)}`;

    expect(await stage.write(null, longest)).toMatchObject({ status: 'applied' });

    expect((await stage.read()).explanation).toEqual({ kind: 'value', value: longest });
  });

  it('it is taken away, and the field is empty again', async () => {
    const stage = await aStage(line);
    await stage.write(null, 'Winnow: score 5.');

    expect(await stage.write('Winnow: score 5.', null)).toMatchObject({ status: 'applied' });

    expect(patches(stage).at(-1)).toEqual([
      { op: 'test', path: '/rev', value: 2 },
      { op: 'remove', path: `/fields/${line}` },
    ]);
    expect((await stage.read()).explanation).toEqual({ kind: 'absent' });
  });

  it.each([
    ['<div><br></div>', 'absent'],
    ['<div><img src="x"></div>', 'unreadable'],
    ['<p>Ask Bo</p>', 'value'],
  ])('%s is %s', async (held, kind) => {
    const stage = await aStage(html);
    stage.world.site.edit(stage.id, { [html]: held });

    expect((await stage.read()).explanation?.kind).toBe(kind);
  });

  it('somebody who edits the item meanwhile is not overwritten', async () => {
    const stage = await aStage(html);
    const item = await stage.read();
    const change: ExplanationSetChange = {
      ...{ kind: 'explanation-set', ref: item.ref, key: item.key, from: null, to: text, because: '' },
    };
    const [prepared] = stage.backlog.prepare({
      ...{ changes: [change], items: new Map([[item.ref, item]]), desired: [item.ref], current: [item.ref] },
      fixed: new Set(),
    });
    stage.world.site.edit(stage.id, { [html]: '<div>Mine</div>' });
    if (prepared === undefined) throw new Error('nothing to write');

    expect(await stage.backlog.perform(prepared, stage.world.options.signal)).toMatchObject([{ status: 'conflict' }]);
    expect(stage.world.site.item(stage.id).fields[html]).toBe('<div>Mine</div>');
  });
});
