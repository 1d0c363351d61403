/** Releases that arrive whole and are wrong: what is rejected and why, what is quarantined, and that no row is ever lost on the way. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readCder } from '@inlet/cder-dataset';
import type { Dataset } from '@inlet/dataset';
import { keys, type RunRecord } from '@inlet/manifest';
import { describeNsdeQuirks, NSDE_COLUMNS } from '@inlet/nsde-samples';
import { readNsde } from '@inlet/nsde-dataset';
import { tempDir } from '@inlet/testing';
import { inlet } from './cli.test-support';
import { expectEveryRowAccounted, openTestLake, withConfig, type TestLake } from './lake.test-support';
import { cderMembers, nsdeCsv, ROWS, SEED, writeNsde, writeText, writeZip, type Member } from './releases.test-support';

let nsde: Dataset;
let cder: Dataset;
let lake: TestLake;
let published: string | undefined;
let first: RunRecord;
beforeAll(async () => {
  [nsde, cder] = await Promise.all([readNsde(), readCder()]);
});
beforeEach(async () => {
  lake = openTestLake();
  first = await lake.run(nsde, { sources: [await writeNsde(nsdeCsv())] });
  expect(first).toMatchObject({ outcome: 'published' });
  published = lake.manifestText('nsde');
});
afterEach(() => lake.close());

const lines = nsdeCsv().trimEnd().split('\n');
const [header = '', ...rows] = lines;
const newRows = nsdeCsv({ release: 2 }).trimEnd().split('\n').slice(1);
const csv = (...parts: (string | string[])[]) => `${parts.flat().join('\n')}\n`;
const runText = async (text: string | Buffer, dataset = nsde) => lake.run(dataset, { sources: [await writeNsde(text)] });
/** The gate with more room for quarantined rows. */
const lenient = (max: number) => withConfig(nsde, { data_quality: { ...nsde.config.data_quality, max_quarantined_share: max } });
/** A row's fields in place of others; a field with a comma needs its own quotes. */
const row = (fields: Partial<Record<(typeof NSDE_COLUMNS)[number], string>>) => NSDE_COLUMNS.map((column) => fields[column] ?? '').join(',');

/** Said no, for this reason; readers and the next run notice nothing. */
async function expectRejected(run: RunRecord, reason: RegExp): Promise<void> {
  expect(run).toMatchObject({ outcome: 'rejected', reason: expect.stringMatching(reason) });
  expect(run.error).toBeUndefined();
  expect(await lake.recordedRun('nsde', run.runId)).toEqual(run);
  expect(lake.manifestText('nsde')).toBe(published);
  expect(await lake.query('select count(*)::int as n from nsde.elements')).toEqual([{ n: ROWS }]);
}

