import type { Activity, FieldChange, ItemRef } from '../item.ts';
import { effectKey, markOwn, type OwnContext } from './own-writes.ts';
import type { OwnWrite } from './ports.ts';
import { sameLetters } from './same-text.ts';

/**
 * The own writes that an announced change is the echo of, or null when the journal does not explain every field of it: a
 * change that is ours and a person's in one is no echo, and in doubt there is none. A number field that nobody knows by
 * name is taken for the score field when it went from and to the very values that were journaled; a text field for the
 * explanation when it got the very text. Pure.
 */
export function echoOf(change: Activity, context: OwnContext): readonly OwnWrite[] | null {
  if (change.kind !== 'changed' || change.fields.length === 0) return null;
  const told = { ...change, fields: change.fields.map(field => asOwn(field, context.ownWrites)) };
  const marks = markOwn([told], context);
  const explained = told.fields.every(field => {
    if (field.kind === 'labels') {
      const labels = [...(field.added ?? []), ...(field.removed ?? [])];
      return labels.length > 0 && labels.every(label => marks.has(field, label));
    }
    return (field.kind === 'rank' || field.kind === 'score' || field.kind === 'explanation') && marks.has(field);
  });
  return explained ? marks.explaining : null;
}

function asOwn(field: FieldChange, writes: readonly OwnWrite[]): FieldChange {
  if (field.kind !== 'other') return field;
  const same = (told: string | null, written: string | null): boolean =>
    told === null || told === '' || written === null
      ? (told ?? '') === (written ?? '')
      : written !== '' && Number(told) === Number(written);
  const ours = writes.some(w => w.field === 'score' && same(field.from, w.from) && same(field.to, w.to));
  if (ours) return { ...field, kind: 'score' };
  const text = writes.some(w => w.field === 'explanation' && sameLetters(field.to ?? '', w.to ?? ''));
  return text ? { ...field, kind: 'explanation' } : field;
}

/** Names the writes for remembering which delivery each has explained. */
export function effectKeys(ref: ItemRef, writes: readonly OwnWrite[]): readonly string[] {
  return writes.map(write => effectKey(ref, write, write.intendedAt));
}
