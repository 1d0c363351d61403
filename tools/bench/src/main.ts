/** Entry of the benchmark: takes the measures one after the other, prints what was found, and ends with 1 when a target is missed. */
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readDatasetFolder } from '@inlet/dataset';
import { UsageError } from '@inlet/errors';
import { type BenchArguments, type MeasureName, MEASURES, parseBenchArguments } from './arguments';
import { type Bench, FULL, type Measure, type Section, SMOKE, type Verdict } from './bench';
import { currentLoad, describeMachine } from './machine';
import { measurePhases } from './measures/phases';
import { measureQuality } from './measures/quality';
import { measureStartUp } from './measures/start-up';
import { measureUnchanged } from './measures/unchanged';
import { measureLargeRuns, measureSmallRuns } from './measures/whole-runs';
import { killMeasured, runNode } from './measured-process';
import { runInlet } from './nsde-contenders';
import { renderSection, renderVerdicts } from './render';
import { replaceResults } from './results-section';

const ROOT = path.resolve(__dirname, '../../..');
const DOCUMENT = path.join(ROOT, 'docs/benchmarks.md');

const measures: Readonly<Record<MeasureName, Measure>> = {
  small: measureSmallRuns,
  large: measureLargeRuns,
  unchanged: measureUnchanged,
  'start-up': measureStartUp,
  phases: measurePhases,
  quality: measureQuality,
};

async function main(): Promise<void> {
  const args = parseBenchArguments(process.argv.slice(2));
  const workDir = await mkdtemp(path.join(os.tmpdir(), 'inlet-bench-'));
  process.once('exit', () => {
    killMeasured();
    rmSync(workDir, { recursive: true, force: true, maxRetries: 3 });
  });
  process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
  process.exitCode = await takeMeasures(args, workDir);
}

async function takeMeasures(args: BenchArguments, workDir: string): Promise<number> {
  const about = describeMachine(ROOT, new Date());
  const loads = [currentLoad()];
  print(listOf([...about, `Load before: ${loads[0]?.toFixed(1)}`]));
  const bench = await prepare(args, workDir);
  const sections: Section[] = [];
  for (const name of MEASURES.filter((name) => args.only.length === 0 || args.only.includes(name))) {
    for (const section of await measures[name](bench)) {
      sections.push(section);
      print(renderSection(section));
    }
    loads.push(currentLoad());
  }
  const verdicts = sections.flatMap((section) => section.verdicts);
  const isJudged = ({ kind }: Verdict) => kind === 'fact' || !args.smoke;
  const targets = renderVerdicts(verdicts, isJudged);
  print(targets);
  const load = `Load of one minute, before and after each measure: ${loads.map((value) => value.toFixed(1)).join(', ')}; the benchmark alone makes 1 to 2`;
  print(listOf([load]));
  if (args.write) await writeResults([listOf([...about, load]), targets, ...sections.map(renderSection)]);
  return reportMissed(verdicts.filter((verdict) => isJudged(verdict) && !verdict.met));
}

async function prepare({ smoke }: BenchArguments, workDir: string): Promise<Bench> {
  const written = new Map<number, Promise<string>>();
  const writeRelease = async (rows: number) => {
    const zip = path.join(workDir, `nsde-${rows}.zip`);
    await runNode([path.join(ROOT, 'dist/tools/samples/main.cjs'), 'nsde', '--out', zip, '--rows', String(rows)], { cwd: ROOT });
    return zip;
  };
  const release = (rows: number) => {
    const zip = written.get(rows) ?? writeRelease(rows);
    written.set(rows, zip);
    return zip;
  };
  const bench: Bench = { sizes: smoke ? SMOKE : FULL, root: ROOT, workDir, nsde: await readDatasetFolder(path.join(ROOT, 'domains/nsde')), release };
  // Before anything is measured, so that a build that is due happens now.
  await runInlet(bench, ['--help'], { mayBuild: true });
  return bench;
}

function reportMissed(missed: readonly Verdict[]): number {
  for (const { what, target, found } of missed) process.stderr.write(`Target missed: ${what}: wanted ${target}, found ${found}.\n`);
  return missed.length === 0 ? 0 : 1;
}

async function writeResults(parts: readonly string[]): Promise<void> {
  await writeFile(DOCUMENT, replaceResults(await readFile(DOCUMENT, 'utf8'), parts.join('\n\n')));
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
