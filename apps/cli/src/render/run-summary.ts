/** What a person wants to know of a run once it has ended. */
import { keys, type Outcome, type QualityResult, type RunRecord } from '@inlet/manifest';
import { formatBytes, formatDuration } from '@inlet/time';
import type { Lake } from '../lake';
import { escapeControl } from './escape-control';
import { nextCommands } from './next-commands';
import { markRule } from './rules';
import type { Style } from './style';
import { formatTable } from './text-table';
import { wrapWords } from './wrap-words';

export interface SummaryOptions {
  style: Style;
  /** Cells of the terminal; undefined where there is none. */
  width?: number;
  lake: Pick<Lake, 'place' | 'options'>;
  sample?: boolean;
  /** List every check and the run's times, not only what failed. */
  full?: boolean;
}

export function formatRunSummary(record: RunRecord, options: SummaryOptions): string {
  const sections = [
    formatHeadline(record, options),
    formatTimes(record, options),
    formatSources(record, options),
    formatReplay(record, options),
    formatTables(record, options),
    formatChecks(record, options),
    formatSchemaChanges(record, options),
    formatPlaces(record, options),
    formatNext(record, options),
  ];
  return sections.filter((section) => section.length > 0).map((section) => section.join('\n')).join('\n\n');
}

/** The outcome in its colour. */
export function paintOutcome(outcome: Outcome, style: Style): string {
  const paint = { published: style.green, unchanged: style.green, rejected: style.yellow, failed: style.red }[outcome];
  return paint(outcome);
}

/** `2026-11-20 21:00:00 UTC` */
export function formatInstant(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}

function formatHeadline({ dataset, runId, outcome, engine, durationMs, reason, error }: RunRecord, { style, width }: SummaryOptions): string[] {
  const how = engine === null ? '' : ` on ${engine}`;
  const lines = [`${style.bold(dataset)} ${style.bold(paintOutcome(outcome, style))}${how} in ${formatDuration(durationMs)}   ${style.dim(runId)}`];
  const why = error === undefined || error.message === reason ? [reason] : [reason, `${error.name}: ${error.message}`];
  const text = why.filter((part) => part !== null).flatMap((part) => part.split('\n'));
  return [...lines, ...text.flatMap((line) => indent(wrapWords(escapeControl(line), bodyWidth(width))))];
}

function formatTimes({ startedAt, endedAt }: RunRecord, { full }: SummaryOptions): string[] {
  return full ? [`Started ${formatInstant(startedAt)}, ended ${formatInstant(endedAt)}`] : [];
}

function formatSources({ release, replay }: RunRecord, { style, full }: SummaryOptions): string[] {
  if (release === null) return [];
  const lines = release.sources.map(({ name, url, bytes, sha256 }) =>
    [name, formatBytes(bytes), `sha256 ${full ? sha256 : sha256.slice(0, 12)}`, style.dim(escapeControl(url))].join('  '),
  );
  return [style.bold(replay ? 'Fetched by the run replayed' : 'Fetched'), ...indent(lines)];
}

function formatReplay({ replay, outcome }: RunRecord, { style }: SummaryOptions): string[] {
  if (replay === undefined) return [];
  const count = (rows: number) => `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
  const isInForce = outcome === 'published' || outcome === 'unchanged';
  const lines = replay.tables.map(({ name, recovered }) => `${escapeControl(name)}: ${count(recovered)}`);
  const summary = `${replay.runId}: ${count(replay.recovered)} ${isInForce ? 'recovered' : 'would be recovered'} from its quarantine, ${count(replay.quarantined)} in quarantine now`;
  return [style.bold('Replayed'), ...indent(outcome === 'failed' ? [replay.runId] : [summary, ...indent(lines)])];
}

function formatTables({ tables }: RunRecord, { style, width }: SummaryOptions): string[] {
  if (tables.length === 0) return [];
  const count = (value: number) => value.toLocaleString('en');
  const rows = tables.map(({ name, layer, rows: all, quarantined, superseded }) => [name, layer, count(all), count(quarantined), count(superseded)]);
  const columns = [{ title: 'table' }, { title: 'layer' }, ...['rows', 'quarantined', 'superseded'].map((title) => ({ title, align: 'right' as const }))];
  return [style.bold('Tables'), ...formatTable(columns, rows, { maxWidth: width, indent: '  ' })];
}

function formatChecks({ quality }: RunRecord, { style, width, full }: SummaryOptions): string[] {
  if (quality.length === 0) return [];
  const counts = (['passed', 'failed', 'error', 'warned', 'quarantined'] as const)
    .map((outcome) => ({ outcome, count: quality.filter((result) => result.outcome === outcome).length }))
    .filter(({ outcome, count }) => count > 0 || outcome === 'passed')
    .map(({ outcome, count }) => `${count} ${outcome}`);
  const listed = full ? quality : quality.filter(({ outcome }) => outcome !== 'passed');
  const lines = listed.flatMap((result) => wrapWords(describeCheck(result), bodyWidth(width)).map((line, index) => (index === 0 ? `  ${markRule(result, style)} ` : '    ') + line));
  return [style.bold('Checks'), ...indent([counts.join(', ')]), ...lines];
}

function describeCheck({ table, rule, outcome, reason }: QualityResult): string {
  return escapeControl(`${table}: ${rule}${outcome === 'passed' || reason === undefined ? '' : `: ${reason}`}`);
}

function formatSchemaChanges({ schemaChanges }: RunRecord, { style }: SummaryOptions): string[] {
  if (schemaChanges.length === 0) return [];
  const lines = schemaChanges.map(({ table, column, change, from, to }) => {
    const what = from !== undefined || to !== undefined ? ` (${[from, to].filter((part) => part !== undefined).join(' to ')})` : '';
    return escapeControl(`${table}.${column} ${change}${what}`);
  });
  return [style.bold('Columns changed'), ...indent(lines)];
}

function formatPlaces({ dataset, runId, outcome }: RunRecord, { style, lake }: SummaryOptions): string[] {
  const version = `${runId.slice(0, 4)}-${runId.slice(4, 6)}-${runId.slice(6, 8)}`;
  const data = outcome === 'published' ? [`data    ${lake.place(keys.modelPrefix('silver', dataset, version, runId))}`] : [];
  return [style.bold('Where'), ...indent([...data, `record  ${lake.place(keys.runRecordKey(dataset, runId))}`])];
}

function formatNext(record: RunRecord, { style, lake, sample }: SummaryOptions): string[] {
  const next = nextCommands({ ...record, lake: lake.options, sample });
  const widest = Math.max(...next.map(({ command }) => command.length));
  return [style.bold('Next'), ...indent(next.map(({ command, purpose }) => `${command.padEnd(widest)}  ${style.dim(purpose)}`))];
}

function bodyWidth(width: number | undefined): number | undefined {
  return width === undefined ? undefined : Math.max(20, width - 4);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
