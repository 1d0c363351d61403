import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createArchiveReader } from '@inlet/archive';
import { createDuckDbEngine } from '@inlet/duckdb';
import { createLocalStore } from '@inlet/local-io';
import type { RunRecord } from '@inlet/manifest';
import { runPipeline } from '@inlet/orchestrator';
import { readRules } from '@inlet/quality';
import { createSource } from '@inlet/source';
import { createPipelineDeps, skipAloud, tempDir } from '@inlet/testing';
import { systemClock } from '@inlet/time';
import { readNsde } from './index';

const EXCERPT = path.resolve(__dirname, '../../../../shared/data/nsde-excerpt-23.csv');

async function run(source: string): Promise<RunRecord> {
  const store = createLocalStore({ root: path.join(tempDir(), 'lake') });
  const deps = createPipelineDeps({ store, source: createSource({ clock: systemClock }), archives: createArchiveReader(), engine: async () => createDuckDbEngine() });
  return runPipeline(await readNsde(), { sources: [source], force: false, engine: 'auto' }, deps);
}

const HEADER = 'Item Code,NDC11,Proprietary Name,Dosage Form,Marketing Category,Application Number,Product Type,Marketing Start Date,Marketing End Date,Billing Unit\n';

/** A file of good rows, and these behind them. */
function runWith(...rows: string[]): Promise<RunRecord> {
  const file = path.join(tempDir(), 'elements.csv');
  const good = Array.from({ length: 200 }, (_, index) => `1000-${1000 + index}-01,,Name,TABLET,NDA,,HUMAN PRESCRIPTION,20100101,,EA`);
  writeFileSync(file, HEADER + [...good, ...rows].map((row) => `${row}\n`).join(''));
  return run(file);
}

const outcomes = (record: RunRecord) => record.quality.filter(({ outcome }) => outcome !== 'passed').map(({ rule, outcome, failedRows }) => [rule.replace(/ where .*/, ''), outcome, failedRows]);

describe('the rules of the NSDE file', () => {
  it('can be read, and are about its one table', async () => {
    expect(new Set(readRules(await readNsde()).rules.map(({ table }) => table))).toEqual(new Set(['elements']));
  });
  it('keep back what is no code of a product', async () => {
    const record = await runWith('x,,Name,TABLET,NDA,,HUMAN PRESCRIPTION,20100101,,EA');
    expect(record).toMatchObject({ outcome: 'published' });
    expect(record.tables.find(({ layer }) => layer === 'silver')).toMatchObject({ rows: 200, quarantined: 1 });
    expect(outcomes(record)).toEqual([['ColumnLength "item_code" between 3 and 40', 'quarantined', 1]]);
  });
  it('warn of odd days and units, and publish them', async () => {
    const record = await runWith('1000-9000-01,,Name,TABLET,NDA,,HUMAN PRESCRIPTION,10100101,22010101,KG');
    expect(record).toMatchObject({ outcome: 'published' });
    expect(outcomes(record)).toEqual([
      ['ColumnValues "marketing_start_date" > "1905-12-31"', 'warned', 1],
      ['ColumnValues "marketing_end_date" < "2101-01-01"', 'warned', 1],
      ['ColumnValues "billing_unit" in ["EA", "GM", "ML", NULL]', 'warned', 1],
    ]);
  });
  it('reject a file that has lost its names', async () => {
    const record = await runWith(...Array.from({ length: 60 }, (_, index) => `1001-${1000 + index}-01,,,TABLET,NDA,,HUMAN PRESCRIPTION,20100101,,EA`));
    expect(record).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('Completeness "proprietary_name" >= 0.9') });
  });
});

if (!existsSync(EXCERPT)) {
  skipAloud('the gate on an excerpt of the NSDE file', `no ${EXCERPT}`);
} else {
  it('lets the excerpt of the NSDE file pass, in which nothing but the zeros is amiss', async () => {
    const record = await run(EXCERPT);
    expect(record.outcome).toBe('published');
    expect(outcomes(record)).toEqual([['Finding "NDC11 has lost its leading zeros in the source"', 'warned', undefined]]);
  });
}
