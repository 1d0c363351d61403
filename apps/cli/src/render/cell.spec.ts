import fc from 'fast-check';
import { formatCell, plainText, toJsonValue } from './cell';

describe('formatCell', () => {
  it('tells NULL from the text NULL and from nothing', () => {
    expect([null, 'NULL', ''].map(formatCell)).toEqual(['NULL', '"NULL"', '']);
  });
  it('lets no control character through, whatever the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(formatCell(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
      }),
    );
  });
  it.each([
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\x1b[31mred', '\\x1b[31mred'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\x9b', '\\x9b'],
  ])('%j reads %s', (text, shown) => {
    expect(formatCell(text)).toBe(shown);
  });
  it('writes lists and structs as JSON', () => {
    expect(formatCell([1n, null, 'x'])).toBe('[1,null,"x"]');
    expect(formatCell({ a: 2n ** 60n })).toBe('{"a":"1152921504606846976"}');
  });
});

describe('toJsonValue', () => {
  it('keeps every digit of an integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n }), (value) => {
        const json = toJsonValue(value);
        expect(BigInt(json as string | number)).toBe(value);
        expect(typeof json).toBe(value <= 2n ** 53n - 1n && value >= -(2n ** 53n - 1n) ? 'number' : 'string');
      }),
    );
  });
  it('writes non-finite numbers as text, since JSON has none', () => {
    expect([NaN, Infinity, -Infinity].map(toJsonValue)).toEqual(['NaN', 'Infinity', '-Infinity']);
  });
});

describe('plainText', () => {
  it('escapes nothing', () => {
    expect(plainText('a\nb')).toBe('a\nb');
  });
});
