/** The metrics that rules of the form `Mean "price" > 10` compare: which figures each needs, and what it is of them. */
import type { RuleTypeName } from '../dqdl';
import type { CheckContext } from './check';
import { findColumn, isNumeric, numberOf, type Column } from './column';
import { lengthOf } from './column-length';
import type { Answer, Figure, GroupSize, Grouping, Request } from './measure';
import { RuleProblem, showNumber, showPart } from './rule-problem';
import { countRows, narrowScope } from './row-test';

/** A metric before its table was asked. */
export interface Statistic extends Request {
  /** As Glue names it. */
  metric: string;
  /** Its value; null where there are no values to take it from, and NaN where they have none. */
  read: (answer: Answer) => number | null;
  /** What stands behind the value, as the beginning of a reason; empty where there is nothing to add. */
  explain: (answer: Answer) => string;
  /** Rows that are to blame where the value must be 1; null where no single row is. */
  countFailures: ((answer: Answer) => number) | null;
  /** Whether it is worked out from the values themselves, and not from how many, how long or how often the same they are. */
  tellsValues: boolean;
}

export type Checked = Pick<CheckContext, 'primary'>;

const NOTHING = { figures: {}, grouping: null, explain: () => '', countFailures: null, tellsValues: false };

/** The statistic of a type of rules. Throws RuleProblem where its columns do not go with it, or it is none. */
export function compileStatistic(type: RuleTypeName, columns: readonly string[], scope: string | null, { primary }: Checked): Statistic {
  if (type === 'RowCount') return { ...NOTHING, metric: 'Dataset.*.RowCount', figures: { rows: rowsOf({ primary }, scope) }, read: ({ figures }) => figures['rows'] ?? 0 };
  if (type === 'ColumnCount') return { ...NOTHING, metric: 'Dataset.*.ColumnCount', read: () => primary.columns.length };
  const found = columns.map((name) => findColumn(primary, name));
  const [first, second] = found;
  if (first === undefined) throw new RuleProblem(`${type} names no column.`);
  if (type === 'Completeness') return completeness(first, scope, { primary });
  if (type === 'ColumnCorrelation' && second !== undefined) return correlation(first, second, scope);
  const grouped = GROUPED[type];
  if (grouped !== undefined) return ofGroups(type, found, { grouping: group(found, scope, { primary }), ...grouped });
  const aggregate = AGGREGATED[type];
  if (aggregate !== undefined) return aggregate(first, scope);
  throw new RuleProblem(`${type} gives no metric.`);
}

/** How many rows there are in scope. */
export function rowsOf({ primary: { known } }: Checked, scope: string | null): Figure {
  return scope === null && known?.rows !== undefined ? { known: known.rows } : { aggregate: countRows(scope) };
}

/** How many of them have a value in a column. */
export function valuesOf({ primary: { known } }: Checked, column: Column, scope: string | null): Figure {
  const nulls = scope === null ? known?.nulls?.get(column.name) : undefined;
  return nulls === undefined || known?.rows === undefined ? { aggregate: countRows(scope, column.sql) } : { known: known.rows - nulls };
}

function completeness(column: Column, scope: string | null, checked: Checked): Statistic {
  return {
    ...NOTHING,
    metric: `Column.${column.written}.Completeness`,
    figures: { rows: rowsOf(checked, scope), values: valuesOf(checked, column, scope) },
    read: ({ figures: { rows, values } }) => (rows ? (values ?? 0) / rows : null),
    explain: ({ figures: { rows, values } }) => `${showPart((rows ?? 0) - (values ?? 0), rows ?? 0, 'values')} are NULL`,
    countFailures: ({ figures: { rows, values } }) => (rows ?? 0) - (values ?? 0),
  };
}

const filtered = (aggregate: string, scope: string | null) => (scope === null ? aggregate : `${aggregate} FILTER (WHERE ${scope})`);

/** Doubles beyond this square to what no double holds, and DuckDB gives an error for them. */
const SQUARABLE = 'CAST(\'1e153\' AS DOUBLE)';

const isSquarable = (value: string) => `abs(${value}) < ${SQUARABLE}`;

/** Both moments of a column; those of a floating one are NaN as soon as one value is beyond bounds. */
function momentsOf(column: Column, scope: string | null): Record<string, Figure> {
  const value = numberOf(column);
  if (column.kind !== 'float') return { deviation: { aggregate: filtered(`stddev_pop(${value})`, scope) }, unbounded: { known: 0 } };
  return {
    deviation: { aggregate: filtered(`stddev_pop(${value})`, narrowScope(scope, isSquarable(value))) },
    unbounded: { aggregate: countRows(narrowScope(scope, `NOT ${isSquarable(value)}`)) },
  };
}

