/** What silver is to be built of and how: models in an order in which each finds its inputs, with the rules, masks and proofs that hold for it. */
import type { Dataset, ModelConfig } from '@inlet/dataset';
import { ModelError, RulesetError } from '@inlet/errors';
import { keys } from '@inlet/manifest';
import { findReferences, printRules, readRules, type DatasetRule, type DatasetRules } from '@inlet/quality';
import { buildMacros, findTableReferences, orderModels } from '@inlet/sql';
import type { BronzeReport, RowRules, SilverPlan, SilverTablePlan } from './plan';

interface PlannedRelease {
  runId: string;
  version: string;
  bronze: BronzeReport;
}

type OrderedModel = ModelConfig & { sql: string };

/** Pure: the same dataset and bronze give the same plan. Throws RulesetError and ModelError. */
export function planSilver(dataset: Dataset, release: PlannedRelease): SilverPlan {
  const { config } = dataset;
  const rules = readRules(dataset);
  const ordered = orderByInputs(dataset, rules);
  const startedAt = readRunStart(release.runId) ?? new Date(`${release.version}T00:00:00Z`);
  const planTable = (model: OrderedModel): SilverTablePlan => ({
    name: model.name,
    layer: model.layer,
    sql: model.sql,
    key: model.key,
    orderBy: model.order_by,
    parent: model.parent,
    ...(model.splits && { splits: model.splits }),
    ...(model.pii.length > 0 && { pii: model.pii }),
    ...(Object.keys(model.masks).length > 0 && { masks: model.masks }),
    ...planRowRules(rules, model.name, startedAt),
    unreadableOf: config.tables.map((table) => table.name).filter((table) => isQuarantinedWith(table, model.name, ordered)),
    outputPrefix: keys.modelPrefix(model.layer, config.dataset, release.version, release.runId),
    quarantinePrefix: keys.quarantinePrefix(config.dataset, release.runId),
  });
  return {
    dataset: config.dataset,
    runId: release.runId,
    memoryMb: config.engine.memory_mb,
    threads: config.engine.threads,
    macros: buildMacros(config.format.null_tokens),
    bronze: release.bronze.tables.map(({ name, columns, files }) => ({ name, columns: columns.map((column) => column.name), files })),
    tables: ordered.map(planTable),
  };
}

/** A run id begins with the second in which its run did. */
function readRunStart(runId: string): Date | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(runId) ?? [];
  return year === undefined ? undefined : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const rowRulesOf = ({ rules }: DatasetRules, table: string): DatasetRule[] => rules.filter((rule) => rule.table === table && rule.severity === 'quarantine');

function planRowRules(rules: DatasetRules, table: string, now: Date): { rowRules?: RowRules } {
  const own = rowRulesOf(rules, table);
  return own.length === 0 ? {} : { rowRules: { ruleset: printRules(rules, own.map(({ rule }) => rule)), now: now.toISOString() } };
}

/** A model comes after those it reads, and after those whose rows its rules ask for. */
function orderByInputs(dataset: Dataset, rules: DatasetRules): OrderedModel[] {
  const { config } = dataset;
  const models = config.models.map((model) => ({ ...model, sql: dataset.models.find(({ name }) => name === model.name)?.sql ?? '' }));
  const tables = config.tables.map(({ name }) => name);
  const withRules = models.map((model) => ({ ...model, sql: [model.sql, ...listRuleInputs(models, rules, model)].join('\n') }));
  let names: string[];
  try {
    names = orderModels(withRules, tables).map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    // The models' own faults come first; where they have none, the rules have tied the knot.
    orderModels(models, tables);
    throw describeKnot(dataset, rules, error);
  }
  return models.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/** The tables that a model's row rules name, as its SQL would name them. Bronze is there before all models. */
function listRuleInputs(models: readonly OrderedModel[], rules: DatasetRules, model: OrderedModel): string[] {
  const names = rowRulesOf(rules, model.name).flatMap(({ rule }) => findReferences(rule));
  return models.filter(({ name }) => name !== model.name && names.includes(name)).map(({ name, layer }) => `${layer}.${name}`);
}

function describeKnot({ config, folder }: Dataset, rules: DatasetRules, cause: ModelError): RulesetError {
  const tied = config.models.flatMap(({ name }) => rowRulesOf(rules, name)).find(({ rule }) => findReferences(rule).length > 0);
  return new RulesetError({
    what: `A rule on ${tied?.table ?? 'a table'} asks for rows of a table that is only built after it`,
    where: `${folder === undefined ? '' : `${folder}/`}quality.dqdl${tied === undefined ? '' : `, line ${tied.rule.span.start.line}`}`,
    expected: 'quarantine rules that ask for tables of earlier models',
    found: cause.parts.found,
    next: 'Give the rule the severity "critical" or "warn": the gate sees all tables.',
    cause,
  });
}

/** A record that nobody can read must be seen in some quarantine: its children's, or else that of the first model that reads the table. */
function isQuarantinedWith(table: string, model: string, ordered: readonly OrderedModel[]): boolean {
  const children = ordered.filter(({ parent }) => parent === table);
  if (children.length > 0) return children.some(({ name }) => name === model);
  const first = ordered.find(({ sql }) => findTableReferences(sql).some((reference) => reference.schema === 'bronze' && reference.table === table));
  return first?.name === model;
}
