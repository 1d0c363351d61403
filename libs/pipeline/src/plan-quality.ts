/** What the gate asks of which table: the thresholds of the config and the rules of quality.dqdl in one plan, and their results in one report. */
import type { Dataset, ModelConfig } from '@inlet/dataset';
import type { QualityResult } from '@inlet/manifest';
import { bronzeAlias, findColumnsOfNoTable, judgeQuarantinedShare, listFindings, listThresholdRules, printBareRule, printRule, printRules, type DatasetRule, type DatasetRules, type Rule, type Severity } from '@inlet/quality';
import { isNamedIn } from './is-named-in';
import { createAnswerFinder } from './job-quality';
import { lastRowCount, type MetricHistory } from './metric-history';
import type { BronzeReport, CheckedRule, QualityFile, QualityPlan, QualityRelation, QualityReport, QualityTablePlan, SilverReport, SilverTableReport } from './plan';

interface QualityContext {
  dataset: Dataset;
  rules: DatasetRules;
  runId: string;
  now: Date;
  bronze: BronzeReport;
  silver: SilverReport;
  history: MetricHistory;
  files: readonly QualityFile[];
}

/** A rule that is asked, and what becomes of the release where it is not met. */
interface AskedRule {
  rule: Rule;
  severity: Severity;
  /** What to say where it fails, in place of the rule's own reason. */
  failure?: string;
  /** What the engine that built the table says of it already. */
  given?: CheckedRule;
}

interface AskedTable {
  model: ModelConfig;
  report: SilverTableReport;
  asked: readonly AskedRule[];
}

/** A plan, and the way from its report to the gate's results. */
export interface PlannedQuality {
  plan: QualityPlan;
  judge: (report: QualityReport) => QualityResult[];
  /** Engines that have judged rules already, while they built tables, each with how many; these rules are not in the plan. */
  given: { engine: string; rules: number }[];
}

export function planQuality(context: QualityContext): PlannedQuality {
  const { dataset, rules, silver } = context;
  const tables = silver.tables.flatMap((report): AskedTable[] => {
    const model = dataset.config.models.find(({ name }) => name === report.name);
    return model === undefined ? [] : [{ model, report, asked: listAsked(context, model, report) }];
  });
  return { plan: writePlan(context, tables), judge: (report) => judge({ rules, dataset, silver }, tables, report), given: countGiven(tables) };
}

function countGiven(tables: readonly AskedTable[]): PlannedQuality['given'] {
  const counts = new Map<string, number>();
  for (const { report: { quality }, asked } of tables) {
    const rules = asked.length - asked.filter(isOpen).length;
    if (quality !== undefined && rules > 0) counts.set(quality.engine, (counts.get(quality.engine) ?? 0) + rules);
  }
  return [...counts].map(([engine, rules]) => ({ engine, rules }));
}

const isOpen = ({ given }: AskedRule) => given === undefined;

/** First what the config demands, then the rules of the dataset; those that quarantine rows were asked when the table was built. */
function listAsked({ dataset: { config }, rules, history }: QualityContext, model: ModelConfig, table: SilverTableReport): AskedRule[] {
  const thresholds = listThresholdRules({ config, model, table, previousRows: lastRowCount(history(table.name)) });
  const asked = [
    ...thresholds.map(({ rule, failure }): AskedRule => ({ rule, severity: 'critical', failure })),
    ...rules.rules.filter((rule) => rule.table === table.name && rule.severity !== 'quarantine').map(({ rule, severity }) => ({ rule, severity })),
  ];
  const findAnswer = createAnswerFinder(table.quality, model);
  return asked.map((each) => ({ ...each, given: findAnswer(each.rule) }));
}

function writePlan({ dataset: { config }, rules, runId, now, bronze, silver, history, files }: QualityContext, tables: readonly AskedTable[]): QualityPlan {
  const relations = [...silver.tables.map((table) => describeRelation(table)), ...bronze.tables.map((table) => ({ ...describeRelation(table), name: bronzeAlias(table.name) }))];
  return {
    dataset: config.dataset,
    runId,
    memoryMb: config.engine.memory_mb,
    threads: config.engine.threads,
    now: now.toISOString(),
    tables: tables.flatMap(({ model, report, asked }): QualityTablePlan[] => {
      const open = asked.filter(isOpen).map(({ rule }) => rule);
      const analyzers = rules.analyzers.filter(({ table }) => table === report.name).map(({ analyzer }) => analyzer);
      if (open.length + analyzers.length === 0) return [];
      const text = open.map(printRule).join('\n');
      return [
        {
          ...describeRelation(report, model),
          ruleset: printRules(rules, open, analyzers),
          // A name within a text may be meant or not; a table too many costs nothing but its place in the plan.
          references: relations.map(({ name }) => name).filter((name) => isNamedIn(text, name)),
          pii: model.pii,
          history: history(report.name),
        },
      ];
    }),
    relations,
    files,
  };
}

