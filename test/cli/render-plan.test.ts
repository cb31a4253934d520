import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/change.ts';
import { planHtml, planMarkdown } from '../../src/cli/render-document.ts';
import { renderRound } from '../../src/cli/render-plan.ts';
import type { CommandRound } from '../../src/cli/command-round.ts';
import { createCapturedVoice } from '../../src/cli/terminal.ts';
import { absent, itemRef, value, type BacklogItem } from '../../src/item.ts';
import { anItem } from '../support/items.ts';
import { aWorld, type World } from '../support/round-world.ts';

const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const touched = { createdAt: new Date('2026-05-25'), changedAt: new Date('2026-05-25') };
const { voice } = createCapturedVoice({ coloured: false, width: 100 });

/** Items by priority, as they stand: `Lowest High` is a list of two in the wrong order. */
function inOrder(words: string, over: Partial<BacklogItem> = {}): World {
  const items = words
    .split(' ')
    .map((name, i) => anItem({ id: i + 1, order: i + 1, priority: value({ name, scheme }), ...touched, ...over }));
  return aWorld(items);
}

async function planned(world: World): Promise<CommandRound> {
  const round = await world.round({ purpose: 'plan' });
  const { settings, model } = world;
  return { ...round, settings, opened: true, sources: {}, modelHash: model.hash, skewMs: 0 };
}

const texts = (round: CommandRound): string[] => [renderRound(round, voice), planMarkdown([round]), planHtml([round])];

describe('cli/render-plan', () => {
  it('reads like a diff: what, from where to where, because of what', async () => {
    const lines = renderRound(await planned(inOrder('Medium Lowest High', { effort: absent })), voice).split('\n');

    expect(lines.slice(0, 5)).toEqual([
      'shop  planned  (apply)  3 items, 3 ranked, 3 scored',
      '  coverage: priority 100 %, urgency 0 %, demand 100 %, effort 0 %',
      '  order',
      '    ↑ SHOP-3  3 -> 1  Item 3',
      // (3 x .75 + 3 x .5 + 1 x 0 + 2 x .5) / 9, and .5 for the medium priority
      '              band 50-55, score 52.78 belongs above SHOP-1 (band 40-45, score 44.44)',
    ]);
    expect(lines).toContain('    + SHOP-1  winnow-needs-estimate  Item 1');
    expect(lines).toContain('              it has no estimate');
  });

  it('an item that is moved and keeps its number is no riddle', async () => {
    const round = await planned(inOrder('Lowest Medium Highest'));
    const same = round.report.changes.filter(c => c.kind === 'move' && c.from === c.to);
    expect(same.map(c => c.key)).toEqual(['SHOP-2']);

    const [text = '', ...documents] = texts(round);

    expect(text).toContain(
      '    ↕ SHOP-2  stays 2  Item 2\n              its number stays, its neighbours change: band',
    );
    for (const document of documents) expect(document).toContain('its number stays, its neighbours change: band');
  });

  it('what a guard keeps back is shown with its reason, and how to let it through', async () => {
    const world = inOrder('Lowest Low Medium High Highest', { effort: absent });
    const { limits } = world.settings;
    world.settings = { ...world.settings, limits: { ...limits, maxMoves: 1, maxLabelChanges: 4 } };

    const [text = '', ...documents] = texts(await planned(world));

    for (const document of documents) {
      expect(document).toContain('Withheld');
      expect(document).toMatch(/belongs .*needs\\?-approval/);
    }
    expect(text).toContain('  withheld  4 moves (needs-approval), 1 new label (label-ramp)');
    expect(text).toMatch(/withheld[^]*↓ SHOP-1 {2}1 -> 5 {2}Item 1\n {14}band .* belongs below SHOP-2/);
    expect(text).toContain('    -> let the moves through: winnow approve shop');
  });

  it('what was to be done and was not is marked, and says what went wrong', async () => {
    const round = await planned(inOrder('Lowest Highest'));
    const [change] = round.report.changes;
    expect(change?.kind).toBe('move');
    const failures = new Map<Change, string>(change === undefined ? [] : [[change, 'Jira did not rank it (400)']]);
    const study = round.study === null ? null : { ...round.study, failures };

    expect(renderRound({ ...round, study }, voice)).toMatch(
      / {4}✗ SHOP-\d {2}\d -> \d .*\n {14}not done: Jira did not/,
    );
  });

  it('a problem that several items have is told once', async () => {
    const round = await planned(inOrder('Low'));
    const some = Array.from({ length: 10 }, (_, i) => ({
      ref: itemRef('jira', i),
      message: `SHOP-${i}: not permitted`,
    }));
    const problems = [{ ref: null, message: 'Jira: busy' }, ...some];

    const lines = renderRound({ ...round, report: { ...round.report, problems } }, voice).split('\n');

    expect(lines.filter(line => line.startsWith('  !'))).toEqual([
      '  ! Jira: busy',
      '  ! SHOP-0, SHOP-1, SHOP-2, SHOP-3, SHOP-4, SHOP-5, SHOP-6, SHOP-7 and 2 more: not permitted',
    ]);
  });

  it("a tracker's text steers neither terminal nor document", async () => {
    const world = inOrder('Lowest Highest', { title: '\u001b[2J<script>x</script> | **a** [b](c)' });

    const [text = '', markdown = '', html = ''] = texts(await planned(world));

    expect(text).not.toContain('\u001b');
    expect(markdown).toContain(String.raw`\<script\>x\</script\> \| \*\*a\*\* \[b\]\(c\)`);
    expect(html).toContain('&lt;script&gt;x&lt;/script&gt;');
    expect(html).not.toContain('<script');
  });

  it('a round that failed says why, and nothing else', async () => {
    const world = inOrder('Lowest Highest');
    await world.round();
    world.tracker.hidden.add(itemRef('jira', 1)).add(itemRef('jira', 2));

    const round = { ...(await planned(inOrder('Low'))), ...(await world.round({ sweep: true, purpose: 'plan' })) };

    const lines = renderRound(round, voice).split('\n');
    expect(lines[0]).toBe('shop  failed  (apply)');
    expect(lines[1]).toMatch(/^ {2}! Backlog shop: 0 items were read where the last round saw 2/);
    expect(lines).toHaveLength(3);
  });
});
