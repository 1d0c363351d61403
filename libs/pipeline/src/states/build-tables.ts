/** The two states that make tables: each writes a plan from what is known, gives it to the engine, and keeps the report in the lake. */
import type { Dataset, DatasetConfig, TableConfig } from '@inlet/dataset';
import { hashCanonicalJson } from '@inlet/hash';
import { keys, type ReleaseTable } from '@inlet/manifest';
import { columnsWithoutHeader, matchHeader, type MatchedHeader } from '../column-contract';
import { describeBronze, keepBronze } from '../kept-bronze';
import { assignMembers, expandSource, type TableMember } from '../expand-release';
import { readManifest } from '../manifest-store';
import type { BronzeInput, BronzePlan, BronzeReport, BronzeTablePlan, SilverReport, TextFormat } from '../plan';
import { planSilver } from '../plan-silver';
import { countFields, readHeader } from '../read-header';
import { readBronzeReport, REPORT_NAME, writeReport } from '../reports';
import type { PipelineDeps } from '../run';
import type { BronzeResult, FetchResult, SilverResult } from '../run-state';
import { addRecovery } from './add-recovery';

/** Throws ContractViolationError when a file's columns are not those agreed on. */
export async function buildBronzeTables(deps: PipelineDeps, dataset: Dataset, { fetch }: { fetch: FetchResult }): Promise<BronzeResult> {
  const { plan, headers } = await planBronze(deps, dataset, fetch);
  const engine = await deps.engine('duckdb');
  const report = await engine.buildBronze(plan, engineContext(deps, 'Bronze'));
  return keepBronzeReport(deps, dataset, { fetch, engine: engine.name, report, headers, textBytes: sumTextBytes(plan) });
}

/** Question 4 is answered here: whether any table's content differs from the release that readers see now. */
export async function buildSilverTables(deps: PipelineDeps, dataset: Dataset, state: SilverState): Promise<SilverResult> {
  const { runId, version } = state.fetch;
  const plan = planSilver(dataset, { runId, version, bronze: await readBronzeReport(deps.store, state.bronze.reportKey) });
  const engine = await deps.engine('duckdb');
  const report = await engine.buildSilver(plan, engineContext(deps, 'Silver'));
  return addRecovery(deps, state, await keepSilverReport(deps, state, { engine: engine.name, report }));
}

export interface SilverState {
  dataset: string;
  fetch: FetchResult;
  bronze: BronzeResult;
  force: boolean;
  replay?: string;
}

/** For each table, by its name, how the columns of its files were matched to the contract, in the order of the plan's inputs. */
export type TableHeaders = Readonly<Record<string, readonly MatchedHeader[]>>;

/** Expands the release beside this process, and reads the headers. Throws ContractViolationError when a file's columns are not those agreed on. */
export async function planBronze(deps: PipelineDeps, { config }: Dataset, fetch: FetchResult): Promise<{ plan: BronzePlan; headers: TableHeaders }> {
  const expanded = [];
  for (const source of fetch.sources) expanded.push({ source, members: await expandSource(deps, config, source) });
  const assigned = assignMembers(config, expanded);
  const headers: Record<string, MatchedHeader[]> = {};
  const format = textFormat(config);
  const tables: BronzeTablePlan[] = [];
  for (const table of config.tables) {
    const members = assigned.get(table.name) ?? [];
    const matched = await Promise.all(members.map((member) => matchMember(config, table, member, format)));
    headers[table.name] = matched;
    tables.push(planBronzeTable(config, fetch, { table, members, matched }));
  }
  const plan: BronzePlan = { dataset: config.dataset, runId: fetch.runId, format, memoryMb: config.engine.memory_mb, threads: config.engine.threads, tables };
  return { plan, headers };
}

export async function keepBronzeReport(
  { store }: Pick<PipelineDeps, 'store'>,
  dataset: Dataset,
  { fetch, engine, report, headers, textBytes }: { fetch: FetchResult; engine: string; report: BronzeReport; headers: TableHeaders; textBytes: number },
): Promise<BronzeResult> {
  const tables = report.tables.map((table) => describeSource(table, headers[table.name] ?? []));
  return keepBronze(store, { dataset: dataset.config.dataset, runId: fetch.runId }, describeBronze(dataset, fetch, { engine, textBytes, tables }));
}

