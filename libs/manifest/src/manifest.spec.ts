import { emptyManifest, keys, parseManifest, publishRelease, rememberObserved, rollBackTo, writeManifestText, type Observed, type Release } from './index';

const sha256 = 'a'.repeat(64);
const release = (runId: string): Release => ({ runId, version: '2026-11-20', sha256, bytes: 1, publishedAt: '2026-11-20T21:00:00.000Z', fingerprint: sha256, sources: [], tables: [], schemaChanges: [] });
const observed = (runId: string): Observed => ({ at: '2026-11-20T21:00:00.000Z', runId, fingerprint: sha256, sources: [] });
const publish = (ids: string[], keep = 10) => ids.reduce((manifest, id) => publishRelease(manifest, release(id), { keep, observed: observed(id) }), emptyManifest('nsde'));

describe('the manifest', () => {
  it('comes back from its text', () => {
    const manifest = publish(['r1', 'r2']);
    expect(parseManifest(writeManifestText(manifest), { dataset: 'nsde', key: 'k' })).toEqual(manifest);
  });
  it('keeps the newest releases for rollback, and tells what was current before', () => {
    const manifest = publish(['r1', 'r2', 'r3'], 2);
    expect(manifest.current?.runId).toBe('r3');
    expect(manifest.releases.map(({ runId }) => runId)).toEqual(['r3', 'r2']);
    expect(manifest.events[0]).toMatchObject({ action: 'publish', runId: 'r3', previousRunId: 'r2' });
  });
  it('rolls back without forgetting what was observed', () => {
    const manifest = publish(['r1', 'r2']);
    const back = rollBackTo(manifest, release('r1'), new Date('2026-11-20T22:00:00Z'));
    expect(back.current?.runId).toBe('r1');
    expect(back.observed?.runId).toBe('r2');
    expect(back.events[0]).toMatchObject({ action: 'rollback', runId: 'r1', previousRunId: 'r2', at: '2026-11-20T22:00:00.000Z' });
  });
  it('is not changed by what it becomes', () => {
    const manifest = publish(['r1']);
    const before = structuredClone(manifest);
    rememberObserved(manifest, observed('r9'));
    publishRelease(manifest, release('r2'), { keep: 1, observed: observed('r2') });
    expect(manifest).toEqual(before);
  });
  it.each([
    ['no JSON', '{', /manifests\/x.*found/],
    ['another shape', '{"formatVersion":1}', /at dataset/],
    ['another version', JSON.stringify({ ...emptyManifest('nsde'), formatVersion: 2 }), /at formatVersion/],
    ['another dataset', JSON.stringify(emptyManifest('cder')), /the manifest of cder/],
  ])('is refused when it is %s', (_what, text, message) => {
    expect(() => parseManifest(text, { dataset: 'nsde', key: 'manifests/x' })).toThrow(message);
  });
});

describe('keys', () => {
  it('are those of the design', () => {
    expect(keys.rawKey('nsde', 'ab', 'a.zip')).toBe('raw/nsde/sha256=ab/a.zip');
    expect(keys.rawInfoKey('raw/nsde/sha256=ab/a.zip')).toBe('raw/nsde/sha256=ab/a.zip.json');
    expect(keys.manifestKey('nsde')).toBe('manifests/nsde/manifest.json');
    expect(keys.runRecordKey('nsde', 'r')).toBe('manifests/nsde/runs/r.json');
    expect(keys.runPrefixes('nsde', '2026-11-20', 'r')).toEqual([
      'bronze/nsde/run=r/',
      'silver/nsde/version=2026-11-20/run=r/',
      'gold/nsde/version=2026-11-20/run=r/',
      'quarantine/nsde/run=r/',
    ]);
  });
});
