import fc from 'fast-check';
import { findJsonFault } from './json-text';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Texts made of JSON's own pieces, so that many are nearly right. */
const pieces = fc.constantFrom('{', '}', '[', ']', ':', ',', '"a"', '"b\\n"', '"\\u00e9"', '"\\x"', '"', '1', '-0', '01', '1.5e-3', '1.', '+1', 'true', 'nul', 'null', ' ', '\n', '\t', '\u00a0', '\\', '/*', 'NaN');

describe('findJsonFault', () => {
  it('finds a fault exactly where JSON.parse does, repeated keys aside', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')), fc.string({ unit: 'binary' }), fc.json()), (text) => {
        const fault = findJsonFault(text);
        if (fault?.expected === 'a key that the object does not have yet') return;
        expect(fault === undefined).toBe(isJson(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('finds no fault in what JSON.stringify writes', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => expect(findJsonFault(JSON.stringify(value, null, indent))).toBeUndefined()));
  });

  it.each([
    ['', 1, 1, 'a value', 'the end of the text'],
    ['{\n}}', 2, 2, 'the end of the text', '"}"'],
    ['{"a":1,}', 1, 8, 'a key in double quotes', '"}"'],
    ["{'a':1}", 1, 2, 'a key in double quotes or }', '"\'"'],
    ['[1,\n 2,\n]', 3, 1, 'a value', '"]"'],
    ['{"a" 1}', 1, 6, 'a colon', '"1"'],
    ['// note\n{}', 1, 1, 'a value', '"/"'],
    ['{"a": "b\n"}', 1, 9, 'a closing quote', 'the end of the line'],
    ['["\\d"]', 1, 3, 'an escape that JSON knows', '"\\\\d"'],
    ['[01]', 1, 2, 'a value or ]', '"0"'],
    ['{"a":{"b":1},\r\n"a":2}', 2, 1, 'a key that the object does not have yet', '"a" again'],
    ['{"a":1,"\\u0061":2}', 1, 8, 'a key that the object does not have yet', '"\\u0061" again'],
  ])('%j goes wrong at line %d, column %d', (text, line, column, expected, found) => {
    expect(findJsonFault(text)).toEqual({ line, column, expected, found });
  });

  it('allows the same key in different objects', () => {
    expect(findJsonFault('[{"a":{"a":1}},{"a":2}]')).toBeUndefined();
  });
});
