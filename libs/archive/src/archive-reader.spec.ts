import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { combineMemberHashes } from '@inlet/hash';
import { InletError } from '@inlet/errors';
import type { ExtractRequest } from '@inlet/pipeline';
import { createArchiveReader } from './index';
import { craftZip, zip, type CraftedMember } from './zip-file.test-support';

const reader = createArchiveReader();
const LIMITS = { maxExpandedBytes: 100_000_000, maxExpansionRatio: 200, maxMembers: 100 };
const CSV = 'code,name\r\n1,"TABLET, FILM COATED"\r\n2,\r\n'.repeat(3000);

let folder: string;
let targetDir: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'archive-'));
  targetDir = path.join(folder, 'out');
});
afterEach(() => rmSync(folder, { recursive: true }));

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

function put(bytes: Buffer | string, fileName = 'data.zip') {
  const file = path.join(folder, fileName);
  writeFileSync(file, bytes);
  return { path: file, fileName };
}

/** Lists, then extracts all members, keeping all unless told otherwise. */
async function extractAll(archive: { path: string; fileName: string }, request: Partial<ExtractRequest> = {}) {
  const limits = request.limits ?? LIMITS;
  const members = (await reader.listMembers(archive, limits)).map(({ name }) => name);
  return reader.extract(archive, { members, keep: members, targetDir, encoding: 'utf-8', limits, ...request });
}

const failure = (bytes: Buffer | string, request: Partial<ExtractRequest> & { fileName?: string } = {}) =>
  extractAll(put(bytes, request.fileName), request).then(
    (members) => {
      throw new Error(`no failure but ${JSON.stringify(members)}`);
    },
    (error: Error) => {
      expect(error).toBeInstanceOf(InletError);
      expect(existsSync(targetDir) ? readdirSync(targetDir) : []).toEqual([]);
      return error;
    },
  );

