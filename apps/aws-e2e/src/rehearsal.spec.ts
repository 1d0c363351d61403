/**
 * The whole deployment, run: real templates, real functions, real commands, against an AWS-speaking server on loopback. What that server
 * lacks is taken out of the templates by type, and printed.
 */
import path from 'node:path';
import { generateNsdeRelease, NSDE_MEMBER_NAME } from '@inlet/nsde-samples';
import { writeCderRelease, writeNsdeRelease, writeSampleZip } from '@inlet/samples';
import { prepareMinistack, skipAloud, tempDir } from '@inlet/testing';
import { readFileSync, writeFileSync } from 'node:fs';
import { deployLake, LACKING_TYPES, type DeployedLake, type PrintedRun } from './deployed-lake.test-support';
import { isRehearsed, listAwsCommands } from './guide-commands';
import { WORKSPACE } from './processes.test-support';
import { startSourceServer, type SourceServer } from './source-server.test-support';

const DAY_SECONDS = 86_400;
/** Commands of the guide that are not run here, each with why. */
const NOT_REHEARSED: [command: string, reason: string][] = [
  ['npx nx deploy lake --context inlet:destroy-data=true', 'it makes a stack for which deleting it deletes the data: the specs of the constructs look at its template'],
];
const ministack = prepareMinistack({ packages: ['duckdb==1.4.2'] });

if (!ministack.available) skipAloud('the rehearsal of the AWS deployment', ministack.reason);

