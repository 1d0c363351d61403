import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Dataset } from '@inlet/dataset';
import { UsageError } from '@inlet/errors';
import { hashText } from '@inlet/hash';
import type { Release } from '@inlet/manifest';
import { chooseNextSample, resolveSources } from './choose-sources';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'choose-'));
  mkdirSync(path.join(dir, 'samples/three'), { recursive: true });
  for (const file of ['samples/one.zip', 'samples/two.zip', 'samples/three/b.zip', 'samples/three/a.zip', 'samples/three/.DS_Store']) writeFileSync(path.join(dir, file), file);
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('resolveSources', () => {
  it('makes paths absolute, and leaves URLs and missing files to the run', async () => {
    expect(await resolveSources(dir, ['samples/one.zip', 'https://host/x?key=1', 'missing.zip', '/abs.zip'])).toEqual([
      path.join(dir, 'samples/one.zip'),
      'https://host/x?key=1',
      path.join(dir, 'missing.zip'),
      '/abs.zip',
    ]);
  });
  it('takes every regular file of a folder, in order, hidden ones left out', async () => {
    expect(await resolveSources(dir, ['samples/three'])).toEqual([path.join(dir, 'samples/three/a.zip'), path.join(dir, 'samples/three/b.zip')]);
  });
  it.each(['ftp://user:secret@host/file', 's3://bucket/key'])('refuses %s without repeating it', async (url) => {
    const error = await resolveSources(dir, [url]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).not.toMatch(/secret|bucket/);
  });
  it('refuses a folder without files', async () => {
    mkdirSync(path.join(dir, 'empty'));
    await expect(resolveSources(dir, ['empty'])).rejects.toThrow(UsageError);
  });
});

describe('chooseNextSample', () => {
  const dataset = (samples: string[]) => ({ config: { dataset: 'nsde', samples }, models: [], rules: '', folder: dir }) as unknown as Dataset;
  const releaseOf = (...texts: string[]) => ({ sources: texts.map((text) => ({ sha256: hashText(text) })) }) as unknown as Release;
  const all = () => dataset(['samples/one.zip', 'samples/two.zip', 'samples/three']);
  const names = async (current: Release | null) => (await chooseNextSample(all(), current)).map((file) => path.relative(dir, file));

  it('begins with the oldest', async () => {
    expect(await names(null)).toEqual(['samples/one.zip']);
    expect(await names(releaseOf('something else'))).toEqual(['samples/one.zip']);
  });
  it('goes on with the one after the published one, a folder of files included', async () => {
    expect(await names(releaseOf('samples/one.zip'))).toEqual(['samples/two.zip']);
    expect(await names(releaseOf('samples/two.zip'))).toEqual(['samples/three/a.zip', 'samples/three/b.zip']);
  });
  it('stays on the last', async () => {
    expect(await names(releaseOf('samples/three/b.zip', 'samples/three/a.zip'))).toEqual(['samples/three/a.zip', 'samples/three/b.zip']);
  });
  it('refuses a dataset without samples, and says how to give it a file', async () => {
    await expect(chooseNextSample(dataset([]), null)).rejects.toThrow(/ships no sample release.*inlet run nsde --source/);
  });
});