describe('a zip', () => {
  it.each([
    ['deflated', {}],
    ['stored', { compress: false }],
    ['zip64', { forceZip64Format: true }],
  ])('that is %s gives each member once, hashed, counted and written', async (_how, options) => {
    const binary = randomBytes(3_000_000);
    const archive = put(await zip([{ name: 'b/product.txt', content: CSV }, { name: 'a.bin', content: binary }, { name: 'empty.txt', content: '' }], options));
    expect(await reader.listMembers(archive, LIMITS)).toEqual([
      { name: 'b/product.txt', sizeBytes: CSV.length },
      { name: 'a.bin', sizeBytes: 3_000_000 },
      { name: 'empty.txt', sizeBytes: 0 },
    ]);
    const onProgress = jest.fn();
    const extracted = await extractAll(archive, { keep: ['b/product.txt', 'empty.txt'], onProgress });
    const file = path.join(targetDir, 'b__product.txt');
    expect(extracted).toEqual([
      { name: 'b/product.txt', sha256: sha256(CSV), sizeBytes: CSV.length, path: file, lines: 9000 },
      { name: 'a.bin', sha256: sha256(binary), sizeBytes: 3_000_000, path: undefined, lines: expect.any(Number) },
      { name: 'empty.txt', sha256: sha256(''), sizeBytes: 0, path: path.join(targetDir, 'empty.txt'), lines: 0 },
    ]);
    expect(readFileSync(file, 'utf8')).toBe(CSV);
    expect(readFileSync(path.join(targetDir, 'empty.txt')).length).toBe(0);
    expect(readdirSync(targetDir).sort()).toEqual(['b__product.txt', 'empty.txt']);
    const totalBytes = CSV.length + 3_000_000;
    expect(onProgress).toHaveBeenLastCalledWith({ bytes: totalBytes, totalBytes });
  });

  it('gives the same member hashes when packed again with other times, order and compression', async () => {
    const members = [{ name: 'a.txt', content: CSV }, { name: 'b.txt', content: 'x' }];
    const first = await extractAll(put(await zip(members, { mtime: new Date('2020-01-01') })));
    const again = put(await zip([...members].reverse(), { mtime: new Date('2026-01-01'), compress: false }), 'again.zip');
    expect(sha256(readFileSync(again.path))).not.toBe(sha256(readFileSync(path.join(folder, 'data.zip'))));
    expect(combineMemberHashes(await extractAll(again))).toBe(combineMemberHashes(first));
  });

  it('has directories, which are no members', async () => {
    const members = await reader.listMembers(put(craftZip([{ name: 'd/', content: '', method: 0 }, { name: 'd/a.txt', content: 'a' }])), LIMITS);
    expect(members.map(({ name }) => name)).toEqual(['d/a.txt']);
  });

  it('has names that would meet on disk, which are kept apart', async () => {
    const names = ['a/b.txt', 'a__b.txt', 'A/B.TXT', '2~a__b.txt', '...', 'ab:c?.txt', `${'ü'.repeat(200)}.txt`];
    const extracted = await extractAll(put(craftZip(names.map((name) => ({ name, content: name, flags: 0x800 })))));
    expect(new Set(extracted.map((member) => member.path?.toLowerCase())).size).toBe(names.length);
    for (const member of extracted) expect(readFileSync(member.path!, 'utf8')).toBe(member.name);
    expect(readdirSync(targetDir)).toHaveLength(names.length);
  });

  it('is read in the order asked for, and only what is asked for', async () => {
    const archive = put(await zip([{ name: 'a', content: '1' }, { name: 'b', content: '2' }, { name: 'c', content: '3' }]));
    const extracted = await extractAll(archive, { members: ['c', 'a'], keep: [] });
    expect(extracted.map(({ name, path: file }) => [name, file])).toEqual([['c', undefined], ['a', undefined]]);
    expect(existsSync(targetDir)).toBe(false);
  });

  it('lacks a member that is asked for: MissingMemberError', async () => {
    const bytes = await zip([{ name: 'a.txt', content: '1' }]);
    for (const request of [{ members: ['b.txt'], keep: [] }, { members: ['a.txt'], keep: ['b.txt'] }]) {
      const error = await failure(bytes, request);
      expect(error.name).toBe('MissingMemberError');
      expect(error.message).toContain('expected b.txt, found a.txt');
    }
  });

  it('stops at an abort with the signal\'s reason, and removes what it wrote', async () => {
    const archive = put(await zip([{ name: 'a.bin', content: randomBytes(30_000_000) }], { compress: false }));
    const reason = new Error('stop');
    const controller = new AbortController();
    const onProgress = () => controller.abort(reason);
    await expect(extractAll(archive, { signal: controller.signal, onProgress })).rejects.toBe(reason);
    await expect(extractAll(archive, { signal: controller.signal })).rejects.toBe(reason);
    expect(readdirSync(targetDir)).toEqual([]);
  });
});

