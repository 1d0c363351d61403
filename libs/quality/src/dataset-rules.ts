/** The rules of a dataset's quality.dqdl, each with the table it is about and what becomes of a release or a row that does not meet it. */
import { findNearest, type MaskConfig } from '@inlet/dataset';
import type { RulesetProblem } from '@inlet/errors';
import { listLabels, parseRuleset, printRule, printRuleset, readEscapes, type Analyzer, type Label, type Position, type Rule, type Ruleset, type RuleTypeName, type SimpleRule } from './dqdl';
import { composeRulesetError } from './dqdl/problems';

/** `critical` rejects the release, `warn` only reports, `quarantine` keeps back the rows that do not meet the rule. */
export const SEVERITIES = ['critical', 'warn', 'quarantine'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface DatasetRule {
  table: string;
  severity: Severity;
  rule: Rule;
}

export interface DatasetRules {
  /** What holds for every rule. Without default labels: each rule here has been told what they say. */
  shared: Pick<Ruleset, 'metadata' | 'dataSources' | 'variables'>;
  /** In the order of the text. */
  rules: readonly DatasetRule[];
  analyzers: readonly { table: string; analyzer: Analyzer }[];
}

export interface RuledTable {
  name: string;
  /** Columns that are published masked. */
  masks?: Readonly<Record<string, Pick<MaskConfig, 'method'>>>;
}

export interface DatasetRulesOptions {
  /** The tables that the dataset publishes. */
  tables: readonly RuledTable[];
  /** Names under which rules know other tables, beside those of the published ones. @default none */
  references?: readonly string[];
  /** What the text is called in errors. @default 'quality.dqdl' */
  file?: string;
}

const isSeverity = (value: string): value is Severity => SEVERITIES.some((known) => known === value);

/** Of all labels, those that mean something here. */
const LABEL_KEYS = ['table', 'severity'];

const NO_RULES: DatasetRules = { shared: { metadata: [], dataSources: [], variables: [] }, rules: [], analyzers: [] };

/**
 * The text '' has no rules. Throws RulesetError for a text that is no DQDL, and for labels that cannot be meant: an unknown severity or table, no table
 * where there are several, `quarantine` on a rule that says nothing of single rows, a reference that there is not, and a rule on values that are
 * masked before the gate sees them.
 */
export function readDatasetRules(text: string, { tables, references = [], file = 'quality.dqdl' }: DatasetRulesOptions): DatasetRules {
  if (text.trim() === '') return NO_RULES;
  const { metadata, dataSources, variables, defaultLabels, rules, analyzers } = parseRuleset(text, { name: file });
  const reader = new LabelReader(tables, defaultLabels, references);
  const ofTables = rules.map((rule) => reader.readRule(rule));
  const read = { shared: { metadata, dataSources, variables }, rules: ofTables, analyzers: analyzers.flatMap((analyzer) => reader.readAnalyzer(analyzer, ofTables)) };
  if (reader.problems.length > 0) throw composeRulesetError(reader.problems, file);
  return read;
}

/** Some rules of a dataset as a ruleset of their own, whose rules keep their order and are told nothing by default labels. */
export function printRules({ shared }: Pick<DatasetRules, 'shared'>, rules: readonly Rule[], analyzers: readonly Analyzer[] = []): string {
  return printRuleset({ ...shared, defaultLabels: [], rules, analyzers, warnings: [] });
}

/** A rule as reports name it: without labels, those of its parts included. */
export function printBareRule(rule: Rule): string {
  return printRule(withoutLabels(rule));
}

function withoutLabels(rule: Rule): Rule {
  return rule.kind === 'rule' ? { ...rule, labels: [] } : { ...rule, labels: [], rules: rule.rules.map(withoutLabels) };
}

class LabelReader {
  readonly problems: RulesetProblem[] = [];
  readonly #names: readonly string[];

  constructor(
    private readonly tables: readonly RuledTable[],
    private readonly defaultLabels: readonly Label[],
    private readonly references: readonly string[],
  ) {
    this.#names = tables.map(({ name }) => name);
  }

  readRule(rule: Rule): DatasetRule {
    const severity = this.#readSeverity(rule);
    const table = this.#readTable(rule.labels, rule.span.start, { subject: 'A rule', where: 'labels' });
    if (rule.kind === 'composite') for (const operand of rule.rules) this.#refuseLabelsWithin(operand);
    if (severity === 'quarantine' && !isRowDecidable(rule)) {
      this.#add(this.#find(rule.labels, 'severity')?.position ?? rule.span.start, {
        what: 'A rule that says nothing of single rows cannot quarantine any',
        found: '"quarantine"',
        expected: ['"critical"', '"warn"', `a rule of ${ROW_DECIDABLE_TYPES.join(', ')}`],
      });
    }
    this.#refuseUnknownReferences(rule, severity === 'quarantine' ? table : '');
    if (severity !== 'quarantine') this.#refuseMasked(rule, this.tables.find(({ name }) => name === table)?.masks ?? {});
    return { table, severity, rule: { ...rule, labels: mergeLabels(this.defaultLabels, rule.labels) } };
  }

  /** DQDL has no labels for analyzers: where no default label names a table, one is about every table that a rule is about. */
  readAnalyzer(analyzer: Analyzer, rules: readonly DatasetRule[]): { table: string; analyzer: Analyzer }[] {
    const ruled = this.#names.filter((name) => rules.some(({ table }) => table === name));
    if (this.#find([], 'table') === undefined && ruled.length > 0) return ruled.map((table) => ({ table, analyzer }));
    return [{ table: this.#readTable([], analyzer.span.start, { subject: 'An analyzer', where: 'DefaultLabels' }), analyzer }];
  }

  /** The table that the labels name, or the only one there is. After a problem: '' */
  #readTable(labels: readonly Label[], position: Position, { subject, where }: { subject: string; where: string }): string {
    const label = this.#find(labels, 'table');
    const [only] = this.#names;
    if (label === undefined) {
      if (this.#names.length === 1 && only !== undefined) return only;
      const meant = this.#findMisspelt(labels, 'table');
      this.#add(meant?.position ?? position, {
        what: `${subject} does not say which table it is about`,
        found: meant === undefined ? 'no label "table"' : `the label "${meant.key}"`,
        expected: this.#names.map((name) => `${where} = ["table" = "${name}"]`),
        ...(meant && { nearest: '"table"' }),
      });
      return '';
    }
    const name = readEscapes(label.value);
    if (this.#names.includes(name)) return name;
    this.#add(label.position, { what: 'There is no such table', found: `"${name}"`, expected: this.#names.map((known) => `"${known}"`), ...nearest(name, this.#names) });
    return '';
  }

  #readSeverity(rule: Rule): Severity {
    const label = this.#find(rule.labels, 'severity');
    const meant = this.#findMisspelt(rule.labels, 'severity');
    if (label === undefined && meant !== undefined && isSeverity(readEscapes(meant.value))) {
      this.#add(meant.position, { what: 'A label says nothing to Inlet, and looks like one that does', found: `"${meant.key}"`, expected: ['"severity"', 'a key that is less like it'], nearest: '"severity"' });
    }
    if (label === undefined) return 'critical';
    const value = readEscapes(label.value);
    const severity = isSeverity(value) ? value : undefined;
    if (severity === undefined) this.#add(label.position, { what: 'A severity is unknown', found: `"${value}"`, expected: SEVERITIES.map((known) => `"${known}"`), ...nearest(value, SEVERITIES) });
    return severity ?? 'critical';
  }

  /** A whole rule passes or fails; of its parts nobody asks how severe they are. */
  #refuseLabelsWithin(operand: Rule): void {
    for (const { key, position } of operand.labels) {
      if (key === 'severity' || key === 'table') this.#add(position, { what: `A part of a composite rule has a label "${key}"`, found: `"${key}"`, expected: ['the label behind the bracket that encloses all parts'] });
    }
    if (operand.kind === 'composite') for (const inner of operand.rules) this.#refuseLabelsWithin(inner);
  }

  /** The rows of a table cannot be asked while it is still open which of them it keeps. */
  #refuseUnknownReferences(rule: Rule, unbuilt: string): void {
    const known = [...this.#names, ...this.references].filter((name) => name !== unbuilt);
    for (const { name, position } of listReferences(rule)) {
      if (known.includes(name)) continue;
      const what = name === unbuilt ? 'A rule that quarantines rows of a table asks for other rows of it' : 'There is no table of this name to compare with';
      this.#add(position, { what, found: `"${name}"`, expected: known.map((each) => `"${each}"`), ...nearest(name, known) });
    }
  }

  #refuseMasked(rule: Rule, masks: NonNullable<RuledTable['masks']>): void {
    if (rule.kind === 'composite') {
      for (const operand of rule.rules) this.#refuseMasked(operand, masks);
      return;
    }
    for (const { kind, value, position } of rule.parameters) {
      const name = readEscapes(value);
      const mask = kind !== 'variable' && Object.hasOwn(masks, name) ? masks[name] : undefined;
      if (mask === undefined || survivesMask(rule, mask.method)) continue;
      this.#add(position, { what: 'The gate sees this column masked', found: `\`${value}\` in a rule on its values`, expected: ['"severity" = "quarantine", which is asked before masking', ...TYPES_BEYOND_MASKS] });
    }
  }

  #find(labels: readonly Label[], key: string): Label | undefined {
    return labels.find((label) => label.key === key) ?? this.defaultLabels.find((label) => label.key === key);
  }

  /** A key that differs from this one by a slip of the hand. */
  #findMisspelt(labels: readonly Label[], key: 'table' | 'severity'): Label | undefined {
    return [...labels, ...this.defaultLabels].find((label) => label.key !== key && findNearest(label.key, LABEL_KEYS) === key && !LABEL_KEYS.includes(label.key));
  }

  #add({ line, column }: Position, problem: Omit<RulesetProblem, 'line' | 'column'>): void {
    this.problems.push({ line, column, ...problem });
  }
}

