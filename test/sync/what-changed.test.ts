import { describe, expect, it } from 'vitest';
import { value, type BacklogItem } from '../../src/item.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import { assess } from '../../src/sync/desire.ts';
import type { ItemState, Snapshot } from '../../src/sync/ports.ts';
import { changeText, whatChanged } from '../../src/sync/what-changed.ts';
import { anItem } from '../support/items.ts';
import { someSettings } from '../support/round-world.ts';
import { aMeta } from '../support/store-values.ts';

const then = new Date('2026-03-01T10:00:00Z');
const now = new Date('2026-03-02T10:00:00Z');
const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const input = { model: builtinModel, settings: someSettings(), sources: {} };

function aState(over: Partial<BacklogItem> = {}, at = then): ItemState {
  const clock = { at, atMost: false, who: 'Alice', what: 'Summary', ignored: [] };
  return { item: anItem(over), clock, band: null, hold: null, personAt: null, rankedByPerson: null };
}

function changes(before: ItemState, after: ItemState, place = 1) {
  const snapshot: Snapshot = {
    meta: aMeta({ takenAt: then, order: [before.item.ref] }),
    items: new Map([[before.item.ref, before]]),
  };
  return whatChanged({ state: after, assessment: assess(after, { ...input, now }), place }, snapshot, input);
}

describe('sync/what-changed', () => {
  it('an input is told with what it did to score and band', () => {
    const priority = (name: string) => ({ priority: value({ name, scheme }) });

    const told = changes(aState(priority('Medium')), aState(priority('High')));

    expect(told && changeText(told)).toBe('priority Medium -> High: score 51.85 -> 60.19, band 50-55 -> 60-65');
  });

  it('nothing changed, nothing told', () => {
    const told = changes(aState(), aState());

    expect(told).toEqual({ since: then, causes: [], effects: [] });
    expect(told && changeText(told)).toBeNull();
  });

  it('a place may change by others alone', () => {
    const told = changes(aState(), aState(), 4);

    expect(told && changeText(told)).toBe('nothing on the item itself: place 1 -> 4');
  });

  it('a due date counts more with every day, by the calendar', () => {
    const due = { due: value('2026-04-01') };

    const told = changes(aState(due), aState(due));

    expect(told?.causes).toEqual([{ what: 'points of urgency', from: '21.85', to: '22.22' }]);
  });

  it('labels, sprint, status and activity are causes too', () => {
    const told = changes(aState({ labels: ['b'] }), aState({ labels: ['b', 'a'], sprint: 'Sprint 5' }, now), 1);

    expect(told?.causes).toEqual([
      { what: 'sprint', from: null, to: 'Sprint 5' },
      { what: 'labels', from: 'b', to: 'a b' },
      { what: 'last activity', from: '2026-03-01 Summary by Alice', to: '2026-03-02 Summary by Alice' },
    ]);
  });

  it('without an earlier round there is nothing to compare with', () => {
    const state = aState();
    const view = { state, assessment: assess(state, { ...input, now }), place: 1 };

    expect(whatChanged(view, null, input)).toBeNull();
    expect(whatChanged(view, { meta: aMeta(), items: new Map() }, input)).toBeNull();
  });
});
