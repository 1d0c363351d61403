/** `inlet status`: what every dataset publishes, how its last run ended, and what to do next. */
import type { Release, RunRecord } from '@inlet/manifest';
import { readManifest, type Ledger, type ObjectStore } from '@inlet/pipeline';
import { terminalWidth, type CliContext, type CommonOptions } from '../context';
import { listDatasetIds } from '../datasets';
import { openLake, type LakeOptions } from '../lake';
import { writeJson, writeText } from '../output';
import { describeError } from '../report-error';
import { escapeControl } from '../render/escape-control';
import { inletCommand, sampleQuery } from '../render/next-commands';
import { formatInstant, paintOutcome } from '../render/run-summary';
import { createStyle, type Style } from '../render/style';
import { wrapWords } from '../render/wrap-words';

interface DatasetStatus {
  dataset: string;
  release: ReleaseStatus | null;
  lastRun: Pick<RunRecord, 'runId' | 'outcome' | 'startedAt' | 'reason'> | null;
  running: boolean;
  /** Set when the manifest cannot be read. */
  problem?: string;
  next: string;
}

type ReleaseStatus = Pick<Release, 'runId' | 'version' | 'sha256' | 'bytes' | 'publishedAt'> & { rows: number; tables: { name: string; layer: string; rows: number }[] };

export async function status(context: CliContext, options: CommonOptions): Promise<void> {
  const lake = await openLake(context, options);
  const ids = await listDatasetIds(lake.domainsDir);
  const datasets = await lake.withLedger(async (ledger) => {
    const running = new Set((await ledger.openRuns()).filter(({ alive }) => alive).map(({ dataset }) => dataset));
    return Promise.all(ids.map((id) => readStatus(id, { store: lake.store, ledger, running, lake: lake.options })));
  });
  if (datasets.some(({ problem }) => problem !== undefined)) context.exitCode = 1;
  if (options.json) return writeJson(context.stdout, { lake: lake.name, datasets });
  const style = createStyle(context.stdout, context.env);
  const width = terminalWidth(context.stdout, context.env);
  const blocks = datasets.map((each) => formatStatus(each, style, width));
  return writeText(context.stdout, [...blocks, style.dim(`lake: ${lake.name}`)].join('\n\n'));
}

interface StatusDeps {
  store: ObjectStore;
  ledger: Ledger;
  running: ReadonlySet<string>;
  lake: LakeOptions;
}

async function readStatus(dataset: string, { store, ledger, running, lake }: StatusDeps): Promise<DatasetStatus> {
  const [last] = await ledger.listRuns({ dataset, limit: 1 });
  const lastRun = last === undefined ? null : { runId: last.runId, outcome: last.outcome, startedAt: last.startedAt, reason: last.reason };
  const known = { dataset, lastRun, running: running.has(dataset) };
  try {
    const release = (await readManifest(store, dataset))?.manifest.current ?? null;
    return { ...known, release: release && summarize(release), next: nextStep(known, release, lake) };
  } catch (error) {
    return { ...known, release: null, problem: describeError(error).message, next: lake.aws ? inletCommand(`history ${dataset}`, lake) : inletCommand('doctor', lake) };
  }
}

function summarize({ runId, version, sha256, bytes, publishedAt, tables }: Release): ReleaseStatus {
  const published = tables.filter(({ layer }) => layer === 'silver' || layer === 'gold').map(({ name, layer, rows }) => ({ name, layer, rows }));
  return { runId, version, sha256, bytes, publishedAt, rows: published.reduce((sum, { rows }) => sum + rows, 0), tables: published };
}

function nextStep({ dataset, lastRun, running }: Pick<DatasetStatus, 'dataset' | 'lastRun' | 'running'>, release: Release | null, lake: LakeOptions): string {
  if (running) return inletCommand('status', lake);
  if (lastRun !== null && (lastRun.outcome === 'failed' || lastRun.outcome === 'rejected')) return inletCommand(`show ${lastRun.runId}`, lake);
  return inletCommand(release === null ? `run ${dataset}` : `query "${sampleQuery({ dataset, tables: release.tables, lake })}"`, lake);
}

function formatStatus({ dataset, release, lastRun, running, problem, next }: DatasetStatus, style: Style, width?: number): string {
  const lines = [`${style.bold(dataset)}${running ? `  ${style.yellow('running')}` : ''}`];
  const add = (label: string, text: string) => {
    const wrapped = wrapWords(text, width === undefined ? undefined : Math.max(20, width - 12));
    wrapped.forEach((line, index) => lines.push(`  ${(index === 0 ? label : '').padEnd(10)}${line}`));
  };
  if (problem !== undefined) add('problem', escapeControl(problem));
  else if (release === null) add('release', 'none yet');
  else {
    add('release', `${release.runId}, published ${formatInstant(release.publishedAt)}`);
    add('rows', release.tables.map(({ name, rows }) => `${name} ${rows.toLocaleString('en')}`).join(', '));
  }
  if (lastRun !== null) {
    lines.push(`  last run  ${paintOutcome(lastRun.outcome, style)} ${formatInstant(lastRun.startedAt)}`);
    add('', escapeControl(lastRun.reason ?? ''));
  }
  return [...lines, `  next      ${next}`].join('\n');
}