type Aggregated = (column: Column, scope: string | null) => Statistic;

function deviation(name: string, power: 1 | 2): Aggregated {
  return (column, scope) => ({
    ...NOTHING,
    tellsValues: true,
    metric: `Column.${column.written}.${name}`,
    figures: momentsOf(column, scope),
    read: ({ figures }) => (figures['unbounded'] ? Number.NaN : nullOr(figures['deviation'], (value) => value ** power)),
  });
}

const nullOr = (value: number | null | undefined, apply: (value: number) => number) => (value === null || value === undefined ? null : apply(value));

/** One aggregate that is the metric. */
function single(name: string, write: (column: Column) => string, tellsValues: boolean): Aggregated {
  return (column, scope) => ({
    ...NOTHING,
    tellsValues,
    metric: `Column.${column.written}.${name}`,
    figures: { value: { aggregate: filtered(write(column), scope) } },
    read: ({ figures }) => figures['value'] ?? null,
  });
}

/** Integers and decimals are added up exactly before they become a double. */
function sumOf(column: Column): string {
  const value = numberOf(column);
  return column.kind === 'float' ? `sum(${value})` : `sum(${column.sql})`;
}

const mean: Aggregated = (column, scope) => ({
  ...NOTHING,
  tellsValues: true,
  metric: `Column.${column.written}.Mean`,
  figures: { sum: { aggregate: `CAST(${filtered(sumOf(column), scope)} AS DOUBLE)` }, values: { aggregate: countRows(scope, column.sql) } },
  read: ({ figures }) => nullOr(figures['sum'], (sum) => sum / (figures['values'] ?? 0)),
  explain: ({ figures }) => `Over ${showNumber(figures['values'] ?? 0)} values`,
});

const sum: Aggregated = (column, scope) => ({
  ...NOTHING,
  tellsValues: true,
  metric: `Column.${column.written}.Sum`,
  figures: { sum: { aggregate: `CAST(${filtered(sumOf(column), scope)} AS DOUBLE)` }, values: { aggregate: countRows(scope, column.sql) } },
  read: ({ figures }) => figures['sum'] ?? null,
  explain: ({ figures }) => `Over ${showNumber(figures['values'] ?? 0)} values`,
});

export const minimum = single('Minimum', (column) => `min(${numberOf(column)})`, true);
export const maximum = single('Maximum', (column) => `max(${numberOf(column)})`, true);
export const minimumLength = single('MinimumLength', (column) => `min(${lengthOf(column)})`, false);
export const maximumLength = single('MaximumLength', (column) => `max(${lengthOf(column)})`, false);

const AGGREGATED: Readonly<Partial<Record<RuleTypeName, Aggregated>>> = {
  Mean: mean,
  Sum: sum,
  StandardDeviation: deviation('StandardDeviation', 1),
  Variance: deviation('Variance', 2),
};

function correlation(first: Column, second: Column, scope: string | null): Statistic {
  const pair = `${numberOf(first)}, ${numberOf(second)}`;
  const floats = [first, second].filter(({ kind }) => kind === 'float').map((column) => isSquarable(numberOf(column)));
  const both = `${first.sql} IS NOT NULL AND ${second.sql} IS NOT NULL`;
  const bounded = floats.length === 0 ? scope : narrowScope(scope, floats.join(' AND '));
  return {
    ...NOTHING,
    tellsValues: true,
    metric: `Multicolumn.${first.written},${second.written}.ColumnCorrelation`,
    figures: {
      correlation: { aggregate: filtered(`corr(${pair})`, bounded) },
      pairs: { aggregate: countRows(narrowScope(scope, both)) },
      unbounded: floats.length === 0 ? { known: 0 } : { aggregate: countRows(narrowScope(scope, `${both} AND NOT (${floats.join(' AND ')})`)) },
    },
    read: ({ figures }) => (!figures['pairs'] ? null : figures['unbounded'] ? Number.NaN : figures['correlation'] ?? Number.NaN),
    explain: ({ figures }) => `Over ${showNumber(figures['pairs'] ?? 0)} pairs`,
  };
}