describe('a zip that is refused', () => {
  const craft = (member: Partial<CraftedMember>) => craftZip([{ name: 'a.txt', content: CSV, ...member }]);

  it.each(['../a.txt', 'a/../../b', '/etc/passwd', 'C:/a', 'c:a', 'a\\b', '..\\a', 'a\0b', '', '..', 'd/../'])('has a member named %j: UnsafeEntryPathError', async (name) => {
    expect((await failure(craft({ name }))).name).toBe('UnsafeEntryPathError');
    expect(existsSync(path.join(folder, 'a.txt'))).toBe(false);
  });

  it('has a symbolic link: UnsafeEntryPathError', async () => {
    expect((await failure(craft({ content: '/etc/passwd', externalAttributes: 0o120777 * 0x10000 }))).name).toBe('UnsafeEntryPathError');
  });

  it.each([
    ['an encrypted member', { flags: 1 }],
    ['a strongly encrypted member', { flags: 0x41 }],
    ['a masked directory', { flags: 0x2000 }],
    ['an LZMA member', { method: 14 }],
    ['a Deflate64 member', { method: 9 }],
  ])('has %s: UnsupportedFormatError', async (_what, member) => {
    expect((await failure(craft(member))).name).toBe('UnsupportedFormatError');
  });

  it.each([
    ['a wrong checksum', craft({ crc: 1 })],
    ['a member longer than it says', craft({ sizeBytes: CSV.length - 1 })],
    ['a member that says a byte and is a bomb', craft({ content: Buffer.alloc(50_000_000), sizeBytes: 1 })],
    ['a member shorter than it says', craft({ sizeBytes: CSV.length + 1 })],
    ['a stored member whose sizes differ', craft({ method: 0, sizeBytes: 5 })],
    ['two names for one member', craft({ localName: 'b.txt' })],
    ['two members of one name', craftZip([{ name: 'a', content: '1' }, { name: 'a', content: '2' }])],
    ['more members than it counts', craftZip([{ name: 'a', content: '1' }, { name: 'b', content: '2' }], 1)],
    ['fewer members than it counts', craftZip([{ name: 'a', content: '1' }], 2)],
    ['no members', craftZip([])],
    ['only directories', craftZip([{ name: 'd/', content: '', method: 0 }])],
    ['bytes after its end', Buffer.concat([craft({}), Buffer.from('x')])],
    ['nothing but a signature', Buffer.from('PK\x03\x04')],
    ['no zip in it', Buffer.from('code,name\n')],
    ['nothing in it', Buffer.alloc(0)],
  ])('has %s: CorruptArchiveError', async (_what, bytes) => {
    expect((await failure(bytes)).name).toBe('CorruptArchiveError');
  });

  it('is not confused by bytes after the compressed data', async () => {
    const [member] = await extractAll(put(craft({ trailer: randomBytes(3_000_000) })));
    expect(member?.sha256).toBe(sha256(CSV));
  });

  it('has too many members, by its own count: ArchiveTooLargeError', async () => {
    const members = Array.from({ length: 101 }, (_, index) => ({ name: `m${index}`, content: 'x' }));
    expect((await failure(craftZip(members))).name).toBe('ArchiveTooLargeError');
    await expect(extractAll(put(craftZip(members.slice(1))))).resolves.toHaveLength(100);
  });

  it('expands to too many bytes: ArchiveTooLargeError before anything is expanded', async () => {
    const bytes = craftZip([{ name: 'a', content: CSV }, { name: 'b', content: CSV }]);
    const at = (maxExpandedBytes: number) => ({ limits: { ...LIMITS, maxExpandedBytes } });
    await expect(reader.listMembers(put(bytes), at(2 * CSV.length - 1).limits)).rejects.toMatchObject({ name: 'ArchiveTooLargeError' });
    await expect(extractAll(put(bytes), at(2 * CSV.length))).resolves.toHaveLength(2);
  });

  it('expands to too many bytes although it says otherwise: ArchiveTooLargeError or CorruptArchiveError, whichever shows first', async () => {
    const content = Buffer.alloc(50_000_000);
    const at = (maxExpandedBytes: number) => ({ limits: { ...LIMITS, maxExpandedBytes } });
    expect((await failure(craft({ content, sizeBytes: 2_000_000 }), at(2_050_000))).name).toBe('ArchiveTooLargeError');
    expect((await failure(craft({ content, sizeBytes: 1_000_000 }), at(2_050_000))).name).toBe('CorruptArchiveError');
  });

  it('expands by too large a factor: ArchiveTooLargeError, unless it is small', async () => {
    const limits = { ...LIMITS, maxExpandedBytes: 1e9, maxExpansionRatio: 10 };
    const small = craftZip([{ name: 'zeros', content: Buffer.alloc(20_000_000) }]);
    expect(small.length).toBeLessThan(1_000_000);
    await expect(extractAll(put(small), { limits, keep: [] })).resolves.toHaveLength(1);
    const large = craftZip([{ name: 'zeros', content: Buffer.alloc(20_000_000) }, { name: 'noise', content: randomBytes(1_000_000), method: 0 }]);
    expect((await failure(large, { limits })).name).toBe('ArchiveTooLargeError');
    await expect(extractAll(put(large), { limits: { ...limits, maxExpansionRatio: 21 } })).resolves.toHaveLength(2);
  });
});

