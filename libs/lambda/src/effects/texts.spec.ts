import fc from 'fast-check';
import { redactUrls } from '../json-log';
import { parseDeadLetter, writeDeadLetter } from './dead-letter-text';
import { shorten, toSubject } from './message-text';

describe('toSubject', () => {
  it('is always a subject that SNS takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(toSubject(`Inlet: ${text}`)).toMatch(/^[\x21-\x7e]([\x20-\x7e]{0,98}[\x21-\x7e])?$/);
      }),
    );
  });
  it('reads as what it came from', () => {
    expect(toSubject('Inlet: cder rejected -\n “Guang’an”: São Paulo…')).toBe('Inlet: cder rejected - "Guang\'an": Sao Paulo...');
  });
});

describe('shorten', () => {
  it('leaves what fits, and cuts the rest to the length without breaking a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (text, most) => {
        const short = shorten(text, most);
        expect(short.length).toBeLessThanOrEqual(most);
        expect(short.isWellFormed()).toBe(true);
        if (text.length <= most) expect(short).toBe(text);
        else expect(short.endsWith('…') && text.startsWith(short.slice(0, -1))).toBe(true);
      }),
    );
  });
});

describe('writeDeadLetter', () => {
  const letter = { dataset: 'nsde', executionId: 'arn:e', input: { force: true, sources: ['https://example.org/a.zip'] }, error: { name: 'ModelError', message: 'no such column' }, at: '2026-11-20T21:00:00.000Z' };
  it('is read again as it was written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), fc.string({ maxLength: 200 }), (input, message) => {
        const written = { ...letter, input: JSON.parse(JSON.stringify(input)) as Record<string, unknown>, error: { name: 'E', message } };
        expect(parseDeadLetter(writeDeadLetter(written))).toEqual({ letter: written, inputOmittedBytes: undefined });
      }),
      { examples: [[{ ['__proto__']: 0 }, '']] },
    );
  });
  it('is never longer than SQS takes, and says how long an input was that it leaves out', () => {
    const body = writeDeadLetter({ ...letter, input: { source_url: 'é'.repeat(200_000) }, error: { name: 'E'.repeat(10_000), message: 'x'.repeat(1_000_000) } });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(256 * 1024);
    expect(parseDeadLetter(body)).toMatchObject({ letter: { dataset: 'nsde', input: {} }, inputOmittedBytes: 400_017 });
  });
  it.each(['', '{', '[]', '"x"', '{"dataset":"nsde"}', '{"Records":[]}'])('is not what %j is', (text) => {
    expect(parseDeadLetter(text)).toBeUndefined();
  });
});

describe('redactUrls', () => {
  it('takes secrets out of every URL in a text, and leaves the rest', () => {
    expect(redactUrls('get "https://u:p@a.org/x?key=1&k=2" or http://b.org/y (see https://c.org/z)')).toBe('get "https://a.org/x?key=…&k=…" or http://b.org/y (see https://c.org/z)');
  });
});
