/** The whole process, start to published, against the bare script: the price of everything that Inlet does beyond two COPYs. */
import path from 'node:path';
import type { Bench, Section, Verdict } from '../bench';
import { interleave } from '../interleave';
import { BenchError, type ProcessRun } from '../measured-process';
import { type BareRun, type InletRun, publishOnce, runBareOnce } from '../nsde-contenders';
import { megabytes, seconds, times } from '../render';
import { ratioOf, summarise, summarisePairs } from '../statistics';

const MAX_RATIO = 1.5;
const MAX_PEAK_BYTES = 2 ** 30;

export async function measureSmallRuns(bench: Bench): Promise<Section[]> {
  const { smallRows, smallRounds } = bench.sizes;
  return [await compareWholeRuns(bench, { rows: smallRows, rounds: smallRounds, warmsUp: true, judgesMemory: false })];
}

export async function measureLargeRuns(bench: Bench): Promise<Section[]> {
  const { largeRows, largeRounds } = bench.sizes;
  // What a first round costs more, in tenths of a second, does not weigh here.
  return [await compareWholeRuns(bench, { rows: largeRows, rounds: largeRounds, warmsUp: false, judgesMemory: true })];
}

interface Comparison {
  rows: number;
  rounds: number;
  /** Whether a round that is not counted goes before: compiles what is cached, brings the release and the programs into the page cache. */
  warmsUp: boolean;
  judgesMemory: boolean;
}

async function compareWholeRuns(bench: Bench, { rows, rounds, warmsUp, judgesMemory }: Comparison): Promise<Section> {
  const zip = await bench.release(rows);
  const reportFile = path.join(bench.workDir, 'report.json');
  const contenders = {
    inlet: () => publishOnce(bench, zip, { reportFile }),
    bare: () => runBareOnce(bench, zip, { deduplicate: true, reportFile }),
    plain: () => runBareOnce(bench, zip, { deduplicate: false, reportFile }),
  };
  if (warmsUp) await interleave(1, contenders);
  const { inlet, bare, plain } = await interleave(rounds, contenders);
  const first = requireSameWork(inlet, bare);
  const count = rows.toLocaleString('en');
  const row = (name: string, runs: readonly ProcessRun[]) => [
    name,
    seconds(summarise(runs.map(wallMs))),
    runs === inlet ? '1' : times(summarisePairs(inlet.map(wallMs), runs.map(wallMs), ratioOf)),
    seconds(summarise(runs.map(({ report }) => report?.cpuMs ?? NaN))),
    megabytes(Math.max(...runs.map(peakBytes))),
  ];
  return {
    title: `${count} rows, start to published`,
    text: describeWork(first, rounds),
    header: ['process', 'wall time', 'Inlet takes … times as long', 'CPU time', 'peak memory'],
    rows: [row('`inlet run nsde`', inlet), row('bare script', bare), row('bare script without deduplication', plain)],
    verdicts: [judgeTime(count, inlet, bare), ...(judgesMemory ? [judgeMemory(count, inlet)] : [])],
  };
}

function judgeTime(count: string, inlet: readonly ProcessRun[], bare: readonly ProcessRun[]): Verdict {
  const ratio = summarisePairs(inlet.map(wallMs), bare.map(wallMs), ratioOf);
  return { what: `${count} rows, whole process against the bare script`, target: `at most ${MAX_RATIO} times`, found: times(ratio), met: ratio.median <= MAX_RATIO, kind: 'amount' };
}

function judgeMemory(count: string, inlet: readonly ProcessRun[]): Verdict {
  const peak = Math.max(...inlet.map(peakBytes));
  return { what: `${count} rows, peak memory of Node plus DuckDB`, target: `under ${megabytes(MAX_PEAK_BYTES)}`, found: megabytes(peak), met: peak < MAX_PEAK_BYTES, kind: 'amount' };
}

const wallMs = (run: ProcessRun) => run.wallMs;
const peakBytes = ({ report }: ProcessRun) => report?.peakBytes ?? NaN;

/** A bare script that did less would flatter nobody. Gives Inlet's first run. */
function requireSameWork([first]: readonly InletRun[], [reference]: readonly BareRun[]): InletRun {
  if (first === undefined || reference === undefined) throw new RangeError('no round was run');
  const { record } = first;
  const { result } = reference;
  const rowsOf = (layer: string) => record.tables.find((table) => table.layer === layer)?.rows;
  const inlet = JSON.stringify([record.release?.sha256, rowsOf('bronze'), rowsOf('silver')]);
  const bare = JSON.stringify([result.sha256, result.bronzeRows, result.silverRows]);
  if (inlet !== bare) throw new BenchError({ what: 'Inlet and the bare script did different work', expected: `hash and rows ${inlet}`, found: bare });
  return first;
}

function describeWork({ record }: InletRun, rounds: number): string {
  const silver = record.tables.find(({ layer }) => layer === 'silver');
  const counts = [`${silver?.rows.toLocaleString('en')} published`, `${silver?.quarantined} quarantined`, `${silver?.superseded} superseded`].join(', ');
  return `Rounds: ${rounds}. A zip of ${((record.release?.bytes ?? 0) / 1e6).toFixed(1)} MB; of its rows ${counts}.`;
}