describe('a damaged zip', () => {
  const members = [{ name: 'dir/ünï.txt', content: CSV.slice(0, 5000) }, { name: 'b.csv', content: 'a,b\n1,2\n' }, { name: 'c.bin', content: randomBytes(200) }];

  it.each([
    ['deflated', {}],
    ['stored', { compress: false }],
    ['zip64', { forceZip64Format: true }],
  ])('(%s) gives the same members or a named error, wherever it is cut or a byte differs', async (_how, options) => {
    const sound = await zip(members, options);
    const facts = async (bytes: Buffer) => (await extractAll(put(bytes), { keep: [] })).map(({ name, sha256: hash }) => `${name} ${hash}`);
    const expected = await facts(sound);
    const outcome = (bytes: Buffer) => facts(bytes).catch((error: Error) => error);
    const check = async (bytes: Buffer) => {
      const result = await outcome(bytes);
      if (result instanceof Error) expect(result).toBeInstanceOf(InletError);
      else expect(result).toEqual(expected);
    };
    await fc.assert(fc.asyncProperty(fc.nat(sound.length - 1), async (length) => expect(await outcome(sound.subarray(0, length))).toBeInstanceOf(InletError)), { numRuns: 60 });
    for (let at = 0; at < sound.length; at += at < 40 || at > sound.length - 500 ? 1 : 7) {
      for (const change of [0x01, 0xff]) {
        const bytes = Buffer.from(sound);
        bytes[at]! ^= change;
        await check(bytes);
      }
    }
  });

  it('of any bytes behind a zip\'s signature is a named error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (noise, end) => {
        const bytes = Buffer.concat([Buffer.from('PK\x03\x04'), noise, end ? craftZip([]) : Buffer.alloc(0)]);
        await expect(extractAll(put(bytes))).rejects.toBeInstanceOf(InletError);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a plain file', () => {
  it('is an archive of one member, used where it lies when it is UTF-8', async () => {
    const archive = put(CSV, 'data.csv');
    expect(await reader.listMembers(archive, LIMITS)).toEqual([{ name: 'data.csv', sizeBytes: CSV.length }]);
    expect(await extractAll(archive)).toEqual([{ name: 'data.csv', sha256: sha256(CSV), sizeBytes: CSV.length, path: archive.path, lines: 9000 }]);
    expect(readdirSync(targetDir)).toEqual([]);
  });

  it('is copied without its byte order mark, but hashed with it', async () => {
    const text = '\ufeffa,b\n1,\ufeff2';
    const [member] = await extractAll(put(text, 'data.csv'));
    expect(member).toEqual({ name: 'data.csv', sha256: sha256(text), sizeBytes: 13, path: path.join(targetDir, 'data.csv'), lines: 2 });
    expect(readFileSync(member!.path!, 'utf8')).toBe('a,b\n1,\ufeff2');
  });

  it('may be empty', async () => {
    const archive = put('', 'data.csv');
    expect(await extractAll(archive)).toMatchObject([{ sizeBytes: 0, lines: 0, path: path.join(targetDir, 'data.csv') }]);
  });

  it('over the limit is an ArchiveTooLargeError', async () => {
    expect((await failure(CSV, { fileName: 'data.csv', limits: { ...LIMITS, maxExpandedBytes: 1000 } })).name).toBe('ArchiveTooLargeError');
  });

  it.each<[string, Buffer]>([
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['Excel', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['bzip2', Buffer.from('BZh91AY&SY\0')],
    ['tar', Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\0'), Buffer.alloc(300)])],
    ['PDF', Buffer.from('%PDF-1.7\n')],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le')],
    ['big-endian UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le').swap16()],
  ])('that looks like %s is an UnsupportedFormatError that says so', async (looks, bytes) => {
    const error = await failure(bytes, { fileName: 'data.csv' });
    expect(error.name).toBe('UnsupportedFormatError');
    expect(error.message).toContain(looks);
    expect((await failure(await zip([{ name: 'data.csv', content: bytes }]))).name).toBe('UnsupportedFormatError');
  });

  it('within a zip may be of any format when it is not kept', async () => {
    const archive = put(await zip([{ name: 'real.xls', content: Buffer.from('d0cf11e0a1b11ae1', 'hex') }, { name: 'inner.zip', content: await zip([]) }]));
    expect(await extractAll(archive, { keep: [] })).toHaveLength(2);
    await expect(extractAll(archive, { keep: ['inner.zip'] })).rejects.toMatchObject({ name: 'UnsupportedFormatError' });
  });

  it('of an unknown encoding is an UnsupportedFormatError', async () => {
    expect((await failure(CSV, { fileName: 'data.csv', encoding: 'ebcdic' })).name).toBe('UnsupportedFormatError');
    expect((await failure(CSV, { fileName: 'data.csv', encoding: 'constructor' })).name).toBe('UnsupportedFormatError');
  });

  it('that is not there is a PermanentError', async () => {
    await expect(reader.listMembers({ path: path.join(folder, 'none'), fileName: 'none' }, LIMITS)).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('ENOENT') });
  });

  it('of windows-1252 becomes UTF-8, hashed as it was', async () => {
    const bytes = Buffer.concat([Buffer.alloc(2_000_000, 'a\n'), Buffer.from('Guang\x92an \x81\r\n', 'latin1')]);
    const [member] = await extractAll(put(bytes, 'data.txt'), { encoding: 'windows-1252' });
    expect(member).toMatchObject({ sha256: sha256(bytes), sizeBytes: bytes.length, lines: 1_000_001 });
    expect(readFileSync(member!.path!, 'utf8').slice(2_000_000)).toBe('Guang\u2019an \x81\r\n');
  });

  it('of UTF-16 becomes UTF-8 without byte order mark, whole characters or UnsupportedFormatError', async () => {
    const text = 'é,𝄞\n'.repeat(700_000);
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    const [member] = await extractAll(put(bytes, 'data.txt'), { encoding: 'utf-16le' });
    expect(member).toMatchObject({ sha256: sha256(bytes), lines: 700_000 });
    expect(readFileSync(member!.path!, 'utf8')).toBe(text);
    rmSync(targetDir, { recursive: true });
    for (const broken of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from([0x00, 0xd8])])]) {
      expect((await failure(broken, { fileName: 'data.txt', encoding: 'utf-16le' })).name).toBe('UnsupportedFormatError');
    }
  });
});

