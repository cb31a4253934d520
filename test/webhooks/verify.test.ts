import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isKnown, isSigned } from '../../src/webhooks/verify.ts';

const hello = Buffer.from('Hello World!');
const secret = "It's a Secret to Everybody";
const published = 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9';
const sign = (body: Buffer, by: string): string => `sha256=${createHmac('sha256', by).update(body).digest('hex')}`;
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('webhooks/verify', () => {
  test("the vendor's published example fits", () => {
    expect(isSigned(published, hello, [secret])).toBe(true);
  });

  test('any of several secrets fits', () => {
    expect(isSigned(sign(hello, 'new'), hello, ['old', 'new'])).toBe(true);
    expect(isSigned(sign(hello, 'old'), hello, ['old', 'new'])).toBe(true);
  });

  test.each([
    ['another secret', sign(hello, 'other')],
    ['another body', sign(Buffer.from('Hello World?'), secret)],
    ['one digit less', published.slice(0, -1)],
    ['no method', published.slice('sha256='.length)],
    ['a weak method', `sha1=${createHmac('sha1', secret).update(hello).digest('hex')}`],
    ['nothing', ''],
  ])('%s does not fit', (_, header) => {
    expect(isSigned(header, hello, [secret])).toBe(false);
  });

  test('no body fits a signature that its secret did not make', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (bytes, ours, theirs) => {
        fc.pre(ours !== theirs);
        expect(isSigned(sign(Buffer.from(bytes), theirs), Buffer.from(bytes), [ours])).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  const webhook = { username: 'winnow', passwords: ['old-word', 'pass:word'] };

  test.each([
    ['user name and password', basic('winnow:pass:word'), undefined, true],
    ['the older password', basic('winnow:old-word'), undefined, true],
    ['the secret header', undefined, 'pass:word', true],
    ['another user name', basic('someone:old-word'), undefined, false],
    ['a wrong password', basic('winnow:wrong'), undefined, false],
    ['no password', basic('winnow:'), undefined, false],
    ['another scheme', 'Bearer old-word', undefined, false],
    ['a wrong secret header', undefined, 'wrong', false],
    ['nothing', undefined, undefined, false],
  ])('%s', (_, authorization, given, expected) => {
    expect(isKnown({ authorization, secret: given }, webhook)).toBe(expected);
  });
});
