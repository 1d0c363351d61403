import type { DatasetConfig } from '@inlet/dataset';
import { emptyManifest, keys, publishRelease, writeManifestText, type Release } from '@inlet/manifest';
import { memoryLedger, memoryStore } from '@inlet/testing';
import { fixedClock } from '@inlet/time';
import { collectGarbage } from './index';

const sha256 = 'a'.repeat(64);
const at = '2026-11-20T21:00:00.000Z';
const config = { dataset: 'nsde', retention: { releases: 1, raw_days: 1, quarantine_days: 1 } } as DatasetConfig;
const DAY_MS = 86_400_000;

const release = (runId: string): Release => ({ runId, version: '2026-11-20', sha256, bytes: 1, publishedAt: at, fingerprint: sha256, sources: [], tables: [], schemaChanges: [] });
const manifestOf = (runId: string) => writeManifestText(publishRelease(emptyManifest('nsde'), release(runId), { keep: 1, observed: { at, runId, fingerprint: sha256, sources: [] } }));
const fileOf = (runId: string) => `${keys.modelPrefix('silver', 'nsde', '2026-11-20', runId)}elements/part-0.parquet`;

/** Two days after everything was written. */
const later = () => fixedClock(new Date(Date.now() + 2 * DAY_MS).toISOString());

describe('collectGarbage', () => {
  it('deletes what no release needs, and keeps what the manifest names', async () => {
    const store = memoryStore();
    await store.write(keys.manifestKey('nsde'), manifestOf('kept'));
    for (const runId of ['kept', 'dead']) await store.write(fileOf(runId), 'rows');
    const report = await collectGarbage({ store, ledger: memoryLedger(), clock: later() }, config, { dryRun: false });
    expect(report).toMatchObject({ deletedKeys: [fileOf('dead')], bytes: 4, keptReleases: ['kept'] });
    expect(await store.head(fileOf('kept'))).toBeDefined();
    expect(await store.head(fileOf('dead'))).toBeUndefined();
  });
  it('keeps a release that is published while it looks', async () => {
    const store = memoryStore();
    const ledger = memoryLedger();
    await store.write(keys.manifestKey('nsde'), manifestOf('old'));
    await store.write(fileOf('new'), 'rows');
    ledger.openRuns = async () => {
      await store.write(keys.manifestKey('nsde'), manifestOf('new'));
      return [];
    };
    await collectGarbage({ store, ledger, clock: later() }, config, { dryRun: false });
    expect(await store.head(fileOf('new'))).toBeDefined();
  });
  it('deletes old raw files only while no run is open, which may be reading one that its source offers again', async () => {
    const store = memoryStore();
    const ledger = memoryLedger();
    const rawKey = keys.rawKey('nsde', sha256, 'a.zip');
    await store.write(rawKey, 'zip');
    await ledger.beginRun({ dataset: 'nsde', owner: { executionId: 'e1', host: 'h', pid: 1 }, requestedAt: new Date() });
    await ledger.nameRun('e1', '20261120T210000Z-aaaaaaaaaaaa');
    expect((await collectGarbage({ store, ledger, clock: later() }, config, { dryRun: true })).deletedKeys).toEqual([]);
    expect((await collectGarbage({ store, ledger: memoryLedger(), clock: later() }, config, { dryRun: true })).deletedKeys).toEqual([rawKey]);
    expect(await store.head(rawKey)).toBeDefined();
  });
});
