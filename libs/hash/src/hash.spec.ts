import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import fc from 'fast-check';
import { canonicalJson, combineMemberHashes, combineSourceHashes, finishTableHash, hashCanonicalJson, hashFile, Sha256Stream } from './index';

const named = fc.uniqueArray(fc.record({ name: fc.string(), sha256: fc.stringMatching(/^[0-9a-f]{64}$/) }), {
  selector: ({ name }) => name,
  minLength: 2,
  maxLength: 6,
});

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string().filter((key) => key !== '__proto__'), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(hashCanonicalJson(reversed)).toBe(hashCanonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
  it('tells values apart', () => {
    expect(canonicalJson({ a: 1 })).not.toBe(canonicalJson({ a: '1' }));
  });
});

describe('combined hashes', () => {
  it('do not depend on order', () => {
    fc.assert(
      fc.property(named, (parts) => {
        expect(combineSourceHashes([...parts].reverse())).toBe(combineSourceHashes(parts));
        expect(combineMemberHashes([...parts].reverse())).toBe(combineMemberHashes(parts));
      }),
    );
  });
  it('a release of one source has that source\'s hash', () => {
    expect(combineSourceHashes([{ name: 'a', sha256: 'f'.repeat(64) }])).toBe('f'.repeat(64));
  });
  it('sees a name move from one content to another', () => {
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
    expect(combineMemberHashes([{ name: 'x', sha256: a }, { name: 'y', sha256: b }])).not.toBe(
      combineMemberHashes([{ name: 'x', sha256: b }, { name: 'y', sha256: a }]),
    );
  });
  it('refuses a release without sources', () => {
    expect(() => combineSourceHashes([])).toThrow(RangeError);
  });
});

describe('Sha256Stream', () => {
  it('hashes and counts what passes, and agrees with hashFile, for any chunking', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'hash-'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 20 }), async (chunks) => {
        const whole = Buffer.concat(chunks);
        const stream = new Sha256Stream();
        const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
        await pipeline(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), stream, sink);
        const file = path.join(dir, 'f');
        writeFileSync(file, whole);
        const expected = createHash('sha256').update(whole).digest('hex');
        expect(await hashFile(file)).toEqual({ sha256: expected, sizeBytes: whole.length });
        expect([stream.digest(), stream.sizeBytes]).toEqual([expected, whole.length]);
      }),
      { numRuns: 30 },
    );
    rmSync(dir, { recursive: true });
  });
});

describe('finishTableHash', () => {
  const parts = { columns: [{ name: 'a', type: 'DATE' }], rows: 2, sumHigh: '1', sumLow: '2' };
  it.each([
    ['a column\'s type', { ...parts, columns: [{ name: 'a', type: 'VARCHAR' }] }],
    ['the row count', { ...parts, rows: 3 }],
    ['a sum', { ...parts, sumLow: '3' }],
  ])('depends on %s', (_what, other) => {
    expect(finishTableHash(other)).not.toBe(finishTableHash(parts));
  });
});