export async function keepSilverReport(
  { store }: Pick<PipelineDeps, 'store'>,
  { dataset, fetch, force }: Omit<SilverState, 'bronze'>,
  { engine, report }: { engine: string; report: SilverReport },
): Promise<SilverResult> {
  const reportKey = await writeReport(store, `${keys.modelPrefix('silver', dataset, fetch.version, fetch.runId)}${REPORT_NAME}`, report);
  const current = (await readManifest(store, dataset))?.manifest.current;
  return { engine, reportKey, rows: sumRows(report.tables), changed: force || !hasSameContent(report, current?.tables ?? []) };
}

async function matchMember(config: DatasetConfig, table: TableConfig, { member }: TableMember, format: TextFormat): Promise<MatchedHeader> {
  if (member.path === undefined) throw new RangeError(`${member.name} was not expanded`);
  if (!format.header) return columnsWithoutHeader(table, await countFields(member.path, format));
  return matchHeader(config, table, { member: member.name, header: await readHeader(member.path, member.name, format) });
}

function planBronzeTable(config: DatasetConfig, { runId }: FetchResult, parts: { table: TableConfig; members: readonly TableMember[]; matched: readonly MatchedHeader[] }): BronzeTablePlan {
  const { table, members, matched } = parts;
  const added = new Set(matched.flatMap((header) => header.added));
  const inputs = members.map(({ source, member }, index): BronzeInput => {
    if (member.path === undefined) throw new RangeError(`${member.name} was not expanded`);
    return {
      source: source.name,
      rawKey: source.rawKey,
      member: member.name,
      path: member.path,
      lines: member.lines,
      sizeBytes: member.sizeBytes,
      columns: matched[index]?.columns ?? [],
      outputKey: `${keys.bronzePrefix(config.dataset, runId)}${table.name}/part-${index}.parquet`,
    };
  });
  return { name: table.name, columns: [...table.columns.map(({ name }) => name), ...added], inputs };
}

/** What only the files' headers tell: the names under which the source publishes its columns. Another order or another name is another schema. */
function describeSource(table: ReleaseTable, headers: readonly MatchedHeader[]): ReleaseTable {
  const sourceNameOf = (column: string) => headers.map(({ sourceNames }) => sourceNames.get(column)).find((name) => name !== undefined);
  const inferred = table.inferred && { ...table.inferred, columns: table.inferred.columns.map((column) => ({ ...column, sourceName: sourceNameOf(column.column) })) };
  return { ...table, inferred, schemaFingerprint: hashCanonicalJson(headers.map(({ sourceNames }) => [...sourceNames.values()])) };
}

function hasSameContent(report: SilverReport, current: readonly ReleaseTable[]): boolean {
  const published = current.filter(({ contentHash }) => contentHash !== undefined);
  if (published.length !== report.tables.length) return false;
  return report.tables.every(({ name, layer, contentHash, quarantined }) =>
    published.some((table) => table.name === name && table.layer === layer && table.contentHash === contentHash && table.quarantined === quarantined),
  );
}

export function engineContext(deps: PipelineDeps, state: string) {
  return {
    store: deps.store,
    scratchDir: deps.scratchDir,
    secrets: deps.secrets,
    signal: deps.signal,
    onProgress: ({ table, rows }: { table: string; rows?: number }) => deps.observe({ type: 'progress', state, what: table, rows }),
  };
}

const textFormat = ({ format: { delimiter, quoting, header } }: DatasetConfig): TextFormat => ({ delimiter, quoting, header });

const sumRows = (tables: readonly ReleaseTable[]) => tables.reduce((sum, { rows }) => sum + rows, 0);

export const sumTextBytes = ({ tables }: BronzePlan) => tables.flatMap(({ inputs }) => inputs).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
