import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readZip } from './read-zip.test-support';
import { writeSampleZip, type SampleMember } from './write-sample-zip';

const member = (name: string, text: string): SampleMember => ({ name, content: () => [Buffer.from(text)] });
const members = [member('a.txt', 'first '.repeat(1000)), member('b.txt', 'second '.repeat(1000))];

describe('writeSampleZip', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'inlet-samples-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function zipped(name: string, ...args: [readonly SampleMember[], Parameters<typeof writeSampleZip>[2]?]) {
    const zipPath = path.join(folder, name);
    await writeSampleZip(zipPath, ...args);
    return { bytes: await readFile(zipPath), entries: await readZip(zipPath) };
  }

  it('keeps names, content, order and time', async () => {
    const { entries } = await zipped('plain.zip', members, { mtime: new Date('2026-03-04T05:06:08Z') });
    expect(entries.map(({ name, content }) => [name, content.toString()])).toEqual([
      ['a.txt', 'first '.repeat(1000)],
      ['b.txt', 'second '.repeat(1000)],
    ]);
    expect(entries.map(({ dosTime }) => dosTime)).toEqual(['2026-03-04T05:06:08', '2026-03-04T05:06:08']);
  });

  it('gives the same bytes for the same members', async () => {
    const first = await zipped('one.zip', members);
    const again = await zipped('two.zip', members);
    expect(again.bytes.equals(first.bytes)).toBe(true);
  });

  it.each<[string, readonly SampleMember[], Parameters<typeof writeSampleZip>[2]]>([
    ['another time', members, { mtime: new Date('2030-01-01T00:00:00Z') }],
    ['another order', members.toReversed(), {}],
    ['another compression level', members, { compressionLevel: 1 }],
    ['no compression', members, { compressionLevel: 0 }],
  ])('re-zipped with %s is another file with the same content', async (_name, reordered, options) => {
    const first = await zipped('first.zip', members);
    const second = await zipped('second.zip', reordered, options);
    expect(second.bytes.equals(first.bytes)).toBe(false);
    const contents = ({ entries }: typeof first) => entries.map(({ name, content }) => `${name} ${content.toString()}`).toSorted();
    expect(contents(second)).toEqual(contents(first));
  });

  it('streams a member of many chunks without holding it', async () => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    const count = 300;
    let asked = 0;
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const large: SampleMember = {
      name: 'large.csv',
      content: function* () {
        for (; asked < count; asked++) {
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
          yield Buffer.from(chunk);
        }
      },
    };
    const { entries } = await zipped('large.zip', [large]);
    expect(entries[0]!.content.length).toBe(count * chunk.length);
    expect(createHash('sha256').update(entries[0]!.content.subarray(0, chunk.length)).digest('hex')).toBe(createHash('sha256').update(chunk).digest('hex'));
    expect(most).toBeLessThan(150 * (1 << 20));
  });

  it('leaves nothing behind when a member fails, and passes its error on', async () => {
    const broken: SampleMember = {
      name: 'broken.csv',
      content: function* () {
        yield Buffer.from('half');
        throw new Error('the generator failed');
      },
    };
    await expect(writeSampleZip(path.join(folder, 'broken.zip'), [members[0]!, broken])).rejects.toThrow('the generator failed');
    expect((await readdir(folder)).filter((name) => name.startsWith('broken'))).toEqual([]);
  });
});
