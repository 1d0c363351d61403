/** Where the time of one run goes: its states, the engine's statements, and the unzip on its own. */
import path from 'node:path';
import { createArchiveReader } from '@inlet/archive';
import type { Bench, Section } from '../bench';
import { interleave } from '../interleave';
import type { ProcessRun } from '../measured-process';
import { emptyFolder, publishOnce } from '../nsde-contenders';
import { milliseconds, times } from '../render';
import { ratioOf, summarise, summarisePairs } from '../statistics';
import { shortenStatement } from '../statement-names';
import { unzipFirstMember } from '../unzip';

export async function measurePhases(bench: Bench): Promise<Section[]> {
  const zip = await bench.release(bench.sizes.smallRows);
  const runs: ProcessRun[] = [];
  for (let round = 0; round < Math.min(3, bench.sizes.smallRounds); round++) {
    runs.push(await publishOnce(bench, zip, { reportFile: path.join(bench.workDir, 'report.json'), ask: ['statements'] }));
  }
  return [describeStates(bench, runs), describeStatements(bench, runs), await compareUnzips(bench, zip)];
}

/** Milliseconds from one sign of progress to the next, beginning and end included. */
export function splitByState({ lines, wallMs }: Pick<ProcessRun, 'lines' | 'wallMs'>): Map<string, number> {
  const phases = new Map<string, number>();
  let lastMs = 0;
  const close = (name: string, atMs: number) => {
    phases.set(name, (phases.get(name) ?? 0) + atMs - lastMs);
    lastMs = atMs;
  };
  for (const { text, atMs } of lines) {
    const [, state] = /^ {2}✓ (\S+)/.exec(text) ?? [];
    if (text.startsWith('Running ')) close('start of the process', atMs);
    else if (state !== undefined) close(state, atMs);
  }
  close('end of the process', wallMs);
  return phases;
}

function describeStates({ sizes }: Bench, runs: readonly ProcessRun[]): Section {
  const splits = runs.map(splitByState);
  const names = [...(splits[0]?.keys() ?? [])];
  return {
    title: `States of a run of ${sizes.smallRows.toLocaleString('en')} rows`,
    text: `As they are seen from outside, by when their lines of progress arrive. Runs: ${runs.length}; DuckDB is loaded at the start here, to time its statements.`,
    header: ['state', 'time'],
    rows: names.map((name) => [name, milliseconds(summarise(splits.map((split) => split.get(name) ?? 0)))]),
    verdicts: [],
  };
}

/** Statements that take less than this share of all are added up. */
const MIN_SHARE = 0.01;

function describeStatements({ sizes }: Bench, runs: readonly ProcessRun[]): Section {
  const sums = runs.map(({ report }) => sumStatements(report?.statements ?? []));
  const all = summarise(sums.map((sum) => [...sum.values()].reduce((total, ms) => total + ms, 0)));
  const medians = [...(sums[0]?.keys() ?? [])].map((name) => ({ name, ...summarise(sums.map((sum) => sum.get(name) ?? 0)) }));
  const large = medians.filter(({ median }) => median >= all.median * MIN_SHARE);
  const rest = medians.filter((statement) => !large.includes(statement)).reduce((sum, { median }) => sum + median, 0);
  return {
    title: `The engine's statements in a run of ${sizes.smallRows.toLocaleString('en')} rows`,
    text: '',
    header: ['statement', 'time'],
    rows: [...large.map((statement) => [`\`${statement.name}\``, milliseconds(statement)]), ['all others', `${rest.toFixed(0)} ms`], ['together', milliseconds(all)]],
    verdicts: [],
  };
}

function sumStatements(statements: readonly { sql: string; ms: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sql, ms } of statements) sums.set(shortenStatement(sql), (sums.get(shortenStatement(sql)) ?? 0) + ms);
  return sums;
}

async function compareUnzips(bench: Bench, zip: string): Promise<Section> {
  const targetDir = await emptyFolder(bench, 'unzip');
  const archives = createArchiveReader();
  const archive = { path: zip, fileName: path.basename(zip) };
  const limits = { maxExpandedBytes: Infinity, maxExpansionRatio: Infinity, maxMembers: 10 };
  let bytes = 0;
  const timed = async (work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };
  const expand = async () => {
    const members = (await archives.listMembers(archive, limits)).map(({ name }) => name);
    const [member] = await archives.extract(archive, { members, keep: members, targetDir, encoding: 'utf-8', limits });
    bytes = member?.sizeBytes ?? 0;
  };
  const contenders = { inlet: () => timed(expand), bare: () => timed(() => unzipFirstMember(zip, path.join(targetDir, 'bare.csv'))) };
  await interleave(1, contenders);
  const { inlet, bare } = await interleave(bench.sizes.smallRounds, contenders);
  const rate = (ms: readonly number[]) => `${(bytes / 1e3 / summarise(ms).median).toFixed(0)} MB/s`;
  return {
    title: 'Unzip alone',
    text: `${(bytes / 1e6).toFixed(1)} MB of CSV, within one warm process. Inlet's also computes the SHA-256 and the CRC-32 of the member, counts lines and checks the archive.`,
    header: ['unzip', 'time', 'rate', 'ratio'],
    rows: [
      ['Inlet', milliseconds(summarise(inlet)), rate(inlet), times(summarisePairs(inlet, bare, ratioOf))],
      ['bare', milliseconds(summarise(bare)), rate(bare), '1'],
    ],
    verdicts: [],
  };
}
