import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BronzePlan } from '@inlet/pipeline';
import { createDuckDbEngine } from './engine';
import { openWorkbench, type Workbench } from './workbench.test-support';

let bench: Workbench;
beforeAll(() => {
  bench = openWorkbench();
});
afterAll(() => bench.remove());

const plan = (file: string, memoryMb: number): BronzePlan => ({
  dataset: 't',
  runId: 'r',
  format: { delimiter: ',', quoting: true, header: false },
  memoryMb,
  tables: [{ name: 't', columns: ['a'], inputs: [{ source: 's', rawKey: 'raw/x', member: 'm', path: file, lines: 1, sizeBytes: 2, columns: ['a'], outputKey: 'bronze/t/part-0.parquet' }] }],
});

describe('createDuckDbEngine', () => {
  it('says what to do when memory runs out', async () => {
    const file = path.join(bench.dir, 'data.csv');
    writeFileSync(file, '1\n');
    const build = createDuckDbEngine().buildBronze(plan(file, 1), { store: bench.store, scratchDir: path.join(bench.dir, 'scratch') });
    await expect(build).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('Raise engine.memory_mb') });
  });
  it('says what to do when a file cannot be written', async () => {
    const file = path.join(bench.dir, 'data.csv');
    writeFileSync(file, '1\n');
    const scratchDir = path.join(bench.dir, 'blocked');
    mkdirSync(path.join(scratchDir, 'bronze', 't-0.parquet', 'in-the-way'), { recursive: true });
    const build = createDuckDbEngine().buildBronze(plan(file, 256), { store: bench.store, scratchDir });
    await expect(build).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('the disk has room') });
  });
  it('says so when the text is gone', async () => {
    const build = createDuckDbEngine().buildBronze(plan(path.join(bench.dir, 'gone.csv'), 256), { store: bench.store, scratchDir: path.join(bench.dir, 'scratch') });
    await expect(build).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('gone.csv') });
  });
});
