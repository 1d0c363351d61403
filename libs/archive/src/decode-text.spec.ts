import fc from 'fast-check';
import iconv from 'iconv-lite';
import { openDecoding, type TextEncoding } from './decode-text';

/** Decodes in chunks that end at the given places; the first is at least three bytes long, as the reader promises. */
function decodeInChunks(bytes: Buffer, encoding: TextEncoding, cuts: readonly number[]): Buffer {
  const decoding = openDecoding(encoding, 'test');
  const ends = [...new Set(cuts.map((cut) => Math.max(3, cut)))].filter((cut) => cut < bytes.length).sort((a, b) => a - b);
  const parts = [...ends, bytes.length].map((end, index) => decoding.decode(bytes.subarray(index === 0 ? 0 : ends[index - 1], end), index === 0));
  return Buffer.concat([...parts, decoding.end()]);
}

const cuts = fc.array(fc.nat(400), { maxLength: 8 });

describe('windows-1252', () => {
  it('agrees with iconv-lite on every byte that is defined, at any chunk borders', () => {
    const undefinedBytes = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
    const defined = fc.integer({ min: 0, max: 255 }).filter((byte) => !undefinedBytes.includes(byte));
    fc.assert(
      fc.property(fc.array(defined, { maxLength: 400 }), cuts, (bytes, at) => {
        const buffer = Buffer.from(bytes);
        expect(decodeInChunks(buffer, 'windows-1252', at).toString('utf8')).toBe(iconv.decode(buffer, 'windows-1252'));
      }),
    );
  });

  it('agrees with the WHATWG decoder on all 256 bytes, undefined ones as C1 controls', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const decoded = decodeInChunks(all, 'windows-1252', [100, 129, 200]).toString('utf8');
    expect(decoded).toBe(new TextDecoder('windows-1252').decode(all));
    expect([0x81, 0x8d, 0x8f, 0x90, 0x9d].map((byte) => decoded.charCodeAt(byte))).toEqual([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
    expect(new Set(decoded).size).toBe(256);
  });
});

describe('latin-1', () => {
  it('loses no byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), cuts, (bytes, at) => {
        const decoded = decodeInChunks(Buffer.from(bytes), 'latin-1', at).toString('utf8');
        expect(Buffer.from(decoded, 'latin1')).toEqual(Buffer.from(bytes));
      }),
    );
  });
});

describe('utf-8', () => {
  it('passes any bytes, valid or not, but for a byte order mark at the start', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), cuts, fc.boolean(), (bytes, at, mark) => {
        const body = Buffer.from(bytes);
        fc.pre(!body.subarray(0, 3).equals(Buffer.from('\ufeff')));
        const text = mark ? Buffer.concat([Buffer.from('\ufeff'), body]) : body;
        expect(decodeInChunks(text, 'utf-8', at)).toEqual(body);
      }),
    );
  });
});

describe('utf-16le', () => {
  it('gives the text back, whatever the chunk borders', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 150 }), cuts, fc.boolean(), (text, at, mark) => {
        fc.pre(!text.startsWith('\ufeff'));
        const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
        expect(decodeInChunks(bytes, 'utf-16le', at).toString('utf8')).toBe(text);
      }),
    );
  });
});
