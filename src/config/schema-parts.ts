import { z } from 'zod';

/** Parts that several schemas share. Each message reads on from a path: `backlogs.shop.board: must be ...`. */

export const Level = z.enum(['highest', 'high', 'medium', 'low', 'lowest']);

export const Text = z.string().regex(/\S/, 'must not be empty');

/** A field's display name, id or reference name. A bare number is the number of a Jira custom field. */
export const Field = z.union([Text, z.int('must be a field name or number').min(1, 'must be a field name or number')]);

/** Any number that is not below `least`. */
export function atLeast(least: number, message: string): z.ZodNumber {
  return z.number(message).min(least, message);
}

export function above0(message = 'must be a number above 0'): z.ZodNumber {
  return z.number(message).gt(0, message);
}

export function share(message = 'must be a number from 0 to 1'): z.ZodNumber {
  return z.number(message).min(0, message).max(1, message);
}

export function wholeAbove0(message = 'must be a whole number above 0'): z.ZodInt {
  return z.int(message).min(1, message);
}

export function whole(message = 'must be a whole number, 0 or more'): z.ZodInt {
  return z.int(message).min(0, message);
}
