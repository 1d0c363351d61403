/** `inlet quality` on a local lake whose runs are written by hand. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { QualityResult, RunRecord } from '@inlet/manifest';
import { captureContext, type CapturedContext } from '../capture.test-support';
import { withLedger } from '../local-lake';
import { runCommandLine } from '../main';
import { displayWidth } from '../render/display-width';

let root: string;
let lake: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'inlet-quality-'));
  lake = path.join(root, '.inlet');
  writeFileSync(path.join(root, 'nx.json'), '{}');
  mkdirSync(path.join(root, 'domains/nsde/config'), { recursive: true });
  writeFileSync(path.join(root, 'domains/nsde/config/dataset.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function record(day: number, overrides: Partial<RunRecord>): RunRecord {
  const startedAt = `2026-11-${day}T21:00:00.000Z`;
  return { dataset: 'nsde', runId: `202611${day}T210000Z-aaaaaaaaaaaa`, outcome: 'published', engine: 'duckdb', startedAt, endedAt: startedAt, durationMs: 812, release: null, tables: [], quality: [], reason: null, schemaChanges: [], ...overrides };
}

const complete = (share: number): QualityResult => ({
  table: 'elements',
  rule: 'Completeness "ndc" >= 0.9',
  outcome: share >= 0.9 ? 'passed' : 'failed',
  metrics: { 'Column.ndc.Completeness': share },
  severity: 'critical',
  ...(share < 0.9 && { reason: `${share} of the rows have a value, and 0.9 must.`, failedRows: 1200 }),
});

const warned: QualityResult = { table: 'elements', rule: 'RowCount between 0.9 * last() and 1.1 * last()', evaluatedRule: 'RowCount between 90 and 110', outcome: 'warned', severity: 'warn', metrics: { 'Dataset.*.RowCount': 120 }, reason: '120 is not between 90 and 110.' };

async function fill(...records: RunRecord[]): Promise<void> {
  await withLedger(lake, async (ledger) => {
    for (const each of records) {
      const owner = { executionId: each.runId, host: 'here', pid: process.pid };
      await ledger.beginRun({ dataset: each.dataset, owner, requestedAt: new Date(each.startedAt) });
      await ledger.endRun(owner.executionId, each);
    }
  });
}

const fillThreeRuns = () =>
  fill(
    record(17, { quality: [complete(0.95)] }),
    record(18, { quality: [complete(1)] }),
    record(19, { outcome: 'rejected', reason: '1 of 2 checks failed.', quality: [complete(0.85), warned] }),
    record(20, { outcome: 'unchanged', reason: 'The source answered 304.' }),
  );

async function inlet(argv: string[], columns?: number): Promise<CapturedContext> {
  const context = captureContext({ cwd: root, installRoot: root, ...(columns !== undefined && { columns }) });
  await runCommandLine(context, argv);
  return context;
}

describe('inlet quality', () => {
  it('shows every rule of the last run that checked anything, and why those failed that did', async () => {
    await fillThreeRuns();
    const { stdout, exitCode } = await inlet(['quality', 'nsde']);
    expect(exitCode).toBe(0);
    expect(stdout.text.split('\n').map((line) => line.replace(/ {2,}/g, '  ').trimEnd())).toEqual([
      'nsde rejected 2026-11-19 21:00:00 UTC  20261119T210000Z-aaaaaaaaaaaa',
      '  1 of 2 checks failed.',
      '',
      expect.stringMatching(/^outcome {2}severity {2}table {2}failed rows {2}rule {2}metrics$/),
      expect.stringMatching(/^[─ ]+$/),
      'failed  critical  elements  1,200  Completeness "ndc" >= 0.9  Column.ndc.Completeness 0.85',
      'warned  warn  elements  RowCount between 0.9 * last() and 1.1 * last()  Dataset.*.RowCount 120',
      '',
      '✗ elements: Completeness "ndc" >= 0.9',
      '  0.85 of the rows have a value, and 0.9 must.',
      '! elements: RowCount between 0.9 * last() and 1.1 * last()',
      '  With its numbers: RowCount between 90 and 110',
      '  120 is not between 90 and 110.',
      '',
      '2 rules: 1 failed, 1 warned',
      '',
    ]);
  });

  it('has the remark on a rule that passed, and nothing of one without', async () => {
    const learning: QualityResult = { table: 'elements', rule: 'DetectAnomalies "RowCount"', outcome: 'passed', severity: 'critical', metrics: {}, reason: 'Still learning: 2 of 3 runs.' };
    await fill(record(17, { quality: [complete(0.95), learning] }));
    const { stdout } = await inlet(['quality', 'nsde']);
    expect(stdout.text).toContain('✓ elements: DetectAnomalies "RowCount"\n    Still learning: 2 of 3 runs.\n\n2 rules: 2 passed\n');
    expect(stdout.text).not.toMatch(/[✓✗] elements: Completeness/);
  });

  it('shows how each metric went', async () => {
    await fillThreeRuns();
    const { stdout } = await inlet(['quality', 'nsde', '--history']);
    expect(stdout.text.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      'nsde.elements',
      '  metric  trend  first  last  min  max',
      expect.stringMatching(/^[─ ]+$/),
      '  Column.ndc.Completeness  ▆█▁  0.95  0.85  0.85  1',
      '  Dataset.*.RowCount  ▄  120  120  120  120',
      '',
    ]);
    expect((await inlet(['quality', 'nsde', '--history', '--limit', '2'])).stdout.text).toMatch(/Completeness +█▁ /);
  });

  it.each([['quality', 'nsde'], ['quality', 'nsde', '--history']])('keeps within 80 columns: %s %s %s', async (...argv) => {
    await fillThreeRuns();
    const { stdout } = await inlet(argv, 80);
    // eslint-disable-next-line no-control-regex
    for (const line of stdout.text.replace(/\x1b\[\d+m/g, '').split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(stdout.text).toContain('\x1b[');
  });

  it('is one document with --json, with the history where it is asked for', async () => {
    await fillThreeRuns();
    const report = { runId: '20261119T210000Z-aaaaaaaaaaaa', outcome: 'rejected', reason: '1 of 2 checks failed.', at: '2026-11-19T21:00:00.000Z', rules: [complete(0.85), warned] };
    expect(JSON.parse((await inlet(['quality', 'nsde', '--json'])).stdout.text)).toEqual({ dataset: 'nsde', report });
    const { history } = JSON.parse((await inlet(['quality', 'nsde', '--json', '--history'])).stdout.text);
    expect(history[0]).toMatchObject({ table: 'elements', metric: 'Column.ndc.Completeness', first: 0.95, last: 0.85, min: 0.85, max: 1 });
    expect(history[0].points[0]).toEqual({ runId: '20261117T210000Z-aaaaaaaaaaaa', at: '2026-11-17T21:00:00.000Z', value: 0.95 });
  });

  it('says what to do where nothing ran, or nothing was checked, yet', async () => {
    const nothing = await inlet(['quality', 'nsde']);
    expect([nothing.exitCode, nothing.stdout.text]).toEqual([0, 'No run of nsde yet. Begin with: npx inlet run nsde\n']);
    expect(JSON.parse((await inlet(['quality', 'nsde', '--json'])).stdout.text)).toEqual({ dataset: 'nsde', report: null });
    await fill(record(20, { outcome: 'failed', reason: 'The disk is full.' }));
    expect((await inlet(['quality', 'nsde', '--history'])).stdout.text).toBe('No run of nsde has checked anything yet. See: npx inlet history nsde\n');
  });

  it('names the dataset that was probably meant, and ends with 2', async () => {
    const { stderr, exitCode } = await inlet(['quality', 'ndse']);
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain('did you mean "nsde"?');
  });
});