(ministack.available ? describe : describe.skip)('a lake deployed to AWS', () => {
  let sources: SourceServer;
  let lake: DeployedLake;
  /** Run ids of the releases of nsde, in the order of their publication. */
  const published: string[] = [];
  const files = tempDir();
  const file = (name: string) => path.join(files, name);
  const currentOf = async (dataset: string) => (await lake.manifest(dataset))?.current?.runId;

  const rowsOf = async (dataset: string, table: string) => (await lake.manifest(dataset))?.current?.tables.find(({ layer, name }) => layer === 'silver' && name === table)?.rows;

  /** As Athena counts them. */
  async function countRows(dataset: string, table: string): Promise<number> {
    const { stdout, stderr } = await lake.inlet('query', `select count(*) as n from ${dataset}.${table}`, '--format', 'json');
    if (stdout === '') throw new Error(stderr);
    return Number((JSON.parse(stdout) as { n: unknown }[])[0]?.n);
  }

  /** Runs nsde from what the source publishes now. */
  const runNsde = (...options: string[]) => lake.run('nsde', '--source', sources.url('nsde.zip'), ...options);

  beforeAll(async () => {
    if (!ministack.available) return;
    sources = await startSourceServer();
    for (const release of [1, 2, 3]) await writeNsdeRelease(file(`nsde-${release}.zip`), { rows: 400, seed: 11, release });
    await writeNsdeRelease(file('nsde-shrunk.zip'), { rows: 40, seed: 11 });
    const text = Buffer.concat([...generateNsdeRelease({ rows: 50, seed: 11 })]).toString('utf8').replace('Item Code', 'Product Code');
    await writeSampleZip(file('nsde-renamed.zip'), [{ name: NSDE_MEMBER_NAME, content: () => [Buffer.from(text)] }]);
    writeFileSync(file('nsde-cut.zip'), readFileSync(file('nsde-3.zip')).subarray(0, -200));
    lake = await deployLake(ministack, sources.host);
  });
  afterAll(async () => {
    await lake?.stop();
    await sources?.close();
  });

  it('is deployed from the templates, less the types that the emulator lacks', () => {
    console.info(`Removed from the templates, because the emulator lacks their types:\n${lake.removed.map((name) => `  ${name}`).join('\n')}`);
    expect([...new Set(lake.removed.map((name) => name.split(' ')[1]))].sort()).toEqual([...LACKING_TYPES].sort());
  });

  it('publishes on the first run, with the same content as the same release on this machine', async () => {
    await sources.publish('nsde.zip', file('nsde-1.zip'));
    const { code, printed } = await runNsde();
    expect({ code, outcome: printed.outcome, reason: printed.reason }).toEqual({ code: 0, outcome: 'published', reason: null });
    published.push(printed.runId);
    await lake.expectSameAsLocal('nsde', [file('nsde-1.zip')]);
    expect((await lake.keys('raw')).every((key) => key.startsWith('raw/nsde/sha256='))).toBe(true);
    expect((await lake.keys('lake')).filter((key) => key.startsWith('raw/'))).toEqual([]);
  });

  it('finds the second run unchanged, by one conditional request, and tells nobody', async () => {
    sources.answers.length = 0;
    const heard = (await lake.events()).length;
    const { code, printed } = await runNsde();
    expect({ code, outcome: printed.outcome, reason: printed.reason }).toEqual({ code: 0, outcome: 'unchanged', reason: expect.stringContaining('304') });
    expect(sources.answers).toEqual(['nsde.zip 304']);
    expect(await currentOf('nsde')).toBe(published[0]);
    expect((await lake.events()).length).toBe(heard);
  });

  it('publishes a new release after the source has changed, and says so on the event bus and the topic', async () => {
    await sources.publish('nsde.zip', file('nsde-2.zip'));
    const { code, printed } = await runNsde();
    expect({ code, outcome: printed.outcome }).toEqual({ code: 0, outcome: 'published' });
    published.push(printed.runId);
    await lake.expectSameAsLocal('nsde', [file('nsde-2.zip')]);
    expect(await lake.untilHeard(({ runId }) => runId === printed.runId)).toMatchObject({ dataset: 'nsde', runId: printed.runId });
    expect(await lake.untilNotified(printed.runId)).toMatchObject({ dataset: 'nsde', outcome: 'published' });
  });

  it('points the catalog at the published release', async () => {
    const table = await lake.glueTable('inlet_nsde', 'elements');
    expect(table?.StorageDescriptor?.Location).toContain(`/run=${published[1]}/elements`);
    expect(table?.StorageDescriptor?.Columns?.map(({ Name: name }) => name)).toContain('item_code');
  });

  it.each([
    ['too few rows', 'nsde-shrunk.zip', /RowCount/],
    ['a renamed column', 'nsde-renamed.zip', /Item Code|item_code/],
  ])('rejects a release with %s, and leaves the old one', async (_what, name, why) => {
    await sources.publish('nsde.zip', file(name));
    const { code, printed } = await runNsde();
    expect({ code, outcome: printed.outcome, reason: printed.reason }).toEqual({ code: 3, outcome: 'rejected', reason: expect.stringMatching(why) });
    expect(await currentOf('nsde')).toBe(published[1]);
  });

  it('fails on a broken archive, leaves the old release, and keeps the input as a dead letter', async () => {
    await sources.publish('nsde.zip', file('nsde-cut.zip'));
    const { code, printed } = await runNsde();
    expect({ code, outcome: printed.outcome, error: printed.error?.name }).toEqual({ code: 1, outcome: 'failed', error: 'CorruptArchiveError' });
    expect(await currentOf('nsde')).toBe(published[1]);
    expect(await lake.deadLetters()).toEqual([
      expect.objectContaining({ dataset: 'nsde', error: expect.objectContaining({ name: 'CorruptArchiveError' }), input: { force: false, engine: 'auto', sources: [sources.url('nsde.zip')] } }),
    ]);
    expect(await lake.untilNotified(printed.runId)).toMatchObject({ outcome: 'failed' });
  });

  it('runs the dead letter again once the source is mended, and then has none', async () => {
    await sources.publish('nsde.zip', file('nsde-3.zip'));
    const { code, printed } = await lake.redrive('nsde');
    expect({ code, outcome: printed.outcome }).toEqual({ code: 0, outcome: 'published' });
    published.push(printed.runId);
    await lake.expectSameAsLocal('nsde', [file('nsde-3.zip')]);
    expect(await lake.deadLetters()).toEqual([]);
  });

  it('answers a question through Athena, about the release of now', async () => {
    expect(await countRows('nsde', 'elements')).toBe(await rowsOf('nsde', 'elements'));
  });

  it('rolls back, for the manifest and for the catalog', async () => {
    const before = await lake.inlet('rollback', 'nsde', '--json');
    expect(JSON.parse(before.stdout)).toMatchObject({ from: published[2], to: published[1] });
    const { stdout } = await lake.inlet('rollback', 'nsde', '--to', published[0] ?? '', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ from: published[1], to: published[0] });
    expect(await currentOf('nsde')).toBe(published[0]);
    expect((await lake.glueTable('inlet_nsde', 'elements'))?.StorageDescriptor?.Location).toContain(`/run=${published[0]}/`);
  });

  it('keeps two executions at once apart: one of them runs', async () => {
    await sources.publish('nsde.zip', file('nsde-2.zip'));
    const input = { force: true, source_url: sources.url('nsde.zip') };
    const records = await Promise.all([lake.execute('nsde', input), lake.execute('nsde', input)]);
    expect(records.map(({ outcome, error }) => error?.name ?? outcome).sort()).toEqual(['AlreadyRunningError', 'published']);
    expect(await currentOf('nsde')).toBe(records.find(({ outcome }) => outcome === 'published')?.runId);
    await lake.purgeDeadLetters();
  });

  it.each([
    ['a host that the dataset does not know', { source_url: 'https://elsewhere.example.org/nsde.zip' }, 'UnsafeUrlError'],
    ['a URL with a secret', (host: string) => ({ source_url: `http://${host}/nsde.zip?token=secret` }), 'UnsafeUrlError'],
    ['an input that it does not understand', { forced: true }, 'UsageError'],
  ])('refuses %s, records why, and shows no secret', async (_what, given, error) => {
    const before = await currentOf('nsde');
    const record = await lake.execute('nsde', typeof given === 'function' ? given(sources.host) : given);
    expect(record).toMatchObject({ outcome: 'failed', release: null, error: { name: error } });
    expect(JSON.stringify([record, await lake.deadLetters()])).not.toContain('secret');
    expect(await currentOf('nsde')).toBe(before);
    await lake.purgeDeadLetters();
  });

  it('is started by its trigger function, which refuses other hosts', async () => {
    const refused = await lake.trigger('nsde', { source_url: 'https://elsewhere.example.org/nsde.zip' });
    expect(refused).toMatchObject({ errorType: 'UnsafeUrlError' });
    const started = await lake.trigger('nsde', { force: false, source_url: sources.url('nsde.zip') });
    expect(await lake.ending(String(started['executionArn']))).toMatchObject({ outcome: 'unchanged' });
  });

  it('publishes a dataset of three sources beside it', async () => {
    const zips = await writeCderRelease(files, { products: 80, seed: 5 });
    for (const zip of zips) await sources.publish(path.basename(zip), zip);
    const { code, printed } = await lake.run('cder', ...zips.flatMap((zip) => ['--source', sources.url(path.basename(zip))]));
    expect({ code, outcome: printed.outcome, reason: printed.reason }).toEqual({ code: 0, outcome: 'published', reason: null });
    await lake.expectSameAsLocal('cder', zips);
  });

  it('joins tables of one release only, and brings together those that are of two', async () => {
    const join = () => lake.inlet('query', 'select count(*) as n from cder.products join cder.packages using (product_id)', '--format', 'csv');
    const { stdout } = await join();
    expect(Number(stdout.split('\r\n')[1])).toBeGreaterThan(0);
    await lake.setBack('inlet_cder', 'packages');
    expect(await join()).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('npx inlet rollback cder --to <run id>') });
    expect(await lake.inlet('rollback', 'cder', '--to', (await currentOf('cder')) ?? '')).toMatchObject({ code: 0 });
    expect((await join()).stdout).toBe(stdout);
  });

  it('finds what no kept release needs, in both buckets', async () => {
    const { stdout } = await lake.inlet('gc', '--dry-run', '--json');
    const { datasets } = JSON.parse(stdout) as { datasets: { dataset: string; problem?: string; keptReleases: string[] }[] };
    expect(datasets.map(({ dataset, problem }) => [dataset, problem])).toEqual([['cder', undefined], ['nsde', undefined]]);
    expect(datasets[1]?.keptReleases).toEqual(expect.arrayContaining(published));
  });

  it('gives each function the rights of its own role, and no others', async () => {
    await expect(lake.asFunction('nsde', 'catalog', ({ store }) => store.write('manifests/nsde/manifest.json', '{}'))).rejects.toThrow(/s3:PutObject/);
    await expect(lake.asFunction('nsde', 'transform', ({ store }) => store.read('manifests/cder/manifest.json'))).rejects.toThrow(/s3:(GetObject|ListBucket)/);
    await expect(lake.asFunction('nsde', 'update-manifest', ({ store }) => store.read('manifests/nsde/manifest.json'))).resolves.toBeDefined();
  });

  it('keeps every run in the ledger for 180 days', async () => {
    const items = await lake.ledgerItems();
    const lasting = items.filter(({ pk, sk }) => /^(EXECUTION|RUNID)#/.test(String(pk)) || String(sk).startsWith('RUN#'));
    expect(lasting.filter(({ sk }) => String(sk).startsWith('RUN#')).length).toBeGreaterThanOrEqual(12);
    expect(items.filter(({ sk }) => /^(LEASE|OPEN#)/.test(String(sk)))).toEqual([]);
    for (const { expiresAt } of lasting) {
      const days = (Number(expiresAt) - Date.now() / 1000) / DAY_SECONDS;
      expect(days).toBeGreaterThan(179);
      expect(days).toBeLessThan(181);
    }
    const { stdout } = await lake.inlet('history', 'nsde', '--json');
    const { runs: listed } = JSON.parse(stdout) as { runs: PrintedRun[] };
    expect(listed.filter(({ outcome }) => outcome === 'published').map(({ runId }) => runId)).toEqual(expect.arrayContaining(published));
    expect((await lake.inlet('status')).stdout).toContain(await currentOf('cder'));
  });

  it('deletes nothing that a kept release needs', async () => {
    expect(await lake.inlet('gc', '--json')).toMatchObject({ code: 0 });
    expect(await lake.inlet('rollback', 'nsde', '--to', published[1] ?? '')).toMatchObject({ code: 0 });
    expect(await countRows('nsde', 'elements')).toBe(await rowsOf('nsde', 'elements'));
    expect(await countRows('cder', 'products')).toBe(await rowsOf('cder', 'products'));
  });

  it('has run every command that the guide has for AWS', () => {
    const named = listAwsCommands(readFileSync(path.join(WORKSPACE, 'docs/guides/deploy.md'), 'utf8'));
    expect(named.length).toBeGreaterThan(12);
    expect(named.filter((command) => !isRehearsed(command, lake.commands))).toEqual(NOT_REHEARSED.map(([command]) => command));
  });
});
