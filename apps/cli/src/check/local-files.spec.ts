import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '@inlet/errors';
import { listLocalFiles } from './local-files';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'local-files-'));
  mkdirSync(path.join(cwd, 'inbox/deep'), { recursive: true });
  writeFileSync(path.join(cwd, 'inbox/b.csv'), 'abc');
  writeFileSync(path.join(cwd, 'inbox/deep/a.csv'), '');
  utimesSync(path.join(cwd, 'inbox/b.csv'), 1e9, 1e9);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const list = (asked?: string) => listLocalFiles({ data: path.join(cwd, 'inbox/b.csv'), cwd })(asked);

describe('listLocalFiles', () => {
  it('is the data file where a rule names no path', async () => {
    const [file, ...others] = await list();
    expect(others).toEqual([]);
    expect(file).toMatchObject({ path: path.join(cwd, 'inbox/b.csv'), sizeBytes: 3, lastModified: new Date(1e12) });
  });

  it('is every file below a folder, or one file, by path or file URL', async () => {
    expect((await list('inbox/')).map(({ path: shown, sizeBytes }) => [shown, sizeBytes])).toEqual([['inbox/b.csv', 3], ['inbox/deep/a.csv', 0]]);
    expect((await list('inbox/b.csv')).map(({ path: shown }) => shown)).toEqual(['inbox/b.csv']);
    const url = pathToFileURL(path.join(cwd, 'inbox')).href;
    expect((await list(url)).map(({ path: shown }) => shown)).toEqual([`${url}/b.csv`, `${url}/deep/a.csv`]);
  });

  it('computes digests of the bytes', async () => {
    const [file] = await list();
    expect(await file?.digest('md5')).toBe('900150983cd24fb0d6963f7d28e17f72');
    expect(await file?.digest('sha1')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
    expect(await file?.digest('sha256')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('refuses what is not on this machine, or nowhere, and shows no secret of its address', async () => {
    await expect(list('s3://bucket/inbox/?key=secret')).rejects.toThrow(/not on this machine \(s3:\/\/bucket\/inbox\/\?key=…\)/);
    await expect(list('nowhere')).rejects.toBeInstanceOf(UsageError);
  });
});
