import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDatasetConfig, type Dataset } from '@inlet/dataset';
import { memoryStore, tempDir } from '@inlet/testing';
import type { BronzePlan, BronzeReport, Engine, FetchResult, PipelineDeps } from '../index';
import { readBronzeReport } from '../reports';
import { buildBronzeTables } from './build-tables';

const column = (name: string) => ({ name, source: name });
const table = (name: string) => ({ name, members: [`${name}*`], columns: [column('id')] });

function dataset(models: { name: string; parent?: string; sql: string }[], over: object = {}): Dataset {
  const config = parseDatasetConfig({
    dataset: 'drug-list',
    owner: 'o',
    cost_center: 'c',
    source_url: 'https://example.org/list.zip',
    schedule: { expression: 'rate(1 days)' },
    tables: [table('one'), table('two'), table('unread')],
    models: models.map(({ name, parent }) => ({ name, parent, key: ['id'] })),
    bronze_job_name: 'b',
    silver_job_name: 's',
    bronze_crawler_name: 'c',
    database_name: 'd',
    ...over,
  });
  return { config, models, rules: '' };
}

const sha256 = 'a'.repeat(64);

/** Bronze of one table, read from a file with this text: the plan that the engine was given, and the report that was kept. */
async function buildBronze(text: string, over: object = {}): Promise<{ plan: BronzePlan; report: BronzeReport }> {
  const scratchDir = tempDir();
  const file = path.join(scratchDir, 'one.csv');
  mkdirSync(path.join(scratchDir, 'expanded'));
  writeFileSync(file, text);
  writeFileSync(path.join(scratchDir, 'expanded', `${sha256}.json`), JSON.stringify([{ name: 'one.csv', sha256, sizeBytes: text.length, path: file, lines: 1 }]));
  let plan: BronzePlan | undefined;
  const engine: Partial<Engine> = {
    name: 'duckdb',
    buildBronze: async (given) => {
      plan = given;
      return { tables: given.tables.map(({ name, columns }) => ({ name, layer: 'bronze', rows: 0, files: [], columns: [], quarantined: 0, superseded: 0, inferred: { sampledRows: 0, columns: columns.map((column) => ({ column, inferredType: 'empty', nullShare: 0 })) } })) };
    },
  };
  const store = memoryStore();
  const deps = { store, scratchDir, engine: async () => engine } as unknown as PipelineDeps;
  const source = { name: 's', url: 'file:///one.csv', fileName: 'one.csv', rawKey: 'raw/x', sha256, bytes: 1, membersSha256: sha256 };
  const fetch: FetchResult = { changed: true, reason: '', runId: 'r', version: '2026-11-20', sha256, bytes: 1, fingerprint: sha256, baseRunId: null, sources: [source] };
  const columns = [{ name: 'id', source: 'Id', aliases: ['Code'] }, { name: 'unit', source: 'Unit', optional: true }];
  const of = dataset([{ name: 'm', parent: 'one', sql: 'select * from bronze.one' }], { tables: [{ name: 'one', members: ['*'], columns }], ...over });
  const { reportKey } = await buildBronzeTables(deps, of, { fetch });
  if (plan === undefined) throw new RangeError('no plan');
  return { plan, report: await readBronzeReport(store, reportKey) };
}

describe('buildBronzeTables', () => {
  const fingerprint = async (header: string) => (await buildBronze(`${header}\n`)).report.tables[0]?.schemaFingerprint;
  const headless = { format: { header: false }, tables: [{ name: 'one', members: ['*'], columns: [{ name: 'id', source: 'Id' }, { name: 'unit', source: 'Unit', optional: true }] }] };

  it('tells schemas apart by the names that the source uses, in their order', async () => {
    const base = await fingerprint('Id,Unit');
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(await fingerprint('Id,Unit')).toBe(base);
    for (const header of ['Code,Unit', 'Unit,Id', 'Id']) expect(await fingerprint(header)).not.toBe(base);
  });
  it('keeps the name under which the source published each column', async () => {
    const { report } = await buildBronze('Code\n');
    expect(report.tables[0]?.inferred?.columns).toEqual([{ column: 'id', inferredType: 'empty', nullShare: 0, sourceName: 'Code' }, { column: 'unit', inferredType: 'empty', nullShare: 0 }]);
  });
  it.each([
    ['1,EA\n', ['id', 'unit']],
    ['1\n', ['id']],
    ['"1"\r\n', ['id']],
    ['"1\n1",EA\n', ['id', 'unit']],
  ])('knows the columns of %j without a header', async (text, columns) => {
    expect((await buildBronze(text, headless)).plan.tables[0]?.inputs[0]?.columns).toEqual(columns);
  });
});