describe('the real FDA directory of unfinished drugs', () => {
  const real = path.resolve(__dirname, '../../../../shared/data/ndc-unfinished-2018-06-25.zip');
  const found = existsSync(real);
  if (!found) console.warn(`Skipped: ${real} is not on this machine.`);

  (found ? it : it.skip)('has text twice, as .txt and as .xls, in windows-1252', async () => {
    const keep = ['unfinished_product.txt', 'unfinished_package.txt'];
    const extracted = await extractAll({ path: real, fileName: path.basename(real) }, { keep, encoding: 'windows-1252' });
    const bySha = Object.fromEntries(extracted.map((member) => [member.name, member.sha256]));
    expect(Object.keys(bySha)).toEqual(['unfinished_package.txt', 'unfinished_package.xls', 'unfinished_product.txt', 'unfinished_product.xls']);
    expect([bySha['unfinished_package.xls'], bySha['unfinished_product.xls']]).toEqual([bySha['unfinished_package.txt'], bySha['unfinished_product.txt']]);
    const product = extracted[2]!;
    const text = readFileSync(product.path!, 'utf8');
    expect(text).toContain('Guang\u2019an');
    expect(text).not.toContain('\ufffd');
    expect([product.sizeBytes, product.lines]).toEqual([4_515_603, text.split('\n').length - 1]);
  });
});
