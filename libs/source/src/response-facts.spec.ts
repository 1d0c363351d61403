import fc from 'fast-check';
import { parseRetryAfter } from './backoff';
import { looksLikeHtml } from './html-check';
import { parseContentRange } from './response-facts';

describe('parseContentRange', () => {
  it('reads what RFC 9110 writes', () => {
    const range = fc.tuple(fc.nat(), fc.nat(), fc.option(fc.nat())).map(([start, length, rest]) => ({ start, end: start + length, totalBytes: rest === null ? undefined : start + length + 1 + rest }));
    fc.assert(
      fc.property(range, (expected) => {
        expect(parseContentRange(`bytes ${expected.start}-${expected.end}/${expected.totalBytes ?? '*'}`)).toEqual(expected);
      }),
    );
  });
  it.each([null, '', 'bytes 5-4/10', 'bytes 0-10/10', 'bytes */10', 'bytes=0-4/5', 'bytes -1-4/5', 'items 0-4/5'])('does not read %j', (text) => {
    expect(parseContentRange(text)).toBeUndefined();
  });
});

describe('parseRetryAfter', () => {
  const now = new Date('2026-11-20T21:00:00Z');
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Fri, 20 Nov 2026 21:00:05 GMT', 5000],
    ['Fri, 20 Nov 2026 20:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    [null, undefined],
  ])('reads %j as %j ms', (text, expected) => {
    expect(parseRetryAfter(text, now)).toBe(expected);
  });
});

describe('looksLikeHtml', () => {
  it.each(['', 'PK\x03\x04', 'a,b\n<html>', '<htmlish>', '<RxNorm/>', '<?xml version="1.0"?><data/>', '<!-- c --> a'])('lets %j pass', (text) => {
    expect(looksLikeHtml(Buffer.from(text))).toBe(false);
  });
  it('answers at once on a page of nothing but comments', () => {
    const began = performance.now();
    expect(looksLikeHtml(Buffer.from('<!---->'.repeat(5000)))).toBe(false);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
