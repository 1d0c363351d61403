/** A check of one file: the ruleset read, the data opened, every rule judged, and the rows that fail written out. */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findNearest } from '@inlet/dataset';
import type { CheckedFile, CheckFiles, RowCondition } from '@inlet/duckdb';
import { UsageError } from '@inlet/errors';
import { compileRowCondition, evaluateRuleset, parseRuleset, type CheckContext, type RuleResult, type Ruleset } from '@inlet/quality';
import { formatDuration, type Clock } from '@inlet/time';
import type { CheckRequest, SuggestRequest } from './check-request';
import { listLocalFiles } from './local-files';

export interface CheckDeps {
  clock: Clock;
  cwd: string;
  /** Ends the work with its reason. */
  signal?: AbortSignal;
  /** Told what is under way, a line at a time. */
  report: (line: string) => void;
  /** Told what is right but cannot be meant. */
  warn: (line: string) => void;
}

export interface CheckReport {
  outcome: 'passed' | 'failed';
  /** In the order of the ruleset. */
  rules: readonly RuleResult[];
  /** What the ruleset's analyzers gathered. */
  metrics: Readonly<Record<string, number>>;
  rows: number;
  /** Present where they were asked for. */
  failedRows?: { file: string; rows: number };
}

/** Throws RulesetError for a wrong ruleset and UsageError for a file that cannot be read. A rule that fails, or cannot be judged, is part of the report. */
export async function runCheck(deps: CheckDeps, request: CheckRequest): Promise<CheckReport> {
  const ruleset = parseRuleset(await readRules(request.rules), { name: request.rules });
  for (const { position, message } of ruleset.warnings) deps.warn(`${request.rules}, line ${position.line}, column ${position.column}: ${message}`);
  return withOpenFiles(deps, request, async (files) => {
    const context = createContext(deps, request, files);
    deps.report(`Checking ${countOf(ruleset.rules.length, 'rule')} …`);
    const startMs = deps.clock.now().getTime();
    const { rules, metrics, analyzers } = await evaluateRuleset(ruleset, context);
    for (const { analyzer, outcome, reason } of analyzers) if (outcome === 'error') deps.warn(`The analyzer ${analyzer} gathers nothing. ${reason ?? ''}`.trimEnd());
    deps.report(`Checked ${countOf(rules.length, 'rule')} in ${formatDuration(deps.clock.now().getTime() - startMs)}`);
    const outcome = rules.every((rule) => rule.outcome === 'passed') ? ('passed' as const) : ('failed' as const);
    const report = { outcome, rules, metrics, rows: files.primary.known.rows };
    if (request.failedRows === undefined) return report;
    const { conditions, nameless } = listConditions(ruleset, rules, context);
    for (const rule of nameless) deps.warn(`--failed-rows has no row of a rule that failed, for it does not say which they are: ${rule}`);
    const rows = await files.writeFailedRows({ conditions, omit: context.pii });
    return { ...report, failedRows: { file: request.failedRows, rows } };
  });
}

async function readRules(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const found = error.code === 'ENOENT' ? 'nothing' : error.code === 'EISDIR' ? 'a folder' : error.message;
    throw new UsageError({ what: 'The ruleset cannot be read', where: file, expected: 'a file with DQDL', found, next: 'Correct the path, or let `npx inlet check --suggest --data <file>` propose a ruleset.', cause: error });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsageError({ what: 'The ruleset cannot be read', where: file, expected: 'UTF-8', found: 'bytes of another encoding', next: 'Convert it first.', cause });
  }
}

/** Says what was opened, and closes it again when `work` ends. Throws UsageError for a column that is to be kept secret and is not there. */
export async function withOpenFiles<Result>(deps: CheckDeps, request: SuggestRequest & Partial<CheckRequest>, work: (files: CheckFiles) => Promise<Result>): Promise<Result> {
  const { data, references = new Map<string, string>(), allText, failedRows } = request;
  const { openCheckFiles } = await import('@inlet/duckdb');
  const files = await openCheckFiles({ data, references, allText, writable: failedRows, signal: deps.signal, tempDir: path.join(tmpdir(), `inlet-check-${process.pid}`) });
  try {
    const opened = [[data, files.primary] as const, ...[...references].map(([name, file]) => [file, files.references.get(name)] as const)];
    for (const [file, checked] of opened) if (checked !== undefined) deps.report(`${file}: ${countOf(checked.known.rows, 'row')}, ${countOf(checked.columns.length, 'column')}, ${checked.reading}`);
    return await work(files);
  } finally {
    files.close();
  }
}

export function createContext({ clock, cwd }: CheckDeps, { data, pii }: SuggestRequest, { primary, references, query }: CheckFiles): CheckContext & { pii: ReadonlySet<string> } {
  return { primary, references, query, now: clock.now(), files: listLocalFiles({ data, cwd }), pii: findColumns(pii, primary, data) };
}

/** A secret column's misspelt name would let its values be shown: it is refused. Names differ in more than case, as in Glue. */
function findColumns(names: readonly string[], { columns }: CheckedFile, file: string): ReadonlySet<string> {
  return new Set(
    names.map((wanted) => {
      const column = columns.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
      if (column !== undefined) return column.name;
      const known = columns.map(({ name }) => name);
      const meant = findNearest(wanted, known);
      throw new UsageError({ what: 'There is no such column', where: file, expected: `one of its ${known.length} columns`, found: `--pii ${wanted}`, ...(meant !== undefined && { next: `Did you mean "${meant}"?` }) });
    }),
  );
}

/** Of every rule that says of single rows whether they meet it, and that some do not; `nameless` are those that failed and do not say so. */
function listConditions(ruleset: Ruleset, results: readonly RuleResult[], context: CheckContext): { conditions: RowCondition[]; nameless: string[] } {
  const nameless: string[] = [];
  const target = { ...context, variables: new Map(ruleset.variables.map(({ name, value }) => [name, value])) };
  const conditions = ruleset.rules.flatMap((rule, index) => {
    const result = results[index];
    if (result === undefined || (result.outcome !== 'failed' && !result.failedRows)) return [];
    const condition = compileRowCondition(rule, target);
    if (condition !== null) return result.failedRows ? [{ rule: result.rule, condition }] : [];
    nameless.push(result.rule);
    return [];
  });
  return { conditions, nameless };
}

export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : `${noun}s`}`;
}
