import type { DatasetConfig } from '@inlet/dataset';
import { chooseSources, recogniseSource } from './sources';

const source = (name: string, members: string[], headers = {}) => ({ name, source_url: `https://fda.example/${name}.zip`, members, headers });
const config = { sources: [source('finished', ['product.txt'], { 'User-Agent': 'inlet', From: 'a@b.c' }), source('unfinished', ['unfinished_*.txt'])] } as unknown as DatasetConfig;

describe('chooseSources', () => {
  it('takes the configured sources with their headers, where none is given', () => {
    expect(chooseSources(config, [])).toEqual([
      { name: 'finished', url: 'https://fda.example/finished.zip', headers: { 'User-Agent': 'inlet', From: 'a@b.c' }, override: false },
      { name: 'unfinished', url: 'https://fda.example/unfinished.zip', headers: {}, override: false },
    ]);
  });
  it('tells another host who is asking, and nothing else', () => {
    expect(chooseSources(config, ['https://other.example/a.zip'])[0]?.headers).toEqual({ 'User-Agent': 'inlet' });
  });
  it('takes paths as file URLs', () => {
    expect(chooseSources(config, ['/data/a b.zip'])).toMatchObject([{ name: '/data/a b.zip', url: 'file:///data/a%20b.zip', override: true }]);
  });
  it('shows no secret in the name under which progress is told', () => {
    const [given] = chooseSources(config, ['https://user:pass@nlm.example/a.zip?apiKey=secret']);
    expect(given?.name).toBe('https://nlm.example/a.zip?apiKey=…');
    expect(given?.url).toBe('https://user:pass@nlm.example/a.zip?apiKey=secret');
  });
});

describe('recogniseSource', () => {
  const [given] = chooseSources(config, ['https://other.example/some.zip?key=1']);
  if (given === undefined) throw new RangeError('no source');

  it('knows a source by its members, and names what it does not know after the file', () => {
    expect(recogniseSource(config, given, ['unfinished_product.txt'])).toBe('unfinished');
    expect(recogniseSource(config, given, ['readme.md', 'PRODUCT.TXT'])).toBe('finished');
    expect(recogniseSource(config, given, ['readme.md'])).toBe('some.zip');
  });
  it('leaves a configured source its name', () => {
    const [configured] = chooseSources(config, []);
    expect(configured && recogniseSource(config, configured, ['unfinished_product.txt'])).toBe('finished');
  });
});
