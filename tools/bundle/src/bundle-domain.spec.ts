import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readDatasetFolder } from '@inlet/dataset';
import type { FunctionKind } from '@inlet/deployment';
import { tempDir } from '@inlet/testing';
import { formatBytes } from '@inlet/time';
import type { Metafile } from 'esbuild';
import { ZipFile } from 'yazl';
import { checkBundle } from './build-function';
import { bundleDomain, FUNCTION_KINDS } from './bundle-domain';

const workspaceRoot = path.resolve(__dirname, '../../..');
const nsde = path.join(workspaceRoot, 'domains/nsde');
const MOST_ZIPPED_BYTES = 1_000_000;

const listFiles = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name))).sort();

const readAll = (dir: string) => Object.fromEntries(listFiles(dir).map((file) => [file, readFileSync(path.join(dir, file), 'utf8')]));

async function zippedBytes(dir: string): Promise<number> {
  const zip = new ZipFile();
  for (const file of listFiles(dir)) zip.addFile(path.join(dir, file), file);
  zip.end();
  let bytes = 0;
  for await (const chunk of zip.outputStream) bytes += (chunk as Buffer).length;
  return bytes;
}

const ENVIRONMENT = {
  DATASET: 'nsde',
  LAKE_BUCKET: 'lake',
  RAW_BUCKET: 'raw',
  LEDGER_TABLE: 'ledger',
  SOURCE_HOSTS: '',
  TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:t',
  DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1:9/q',
  EVENT_BUS: 'default',
  DATABASE: 'nsde',
  STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:s',
  // Nothing answers there, and nothing is to be asked of it.
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'us-east-1',
};