/** What is counted where groups of equal values are. */
export function group(columns: readonly Column[], scope: string | null, { primary: { known } }: Checked): Grouping {
  const key = known?.uniqueKey;
  const isKey = key !== undefined && scope === null && key.length === columns.length && columns.every(({ name }) => key.includes(name));
  return { columns: columns.map(({ sql }) => sql), scope, ...(isKey && known?.rows !== undefined && { knownKeyRows: known.rows }) };
}

const total = (groups: readonly GroupSize[], of: (size: GroupSize) => number) => groups.reduce((all, size) => all + of(size), 0);
/** Rows in which all of the columns are NULL are no values. */
const valued = ({ groups }: Answer) => groups.filter(({ isAllNull }) => !isAllNull);
export const countGrouped = (answer: Answer) => total(valued(answer), ({ rows, groups }) => rows * groups);
export const countSingles = (answer: Answer) => total(valued(answer), ({ rows, groups }) => (rows === 1 ? groups : 0));
const countGroups = (answer: Answer) => total(valued(answer), ({ groups }) => groups);
const countDuplicates = (answer: Answer) => countGrouped(answer) - countSingles(answer);
/** Rows that no primary key may have: repeated ones, and ones with a NULL. */
export const countKeyless = ({ groups }: Answer) => total(groups, ({ rows, groups: count, hasNull }) => (rows > 1 || hasNull ? rows * count : 0));
const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);

function readEntropy(answer: Answer): number | null {
  const all = countGrouped(answer);
  if (all === 0) return null;
  return total(valued(answer), ({ rows, groups }) => -groups * (rows / all) * Math.log(rows / all)) + 0;
}

type OfGroups = Pick<Statistic, 'read'> & Partial<Pick<Statistic, 'explain' | 'countFailures'>>;

const explainDuplicates = (answer: Answer) => `${showPart(countDuplicates(answer), countGrouped(answer), 'values')} are not unique`;

const GROUPED: Readonly<Partial<Record<RuleTypeName, OfGroups>>> = {
  Uniqueness: { read: (answer) => share(countSingles(answer), countGrouped(answer)), explain: explainDuplicates, countFailures: countDuplicates },
  UniqueValueRatio: {
    read: (answer) => share(countSingles(answer), countGroups(answer)),
    explain: (answer) => `${showPart(countSingles(answer), countGroups(answer), 'distinct values')} are there once`,
    countFailures: countDuplicates,
  },
  Entropy: { read: readEntropy },
  // NULL is a value among the others here, as in Deequ's histogram.
  DistinctValuesCount: { read: ({ groups }) => total(groups, ({ groups: count }) => count) },
};

function ofGroups(type: RuleTypeName, columns: readonly Column[], parts: OfGroups & { grouping: Grouping }): Statistic {
  const nested = columns.find(({ kind, type: columnType }) => kind === 'other' && /\[|STRUCT|MAP|UNION/i.test(columnType));
  if (nested !== undefined) throw new RuleProblem(`Column "${nested.written}" is ${nested.type}; values within values are not compared.`);
  return { ...NOTHING, metric: `${columns.length === 1 ? 'Column' : 'Multicolumn'}.${columns.map(({ written }) => written).join(',')}.${type}`, ...parts };
}

/** Every metric of an analyzer: most give one, those of values and lengths two, and AllStatistics all that a column has. */
export function compileAnalyzer(type: RuleTypeName, columns: readonly string[], checked: Checked): Statistic[] {
  const [name] = columns;
  if (name === undefined || !['ColumnValues', 'ColumnLength', 'AllStatistics'].includes(type)) return [compileStatistic(type === 'IsComplete' ? 'Completeness' : type === 'IsUnique' ? 'Uniqueness' : type, columns, null, checked)];
  const column = findColumn(checked.primary, name);
  if (type === 'ColumnLength') return [minimumLength(column, null), maximumLength(column, null)];
  const ofValues = isNumeric(column) ? [minimum(column, null), maximum(column, null)] : column.kind === 'text' ? [minimumLength(column, null), maximumLength(column, null)] : [];
  if (type === 'ColumnValues') return ofValues;
  const further: readonly RuleTypeName[] = isNumeric(column) ? ['Completeness', 'Uniqueness', 'Entropy', 'Mean', 'StandardDeviation', 'Sum'] : ['Completeness', 'Uniqueness'];
  return [compileStatistic('RowCount', [], null, checked), compileStatistic('ColumnCount', [], null, checked), ...further.map((other) => compileStatistic(other, [name], null, checked)), ...ofValues];
}