describe('columns that break the contract', () => {
  it.each<[string, string, RegExp]>([
    ['a new column', csv(lines.map((line, index) => `${line},${index === 0 ? 'Price' : '9.99'}`)), /unknown column "Price"/],
    ['a required column that is missing', csv(lines.map((line) => line.replace(/^[^,]*,/, ''))), /missing column "Item Code"/],
    ['a column that comes twice', csv(lines.map((line) => `${line},${line.split(',')[0]}`)), /two columns for "item_code"/],
    ['a column under two of its names', csv(lines.map((line, index) => `${line},${index === 0 ? 'Application Number' : 'NDA1'}`)), /two columns for "application_number"/],
    ['all of these at once', csv(header.replace('NDC11', 'Item Code').replace('Product Type', 'Kind')), /unknown column "Kind"; missing column "NDC11"; missing column "Product Type"; two columns for "item_code"/],
    ['no line of names', csv(rows), /unknown column/],
    ['another delimiter', csv(header.replaceAll(',', ';')), /missing column "Item Code"/],
    ['an empty first line', csv('', lines), /The file does not begin with a line of column names/],
  ])('reject a release with %s, and name it', async (_what, text, reason) => {
    const run = await runText(text);
    await expectRejected(run, reason);
    expect(run.reason).toContain('config/dataset.json');
    expect(run).toMatchObject({ engine: null, tables: [] });
  });

  it('let a new column through where the contract allows it, as text in bronze, and the change is told', async () => {
    const open = withConfig(nsde, { contract: { new_columns: 'allow' } });
    const run = await runText(csv(lines.map((line, index) => `${line},${index === 0 ? 'Unit Price ($)' : '9.99'}`)), open);
    expect(run).toMatchObject({ outcome: 'unchanged', engine: 'duckdb' });
    const changed = await runText(csv(lines.slice(0, -1).map((line, index) => `${line},${index === 0 ? 'Unit Price ($)' : '9.99'}`)), open);
    expect(changed).toMatchObject({ outcome: 'published', schemaChanges: [{ table: 'elements', column: 'unit_price', change: 'added' }] });
    expect(await lake.query('select distinct unit_price from nsde_bronze.elements')).toEqual([{ unit_price: '9.99' }]);
    expect((await lake.query('select * from nsde.elements limit 1')).flatMap(Object.keys)).not.toContain('unit_price');
  });

  it('let a column pass under another of its names, and the renaming is told', async () => {
    const run = await runText(nsdeCsv({ release: 2, header: 'monograph' }));
    const renamed = { table: 'elements', column: 'application_number', change: 'renamed', from: 'Application Number or Citation', to: 'Application Number or Monograph ID' };
    expect(run).toMatchObject({ outcome: 'published', schemaChanges: [renamed] });
    expect((await lake.manifest('nsde')).current?.schemaChanges).toEqual([renamed]);
    const named = await lake.query('select count(application_number)::int as n from nsde.elements');
    await lake.run(nsde, { sources: [await writeNsde(nsdeCsv({ release: 2 }))], force: true });
    expect(await lake.query('select count(application_number)::int as n from nsde.elements')).toEqual(named);
    expect(Number(named[0]?.['n'])).toBeGreaterThan(ROWS / 2);
  });

  it('let optional columns be missing, and tell which', async () => {
    const withoutLast3 = nsdeCsv({ release: 2 }).trimEnd().split('\n').map((line) => line.replace(/(,[^,"]*){3}$/, ''));
    const run = await runText(csv(withoutLast3));
    expect(run.schemaChanges).toEqual(['billing_unit', 'inactivation_date', 'reactivation_date'].map((column) => ({ table: 'elements', column, change: 'removed' })));
    expect(await lake.query('select count(billing_unit)::int as n from nsde.elements')).toEqual([{ n: 0 }]);
  });

  it('compare names without regard to case and outer spaces', async () => {
    expect(await runText(csv(header.toUpperCase().replaceAll(',', ' , '), rows))).toMatchObject({ outcome: 'unchanged', schemaChanges: [] });
  });
});

describe('the gate', () => {
  it('rejects a release that is only a header', async () => {
    const run = await runText(csv(header));
    await expectRejected(run, /elements: RowCount > 0 \(the table is empty\)/);
    expectEveryRowAccounted(nsde, run);
  });

  it('rejects a release that lost half its rows, with both numbers, and takes one that lost a few', async () => {
    await expectRejected(await runText(csv(header, rows.slice(0, ROWS / 2))), new RegExp(`RowCount >= 0.8 \\* last\\(\\)\\) and \\(RowCount <= 3 \\* last\\(\\)\\) \\(${ROWS / 2} rows, the last release has ${ROWS} \\(-50 %\\)\\)`));
    expect(await runText(csv(header, rows.slice(0, 100)))).toMatchObject({ outcome: 'published' });
  });

  it('rejects a release that grew beyond belief', async () => {
    await expectRejected(await runText(nsdeCsv({ rows: ROWS * 3 + 1 })), /361 rows, the last release has 120 \(\+20[01].*%\)/);
  });

  it('rejects a release with too many quarantined rows, and keeps them to be looked at', async () => {
    const broken = rows.map((line, index) => (index < 5 ? line.replace(/,(19|20)\d{6},/, ',2024-01-31,') : line));
    const run = await runText(csv(header, broken));
    await expectRejected(run, /QuarantinedShare <= 0\.01 \(5 of 120 rows \(4\.1\d* %\) are quarantined, allowed are 1 %\)/);
    expectEveryRowAccounted(nsde, run);
    expect(run.quality.filter(({ outcome }) => outcome === 'failed')).toEqual([expect.objectContaining({ table: 'elements', rule: 'QuarantinedShare <= 0.01', metrics: { 'Dataset.*.QuarantinedShare': expect.closeTo(5 / 120, 5) } })]);
    const quarantined = await lake.quarantine('nsde', run.runId, 'elements');
    expect(quarantined.map(({ _line, _reason }) => [Number(_line), _reason])).toEqual([2, 3, 4, 5, 6].map((line) => [line, 'marketing_start_date is not a date (YYYYMMDD): "2024-01-31"']));
    expect(await lake.query('select _line from nsde_quarantine.elements')).toEqual([]);
  });

  it('rejects a release in which a column is emptier than its threshold allows', async () => {
    const filled = withConfig(nsde, { models: nsde.config.models.map((model) => ({ ...model, null_thresholds: { marketing_end_date: 0.1 } })) });
    await expectRejected(await runText(nsdeCsv({ release: 2 }), filled), /elements: Completeness "marketing_end_date" >= 0\.9 \(\d+\.?\d* % have no value, allowed are 10 %\)/);
  });

  it('rejects a release without values in a required column', async () => {
    const required = withConfig(nsde, { data_quality: { ...nsde.config.data_quality, required_columns: ['item_code', 'marketing_end_date'] } });
    await expectRejected(await runText(nsdeCsv({ release: 2 }), required), /IsComplete "marketing_end_date" \(\d+ of 120 rows have no value\)/);
  });

  it('lets the next good release through after a rejected one', async () => {
    await runText(csv(header));
    expect(await runText(nsdeCsv({ release: 2 }))).toMatchObject({ outcome: 'published' });
  });
});

describe('rows that cannot be typed', () => {
  it('go to quarantine with their raw values, reason, member and line; none is lost and none is guessed', async () => {
    const bad = [
      row({ 'Item Code': '0001-0001-01', 'Marketing Start Date': '20230229', 'Marketing End Date': 'soon' }),
      row({ 'Proprietary Name': 'no code', 'Marketing Start Date': '20200101' }),
      row({ 'Item Code': '   ', 'Proprietary Name': 'blank code' }),
      '0001-0001-02,too,few',
      `${rows[0]},too many`,
      '"0001-0001-03"x,"a stray quote",,,,,,,,,,',
    ];
    const run = await runText(csv(header, bad, newRows), lenient(0.1));
    expect(run).toMatchObject({ outcome: 'published' });
    expect(run.tables).toContainEqual({ name: 'elements', layer: 'silver', rows: ROWS, quarantined: bad.length, superseded: 0 });
    expect(run.tables).toContainEqual({ name: 'elements', layer: 'bronze', rows: ROWS + bad.length, quarantined: 0, superseded: 0 });
    expectEveryRowAccounted(nsde, run);
    const found = await lake.query('select _line::int as line, _rule, _reason, _member, item_code, marketing_start_date, proprietary_name, _raw from nsde_quarantine.elements order by _line');
    const member = 'Comprehensive_NDC_SPL_Data_Elements_File.csv';
    const values = { item_code: null, marketing_start_date: null, proprietary_name: null, _raw: null, _member: member };
    expect(found).toEqual([
      { ...values, line: 2, _rule: 'row', _reason: 'marketing_start_date is not a date (YYYYMMDD): "20230229"; marketing_end_date is not a date (YYYYMMDD): "soon"', item_code: '0001-0001-01', marketing_start_date: '20230229' },
      { ...values, line: 3, _rule: 'row', _reason: 'the key column item_code is empty', marketing_start_date: '20200101', proprietary_name: 'no code' },
      { ...values, line: 4, _rule: 'row', _reason: 'the key column item_code is empty', item_code: '   ', proprietary_name: 'blank code' },
      { ...values, line: 5, _rule: 'record', _reason: 'expected 12 fields, found 3', _raw: bad[3] },
      { ...values, line: 6, _rule: 'record', _reason: 'expected 12 fields, found 13', _raw: bad[4] },
      { ...values, line: 7, _rule: 'record', _reason: 'a quote stands where none may stand', _raw: bad[5] },
    ]);
  });

  it('are judged and kept even where every table stays as it was', async () => {
    const garbage = Array.from({ length: 200 }, (_, n) => `0001-${n},garbage`);
    await expectRejected(await runText(csv(header, rows, garbage)), /QuarantinedShare <= 0\.01 \(200 of 320 rows/);
    const one = await runText(csv(header, rows, garbage.slice(0, 1)));
    expect(one).toMatchObject({ outcome: 'published' });
    expect(await lake.query('select _raw from nsde_quarantine.elements')).toEqual([{ _raw: '0001-0,garbage' }]);
    expect(await runText(csv(header, garbage.slice(0, 1), rows))).toMatchObject({ outcome: 'unchanged' });
  });

  it('are told apart from rows that lost to another of their key', async () => {
    const quirky = { rows: 400, seed: SEED, quirks: true };
    const quirks = describeNsdeQuirks(quirky);
    const other = openTestLake();
    const run = await other.run(withConfig(nsde, lenient(0.1).config), { sources: [await writeNsde(nsdeCsv({ ...quirky, malformed: 4 }))] });
    const counts = { quarantined: quirks.invalidDates.length + 4, superseded: quirks.superseded.length };
    expect(counts.quarantined * counts.superseded).toBeGreaterThan(0);
    expect(run.tables).toContainEqual({ name: 'elements', layer: 'silver', ...counts, rows: 404 - counts.quarantined - counts.superseded });
    expectEveryRowAccounted(nsde, run);
    const kept = await other.query(`select item_code, marketing_start_date from nsde.elements where item_code in (${quirks.superseded.map((code) => `'${code}'`).join(', ')}) order by 1`);
    const newest = await other.query(`select item_code, max(strptime(marketing_start_date, '%Y%m%d')::date) as marketing_start_date from nsde_bronze.elements where item_code in (${quirks.superseded.map((code) => `'${code}'`).join(', ')}) group by all order by 1`);
    expect(kept).toEqual(newest);
    await other.close();
  });

  it('with bytes that are not UTF-8 keep those bytes, written out', async () => {
    const run = await runText(Buffer.concat([Buffer.from(csv(header, newRows)), Buffer.from('0001-0001-01,,Guang\x92an,,,,,,,,,\n', 'latin1')]));
    expect(run).toMatchObject({ outcome: 'published' });
    expect(await lake.query('select _reason, _raw, _line::int as line from nsde_quarantine.elements')).toEqual([
      { _reason: 'the bytes are not UTF-8', _raw: '0001-0001-01,,Guang\\x92an,,,,,,,,,', line: ROWS + 2 },
    ]);
  });
});

describe('the NDC directory', () => {
  const publishCder = async (members: readonly Member[]) => lake.run(cder, { sources: [await writeZip(members)] });

  it('is read as windows-1252, with quotes as data, and every quirk of it kept', async () => {
    const { finished } = cderMembers({ products: 300, quirks: true });
    const run = await publishCder(finished);
    expect(run).toMatchObject({ outcome: 'published' });
    expectEveryRowAccounted(cder, run);
    expect(run.tables.filter(({ layer }) => layer === 'silver').map(({ quarantined }) => quarantined)).toEqual([0, 0, 0, 0]);
    const [counts] = await lake.query(`select count(*) filter (labeler_name like '%\u2019%')::int as apostrophes, count(*) filter (labeler_name like '%\u00bf%')::int as damaged,
      count(*) filter (nonproprietary_name like '"%')::int as quotes, count(*) filter (labeler_name like '<%')::int as xml from cder.products`);
    expect(Object.values(counts ?? {}).every((count) => Number(count) > 0)).toBe(true);
    expect(await lake.query(`select count(*)::int as n from cder.products where labeler_name like '%\ufffd%'`)).toEqual([{ n: 0 }]);
  });

  it('with a row too short is published without it, and the row is in quarantine as it stood', async () => {
    const { finished } = cderMembers({ products: 300 });
    const members = finished.map((member) => (member.name === 'product.txt' ? { ...member, content: Buffer.concat([Buffer.from(member.content), Buffer.from('0002-9999_x\t0002-9999\tGuang\x92an\r\n', 'latin1')]) } : member));
    const run = await publishCder(members);
    expect(run).toMatchObject({ outcome: 'published' });
    expectEveryRowAccounted(cder, run);
    expect(await lake.query('select _rule, _reason, _raw from cder_quarantine.products')).toEqual([{ _rule: 'record', _reason: 'expected 20 fields, found 3', _raw: '0002-9999_x\t0002-9999\tGuang\u2019an' }]);
  });

  it('with a package that has no code is rejected or published by share, and the package is in quarantine', async () => {
    const { finished } = cderMembers({ products: 300 });
    const members = finished.map((member) => (member.name === 'package.txt' ? { ...member, content: Buffer.from(Buffer.from(member.content).toString('latin1').replace(/^([^\t\r\n]+_[^\t]*\t[^\t]*\t)[^\t]*/m, '$1'), 'latin1') } : member));
    const run = await publishCder(members);
    expect(run).toMatchObject({ outcome: 'published' });
    expectEveryRowAccounted(cder, run);
    expect(await lake.query('select _reason, _line::int as line from cder_quarantine.packages')).toEqual([{ _reason: 'the key column ndc_package_code is empty', line: 2 }]);
  });

  it('of which one file breaks the contract is rejected as a whole', async () => {
    const { finished } = cderMembers();
    await publishCder(finished);
    const before = lake.manifestText('cder');
    const run = await publishCder(finished.map((member) => (member.name === 'package.txt' ? { ...member, content: 'PRODUCTID\tPRODUCTNDC\r\n' } : member)));
    expect(run).toMatchObject({ outcome: 'rejected', reason: expect.stringMatching(/columns of packages.*package\.txt.*missing column "NDCPACKAGECODE"; missing column "PACKAGEDESCRIPTION"/s) });
    expect(lake.manifestText('cder')).toBe(before);
  });
});

describe('inlet run', () => {
  it('exits with 3 for a rejected release, names rule and numbers, and leaves the published one and the quarantine', async () => {
    const lakeRoot = path.join(tempDir(), 'lake');
    const run = (file: string, ...options: string[]) => inlet(['run', 'nsde', '--source', file, '--lake', lakeRoot, ...options]);
    expect(await run(await writeNsde(nsdeCsv()))).toMatchObject({ code: 0 });
    const manifest = path.join(lakeRoot, keys.manifestKey('nsde'));
    const before = readFileSync(manifest);
    const half = writeText('half.csv', csv(header, rows.slice(0, 60).map((line, index) => (index < 3 ? line.replace(/,(19|20)\d{6},/, ',never,') : line))));
    const text = await run(half);
    expect(text.code).toBe(3);
    expect(text.stdout).toMatch(/^nsde rejected/);
    expect(text.stdout.replace(/\s+/g, ' ')).toContain('57 rows, the last release has 120 (-52.5 %)');
    const json = await run(half, '--json');
    expect(json.code).toBe(3);
    const record = json.json() as RunRecord;
    expect(record).toMatchObject({ outcome: 'rejected', engine: 'duckdb', reason: expect.stringMatching(/QuarantinedShare <= 0\.01 \(3 of 60 rows \(5 %\).*57 rows, the last release has 120/) });
    expect(record.tables).toContainEqual({ name: 'elements', layer: 'silver', rows: 57, quarantined: 3, superseded: 0 });
    expect(readFileSync(manifest)).toEqual(before);
    expect(readFileSync(path.join(lakeRoot, keys.quarantinePrefix('nsde', record.runId), 'elements/part-0.parquet')).length).toBeGreaterThan(0);
    const shown = await inlet(['query', 'select count(*) as n from nsde.elements', '--format', 'csv', '--lake', lakeRoot]);
    expect(shown).toMatchObject({ code: 0, stdout: 'n\r\n120\r\n' });
  });
});