describe('bundleDomain', () => {
  let outDir: string;
  let metafiles: Record<FunctionKind, Metafile>;
  beforeAll(async () => {
    outDir = path.join(tempDir(), 'functions');
    metafiles = await bundleDomain({ workspaceRoot, folder: nsde, outDir, minify: true });
  });

  /** What the bundled handler says to an event, in a process of its own. */
  const invoke = (kind: string, event: unknown): { name: string; message: string } => {
    const script = `require(process.argv[1]).handler(${JSON.stringify(event)}, { functionName: 'f', getRemainingTimeInMillis: () => 60000 }).then(() => ({}), (error) => ({ name: error.name, message: error.message })).then((said) => { console.log(JSON.stringify(said)); process.exit(); })`;
    const taskRoot = path.join(outDir, kind);
    const stdout = execFileSync(process.execPath, ['-e', script, path.join(taskRoot, 'index.js')], { encoding: 'utf8', env: { ...ENVIRONMENT, LAMBDA_TASK_ROOT: taskRoot }, cwd: taskRoot, timeout: 60_000 });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { name: string; message: string };
  };

  it('gives every function a folder with its code, and the dataset where it needs it', async () => {
    expect(readdirSync(outDir).sort()).toEqual([...FUNCTION_KINDS].sort());
    const dataset = ['dataset/nsde/config/dataset.json', 'dataset/nsde/models/elements.sql', 'dataset/nsde/quality.dqdl'];
    for (const kind of FUNCTION_KINDS) expect(listFiles(path.join(outDir, kind))).toEqual(kind === 'trigger' ? ['index.js'] : [...dataset, 'index.js']);
    const bundled = await readDatasetFolder(path.join(outDir, 'transform/dataset/nsde'));
    expect({ ...bundled, folder: nsde }).toEqual(await readDatasetFolder(nsde));
  });

  it('makes bundles without CDK and DuckDB, each under 1 MB zipped', async () => {
    const sizes = await Promise.all(FUNCTION_KINDS.map(async (kind) => [kind, await zippedBytes(path.join(outDir, kind))] as const));
    console.info(sizes.map(([kind, bytes]) => `${kind}: ${formatBytes(bytes)} zipped`).join('\n'));
    for (const [, bytes] of sizes) expect(bytes).toBeLessThan(MOST_ZIPPED_BYTES);
    for (const kind of FUNCTION_KINDS) {
      const files = Object.values(metafiles[kind].outputs).flatMap(({ inputs }) => Object.keys(inputs));
      expect(files).toContainEqual(expect.stringContaining('node_modules/@aws-sdk/'));
      expect(files.filter((file) => /node_modules\/(aws-cdk-lib|constructs|@duckdb|aws-local-stepfunctions)\//.test(file))).toEqual([]);
    }
  });

  it('leaves DuckDB to the layer in the one function that builds tables, and reaches it nowhere else', () => {
    const external = (kind: FunctionKind) => [...new Set(Object.values(metafiles[kind].outputs).flatMap(({ imports }) => imports.map(({ path: name }) => name)))].filter((name) => name.startsWith('@duckdb'));
    expect(Object.fromEntries(FUNCTION_KINDS.map((kind) => [kind, external(kind)]))).toEqual({ 'fetch-and-hash': [], transform: ['@duckdb/node-api'], 'update-manifest': [], catalog: [], trigger: [] });
  });

  it('gives the same bytes again, wherever it writes, and no path of this machine', async () => {
    const again = path.join(tempDir(), 'elsewhere');
    await bundleDomain({ workspaceRoot, folder: nsde, outDir: again, minify: true });
    const files = readAll(again);
    expect(files).toEqual(readAll(outDir));
    expect(Object.values(files).filter((text) => text.includes(workspaceRoot))).toEqual([]);
  });

  it('gives other bytes for another model, in the functions that read it', async () => {
    const copy = path.join(tempDir(), 'nsde');
    cpSync(nsde, copy, { recursive: true });
    // Entry points are compiled where they stand: imports are found from the workspace.
    cpSync(path.join(nsde, 'src'), path.join(copy, 'src'), { recursive: true });
    const model = path.join(copy, 'models/elements.sql');
    writeFileSync(model, `${readFileSync(model, 'utf8').replaceAll('\n', '\r\n')}-- changed\n`);
    const changed = path.join(tempDir(), 'changed');
    await bundleDomain({ workspaceRoot, folder: copy, outDir: changed, minify: true });
    const sql = readFileSync(path.join(changed, 'transform/dataset/nsde/models/elements.sql'), 'utf8');
    expect(sql).toBe(`${readFileSync(path.join(nsde, 'models/elements.sql'), 'utf8')}-- changed\n`);
    expect(readFileSync(path.join(changed, 'trigger/index.js'), 'utf8')).toBe(readFileSync(path.join(outDir, 'trigger/index.js'), 'utf8'));
  });

  it.each(['fetch-and-hash', 'transform', 'update-manifest', 'catalog'])('makes a %s that starts without a layer, and whose errors keep their names', (kind) => {
    expect(invoke(kind, { state: 'Nonsense', executionId: 'e', requestedAt: '2026-11-20T21:00:00.000Z', document: {} })).toMatchObject({ name: 'PermanentError', message: expect.stringContaining('not its own') });
  });

  it('makes a function that finds its dataset in its bundle', () => {
    // A request that the state refuses, and it is only asked once the dataset was read.
    const event = { state: 'BeginRun', executionId: 'e', requestedAt: '2026-11-20T21:00:00.000Z', document: { source_url: 'https://example.org/a.zip' } };
    expect(invoke('fetch-and-hash', event)).toMatchObject({ name: 'UnsafeUrlError' });
  });

  it('makes a trigger that refuses bad requests', () => {
    expect(invoke('trigger', { forced: true })).toMatchObject({ name: 'UsageError' });
  });

  it('refuses a domain whose dataset is faulty', async () => {
    const copy = path.join(tempDir(), 'nsde');
    cpSync(nsde, copy, { recursive: true });
    writeFileSync(path.join(copy, 'models/orphan.sql'), 'select 1');
    await expect(bundleDomain({ workspaceRoot, folder: copy, outDir: path.join(tempDir(), 'out'), minify: true })).rejects.toMatchObject({ name: 'ConfigError' });
  });
});

describe('checkBundle', () => {
  const metafile = (file: string, imported: string): Metafile => ({
    inputs: {},
    outputs: { 'index.js': { bytes: 1, inputs: { [file]: { bytesInOutput: 1 } }, imports: [{ path: imported, kind: 'require-call', external: true }], exports: [] } },
  });
  const check = (file: string, imported: string, fromLayer: string[] = []) => () => checkBundle(metafile(file, imported), { entry: 'a.ts', fromLayer });
  it.each(['aws-cdk-lib/core.js', 'constructs/lib/index.js', '@duckdb/node-api/lib/index.js', 'aws-local-stepfunctions/build/main.js'])('refuses a bundle with %s in it', (file) => {
    expect(check(`node_modules/${file}`, 'node:fs')).toThrow(/carries what it must not/);
  });
  it('refuses an import that nothing will bring', () => {
    expect(check('a.ts', 'left-pad')).toThrow(/lacks a package.*found left-pad/);
    expect(check('a.ts', '@duckdb/node-api')).toThrow(/lacks a package/);
  });
  it('takes what Node and the layer bring', () => {
    for (const name of ['fs', 'node:sqlite', '@duckdb/node-api', '@duckdb/node-api/lib/x.js']) expect(check('libs/constructs/src/index.ts', name, ['@duckdb/node-api'])).not.toThrow();
  });
});
