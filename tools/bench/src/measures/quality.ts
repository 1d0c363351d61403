/** Thirty rules over a large file: `inlet check` against one hand-written statement that measures the same, and against Deequ on a local Spark. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { prepareDeequ, type DeequRun } from '@inlet/deequ';
import type { Bench, Section, Verdict } from '../bench';
import { interleave } from '../interleave';
import { BenchError, type ProcessRun, runNode } from '../measured-process';
import { NSDE_RULES } from '../nsde-rules';
import { emptyFolder, listLayer, runInlet, runNsde } from '../nsde-contenders';
import { megabytes, seconds, times } from '../render';
import { ratioOf, summarise, summarisePairs } from '../statistics';

const MAX_RATIO = 2;
const MIN_RATIO_TO_DEEQU = 10;
const MAX_PEAK_BYTES = 2 ** 30;
/** What `inlet check` may use as well. */
const MEMORY_MB = 512;
/** Spark gets what it is used to. */
const DEEQU_HEAP_GIB = 8;

interface CheckReport {
  outcome: string;
  rows: number;
  rules: { rule: string; outcome: string; reason: string | null }[];
}

export async function measureQuality(bench: Bench): Promise<Section[]> {
  const { largeRows, largeRounds } = bench.sizes;
  const { data, rules } = await prepareCheck(bench);
  const reportFile = path.join(bench.workDir, 'report.json');
  const { inlet, bare } = await interleave(largeRounds, {
    inlet: () => runInlet(bench, ['check', '--rules', rules, '--data', data, '--json'], { reportFile }),
    bare: async () => runNode([path.join(__dirname, 'bare-check.cjs'), data, String(MEMORY_MB), await emptyFolder(bench, 'bare-check')], { cwd: bench.root, reportFile }),
  });
  const rows = requireAllPassed(inlet, bare);
  const deequ = largeRows < 1_000_000 ? 'is asked at full size only' : await askDeequ(data);
  return [describe({ rows, inlet, bare, deequ })];
}

/** The silver table that a run publishes, as one Parquet file, and the rules as a file. */
async function prepareCheck(bench: Bench): Promise<{ data: string; rules: string }> {
  const lake = await emptyFolder(bench, 'quality-lake');
  await runNsde(bench, { source: await bench.release(bench.sizes.largeRows), lake, expect: 'published' });
  const [data] = (await listLayer(lake, 'silver')).filter((file) => file.endsWith('.parquet'));
  if (data === undefined) throw new BenchError({ what: 'A run published no silver table', where: lake });
  const rules = path.join(bench.workDir, 'nsde.dqdl');
  await writeFile(rules, `Rules = [\n  ${NSDE_RULES.join(',\n  ')}\n]\n`);
  return { data, rules };
}

/** One that found less, or found rules that fail, would have done other work. Gives the number of rows. */
function requireAllPassed([first]: readonly ProcessRun[], [reference]: readonly ProcessRun[]): number {
  const report = JSON.parse(first?.stdout ?? '') as CheckReport;
  const { rows } = JSON.parse(reference?.stdout ?? '') as { rows: string };
  const others = report.rules.filter(({ outcome }) => outcome !== 'passed').map(({ rule, reason }) => `${rule}: ${reason}`);
  if (report.rules.length !== NSDE_RULES.length || others.length > 0 || String(report.rows) !== String(rows)) {
    throw new BenchError({ what: 'The rules did not all pass', expected: `${NSDE_RULES.length} of ${rows} rows`, found: `${report.rules.length} of ${report.rows} rows; ${others.join('; ')}` });
  }
  return report.rows;
}

/** Once: it takes minutes, and its start-up is part of it. The reason where there is none. */
async function askDeequ(data: string): Promise<DeequRun | string> {
  const deequ = prepareDeequ();
  if (!deequ.available) return `could not be had: ${deequ.reason}`;
  const run = await deequ.run([{ name: 'nsde', table: data, rules: NSDE_RULES }], { heapGiB: DEEQU_HEAP_GIB });
  const failed = run.cases.flatMap(({ rules }) => rules.filter(({ outcome }) => outcome !== 'Passed').map(({ rule, reason }) => `${rule}: ${reason}`));
  if (failed.length > 0) throw new BenchError({ what: 'The rules did not all pass in Deequ', expected: 'Passed', found: failed.join('; ') });
  return run;
}

function describe({ rows, inlet, bare, deequ }: { rows: number; inlet: readonly ProcessRun[]; bare: readonly ProcessRun[]; deequ: DeequRun | string }): Section {
  const count = rows.toLocaleString('en');
  const row = (name: string, runs: readonly ProcessRun[]) => [
    name,
    seconds(summarise(runs.map(wallMs))),
    times(summarisePairs(inlet.map(wallMs), runs.map(wallMs), ratioOf)),
    megabytes(Math.max(...runs.map(peakBytes))),
  ];
  const ofDeequ = typeof deequ === 'string' ? [] : [['Deequ on a local Spark', seconds(summarise([deequ.durationMs])), times(againstDeequ(inlet, deequ)), 'not measured']];
  return {
    title: `${NSDE_RULES.length} rules over ${count} rows`,
    text: `Rounds: ${inlet.length}, start-up included; Deequ ${typeof deequ === 'string' ? deequ : `once, with a heap of ${DEEQU_HEAP_GIB} GiB`}. The rules are in \`tools/bench/src/nsde-rules.ts\`, with the statement that measures the same by hand.`,
    header: ['process', 'wall time', 'Inlet takes … times as long', 'peak memory'],
    rows: [row('`inlet check`', inlet), row('one hand-written statement', bare), ...ofDeequ],
    verdicts: [...judgeInlet(count, inlet, bare), ...(typeof deequ === 'string' ? [] : [judgeDeequ(count, inlet, deequ)])],
  };
}

function judgeInlet(count: string, inlet: readonly ProcessRun[], bare: readonly ProcessRun[]): Verdict[] {
  const ratio = summarisePairs(inlet.map(wallMs), bare.map(wallMs), ratioOf);
  const peak = Math.max(...inlet.map(peakBytes));
  return [
    { what: `${NSDE_RULES.length} rules over ${count} rows, against one hand-written statement`, target: `at most ${MAX_RATIO} times`, found: times(ratio), met: ratio.median <= MAX_RATIO, kind: 'amount' },
    { what: `${NSDE_RULES.length} rules over ${count} rows, peak memory of Node plus DuckDB`, target: `under ${megabytes(MAX_PEAK_BYTES)}`, found: megabytes(peak), met: peak < MAX_PEAK_BYTES, kind: 'amount' },
  ];
}

function judgeDeequ(count: string, inlet: readonly ProcessRun[], deequ: DeequRun): Verdict {
  const { median } = againstDeequ(inlet, deequ);
  return { what: `${NSDE_RULES.length} rules over ${count} rows, against Deequ on a local Spark`, target: `at least ${MIN_RATIO_TO_DEEQU} times faster`, found: `${(1 / median).toFixed(1)} times faster`, met: 1 / median >= MIN_RATIO_TO_DEEQU, kind: 'amount' };
}

const againstDeequ = (inlet: readonly ProcessRun[], { durationMs }: DeequRun) => summarise(inlet.map((run) => run.wallMs / durationMs));
const wallMs = (run: ProcessRun) => run.wallMs;
const peakBytes = ({ report }: ProcessRun) => report?.peakBytes ?? NaN;