function describeRelation(table: BronzeReport['tables'][number] & { stats?: SilverTableReport['stats'] }, model?: ModelConfig): QualityRelation {
  const { name, layer, files, columns, rows, stats } = table;
  const nulls = stats && Object.fromEntries(stats.map((column) => [column.name, column.nulls]));
  // The engine keeps one row of each key, and none without one.
  const isKept = model?.key.every((column) => (nulls?.[column] ?? 0) === 0) ?? false;
  return { name, layer, files, columns, known: { rows, ...(nulls && { nulls }), ...(isKept && { uniqueKey: model?.key }) } };
}

/** Tables in the order in which they were built; of each first what the build itself tells, then the thresholds, then the rules in the order of the text. */
function judge({ rules, dataset, silver }: Pick<QualityContext, 'rules' | 'dataset' | 'silver'>, tables: readonly AskedTable[], checked: QualityReport): QualityResult[] {
  const results = tables.flatMap(({ model, report, asked }) => {
    const answers = checked.tables.find(({ name }) => name === report.name)?.results ?? [];
    const open = asked.filter(isOpen);
    if (answers.length !== open.length) throw new RangeError(`${report.name}: ${open.length} rules were asked, and ${answers.length} answered`);
    const judged = new Map(asked.map((each) => [each.rule, toResult(report.name, each, each.given ?? (answers[open.indexOf(each)] as CheckedRule))]));
    const own = rules.rules.filter(({ table }) => table === report.name);
    const quarantine = own.filter(({ severity }) => severity === 'quarantine');
    const inText = own.flatMap((rule) => judged.get(rule.rule) ?? toQuarantineResult(report, rule, quarantine.indexOf(rule)));
    const thresholds = asked.filter(({ rule }) => !own.some((each) => each.rule === rule)).flatMap(({ rule }) => judged.get(rule) ?? []);
    return [...findUnkept(model, report), judgeQuarantinedShare({ config: dataset.config, table: report }), ...thresholds, ...inText, ...listAnalyzed(checked, report.name), ...listFindings(report)];
  });
  return [...results, ...findColumnsOfNoTable(dataset.config, silver.tables)];
}

/** What a table's analyzers gathered. One that stands for several tables need not go with each of them, but is told where it goes with none. */
function listAnalyzed({ tables }: QualityReport, table: string): QualityResult[] {
  const asked = tables.find(({ name }) => name === table)?.analyzers ?? [];
  const gathers = (analyzer: string) => tables.some(({ analyzers }) => analyzers.some((each) => each.analyzer === analyzer && each.outcome === 'passed'));
  return asked.flatMap(({ analyzer, outcome, metrics, reason }): QualityResult[] => {
    if (outcome === 'passed') return [{ table, rule: analyzer, outcome, metrics }];
    return gathers(analyzer) ? [] : [{ table, rule: analyzer, outcome: 'warned', severity: 'warn', metrics, ...(reason !== null && { reason }) }];
  });
}

/** What the plan asked of the build, and no report confirms: an engine that does not know masks or proofs would leave them out without a word. */
function findUnkept({ masks, splits }: ModelConfig, { name, masked = [], parents }: SilverTableReport): QualityResult[] {
  const unconfirmed = (rule: string, reason: string): QualityResult => ({ table: name, rule, outcome: 'error', metrics: {}, severity: 'critical', reason });
  return [
    ...Object.keys(masks).filter((column) => !masked.includes(column)).map((column) => unconfirmed(`Masked "${column}"`, 'The engine that built the table has not masked it.')),
    ...(splits !== undefined && parents === undefined ? [unconfirmed(`EachRowOf "${splits.table}"`, 'The engine that built the table has not accounted for the rows that it splits.')] : []),
  ];
}

function toResult(table: string, { severity, failure }: AskedRule, { rule, evaluatedRule, outcome, metrics, reason: ownReason, failedRows }: CheckedRule): QualityResult {
  const reason = outcome === 'failed' ? (failure ?? ownReason) : ownReason;
  return {
    table,
    rule,
    outcome: outcome !== 'passed' && severity === 'warn' ? 'warned' : outcome,
    metrics,
    severity,
    ...(reason !== null && { reason }),
    ...(failedRows !== null && { failedRows }),
    ...(evaluatedRule !== undefined && { evaluatedRule }),
  };
}

/** An engine that says nothing of a rule has not asked it, and nothing it built may be published. */
function toQuarantineResult({ name, rowRules }: SilverTableReport, { rule, severity }: DatasetRule, index: number): QualityResult {
  const text = printBareRule(rule);
  const failedRows = rowRules?.[index]?.failedRows;
  if (failedRows === undefined) return { table: name, rule: text, outcome: 'error', metrics: {}, severity, reason: 'The engine that built the table has not asked this rule.' };
  const reason = `${failedRows} ${failedRows === 1 ? 'row does' : 'rows do'} not meet it and ${failedRows === 1 ? 'is' : 'are'} quarantined.`;
  return { table: name, rule: text, outcome: failedRows === 0 ? 'passed' : 'quarantined', metrics: {}, severity, failedRows, ...(failedRows > 0 && { reason }) };
}