/** The names of the tables that a rule compares with, each once. */
export function findReferences(rule: Rule): string[] {
  return [...new Set(listReferences(rule).map(({ name }) => name))];
}

function listReferences(rule: Rule): { name: string; position: Position }[] {
  if (rule.kind === 'composite') return rule.rules.flatMap(listReferences);
  const [first, second] = rule.parameters;
  if (rule.type === 'ReferentialIntegrity' && second !== undefined) return [{ name: readEscapes(second.value).replace(/\.(\{[^{}]*\}|[^.]*)$/, ''), position: second.position }];
  const isComparison = rule.type === 'DatasetMatch' || rule.type === 'RowCountMatch' || rule.type === 'SchemaMatch';
  return isComparison && first !== undefined ? [{ name: readEscapes(first.value), position: first.position }] : [];
}

/** Types that say of each single row whether it meets them. */
const ROW_DECIDABLE_TYPES: readonly RuleTypeName[] = [
  'ColumnDataType', 'ColumnLength', 'ColumnValues', 'Completeness', 'DataFreshness', 'IsComplete', 'IsPrimaryKey', 'IsUnique', 'ReferentialIntegrity', 'UniqueValueRatio', 'Uniqueness',
];

/** A composite rule is decidable where all of its parts are. */
function isRowDecidable(rule: Rule): boolean {
  return rule.kind === 'composite' ? rule.rules.every(isRowDecidable) : ROW_DECIDABLE_TYPES.includes(rule.type);
}

/** Types that ask of a column only whether it has values. */
const TYPES_BEYOND_MASKS = ['ColumnExists', 'IsComplete', 'Completeness'];
/** Types that ask of values only which are the same. */
const TYPES_BEYOND_HASHES = ['IsUnique', 'IsPrimaryKey', 'Uniqueness', 'UniqueValueRatio', 'DistinctValuesCount', 'Entropy'];

function survivesMask({ type }: SimpleRule, method: MaskConfig['method']): boolean {
  return TYPES_BEYOND_MASKS.includes(type) || (method === 'hash' && TYPES_BEYOND_HASHES.includes(type));
}

const nearest = (word: string, known: readonly string[]) => {
  const meant = findNearest(word, known);
  return meant === undefined ? {} : { nearest: `"${meant}"` };
};

/** The labels that hold, as a rule's own. */
function mergeLabels(defaultLabels: readonly Label[], own: readonly Label[]): Label[] {
  const merged = listLabels({ defaultLabels }, { labels: own });
  const written = [...defaultLabels, ...own];
  return [...merged].flatMap(([key, value]) => written.findLast((label) => label.key === key && label.value === value) ?? []);
}
