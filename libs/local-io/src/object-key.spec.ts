import path from 'node:path';
import fc from 'fast-check';
import { checkKey, checkPrefix, compareKeys } from './index';

const isAccepted = (check: () => void) => {
  try {
    check();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return false;
  }
};

const keyLike = fc
  .array(fc.oneof(fc.constantFrom('.', '..', '', 'a', 'x=1', '...', '.a', 'C:'), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 5 })
  .map((segments) => segments.join('/'));

describe('checkKey', () => {
  it('lets through only keys that stay below the root, one path for one key', () => {
    fc.assert(
      fc.property(keyLike, (key) => {
        if (!isAccepted(() => checkKey(key))) return;
        const resolved = path.resolve('/lake', key);
        expect(resolved).toBe(`/lake/${key}`);
      }),
      { numRuns: 2000 },
    );
  });
  it('takes every key made of ordinary segments', () => {
    const segment = fc.stringMatching(/^[\w=-][\w=. -]*$/);
    fc.assert(fc.property(fc.array(segment, { minLength: 1 }), (segments) => expect(isAccepted(() => checkKey(segments.join('/')))).toBe(true)));
  });
  it('says why a key is refused', () => {
    expect(() => checkKey('a/../b')).toThrow("\"a/../b\" is no key of the lake: it has a segment '.' or '..'");
  });
});

describe('checkPrefix', () => {
  it.each([['', true], ['a', true], ['a/', true], ['a/b=', true], ['/', false], ['a//', false], ['../', false]])('%j: %s', (prefix, expected) => {
    expect(isAccepted(() => checkPrefix(prefix))).toBe(expected);
  });
});

describe('compareKeys', () => {
  it('orders as UTF-8 bytes do', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
        expect(compareKeys(a, b) + compareKeys(b, a)).toBe(0);
      }),
    );
    expect(['\u{1f9ea}', '\u{e000}'].sort(compareKeys)).toEqual(['\u{e000}', '\u{1f9ea}']);
  });
});
