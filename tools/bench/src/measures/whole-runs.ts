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
  return [await compareWholeRuns(bench, { rows: smallRows, rounds: smallRounds, judgesMemory: false })];
}

export async function measureLargeRuns(bench: Bench): Promise<Section[]> {
  const { largeRows, largeRounds } = bench.sizes;
  return [await compareWholeRuns(bench, { rows: largeRows, rounds: largeRounds, judgesMemory: true })];
}

async function compareWholeRuns(bench: Bench, { rows, rounds, judgesMemory }: { rows: number; rounds: number; judgesMemory: boolean }): Promise<Section> {
  const zip = await bench.release(rows);
  const reportFile = path.join(bench.workDir, 'report.json');
  const contenders = {
    inlet: () => publishOnce(bench, zip, { reportFile }),
    bare: () => runBareOnce(bench, zip, { deduplicate: true, reportFile }),
    plain: () => runBareOnce(bench, zip, { deduplicate: false, reportFile }),
  };
  // Once each and not counted: compiles what is cached, and brings the release and the programs into the page cache.
  const [first, reference] = [await contenders.inlet(), await contenders.bare()];
  requireSameWork(first, reference);
  const { inlet, bare, plain } = await interleave<keyof typeof contenders, ProcessRun>(rounds, contenders);
  const ratio = summarisePairs(inlet.map(wallMs), bare.map(wallMs), ratioOf);
  const peak = Math.max(...inlet.map(peakBytes));
  const count = rows.toLocaleString('en');
  const verdicts: Verdict[] = [
    { what: `${count} rows, whole process against the bare script`, target: `at most ${MAX_RATIO} times`, found: times(ratio), met: ratio.median <= MAX_RATIO, kind: 'amount' },
  ];
  if (judgesMemory) {
    verdicts.push({ what: `${count} rows, peak memory of Node plus DuckDB`, target: `under ${megabytes(MAX_PEAK_BYTES)}`, found: megabytes(peak), met: peak < MAX_PEAK_BYTES, kind: 'amount' });
  }
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
    verdicts,
  };
}

const wallMs = (run: ProcessRun) => run.wallMs;
const peakBytes = ({ report }: ProcessRun) => report?.peakBytes ?? NaN;

/** A bare script that did less would flatter nobody. */
function requireSameWork({ record }: InletRun, { result }: BareRun): void {
  const rowsOf = (layer: string) => record.tables.find((table) => table.layer === layer)?.rows;
  const inlet = JSON.stringify([record.release?.sha256, rowsOf('bronze'), rowsOf('silver')]);
  const bare = JSON.stringify([result.sha256, result.bronzeRows, result.silverRows]);
  if (inlet !== bare) throw new BenchError({ what: 'Inlet and the bare script did different work', expected: `hash and rows ${inlet}`, found: bare });
}

function describeWork({ record }: InletRun, rounds: number): string {
  const silver = record.tables.find(({ layer }) => layer === 'silver');
  const counts = [`${silver?.rows.toLocaleString('en')} published`, `${silver?.quarantined} quarantined`, `${silver?.superseded} superseded`].join(', ');
  return `Rounds: ${rounds}. A zip of ${((record.release?.bytes ?? 0) / 1e6).toFixed(1)} MB; of its rows ${counts}.`;
}
