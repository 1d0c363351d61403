/** ColumnDataType and DataFreshness as tests of every row: which values Spark could read as a type, and how old times are. */
import { quoteText } from '@inlet/sql';
import type { Duration, DurationCondition, SimpleRule } from '../dqdl';
import { isNumeric, textOf, type Column } from './column';
import { writeComparison, writeDouble } from './comparison';
import { RuleProblem } from './rule-problem';
import { readTag, readTexts, type RuleTarget } from './rule-target';
import { isDoubleText } from './number-text';
import { stripText } from './strip-text';
import { isTimestampText, parseDate, secondsOf } from './time-text';

/** Whether a value can be read as the type that the rule names, or cannot for `!=`. Throws RuleProblem. */
export function testType({ condition, tags }: SimpleRule, column: Column, target: RuleTarget): string {
  if (condition?.kind !== 'text' || (condition.operator !== '=' && condition.operator !== '!=')) throw new RuleProblem('ColumnDataType takes `=` or `!=` and one type.');
  const name = readTexts(condition, target.variables).texts[0] ?? '';
  const format = readTag(tags, 'format');
  if (format === undefined && tags.length > 0 && name.toUpperCase() === 'DATE') throw new RuleProblem('ColumnDataType takes no `with` but `with format` for dates.');
  const isReadable = column.kind === 'text' ? testText(textOf(column), name, format) : testOther(column, name);
  return condition.operator === '=' ? isReadable : `NOT coalesce((${isReadable}), FALSE)`;
}

const DECIMAL = /^DECIMAL\((\d+),\s*(\d+)\)$/;
const WHOLE_NUMBER = '^[+-]?(\\d+(\\.\\d*)?|\\.\\d*)$';
const BOOLEANS = ['t', 'true', 'y', 'yes', '1', 'f', 'false', 'n', 'no', '0'];

function testText(text: string, name: string, format: string | undefined): string {
  const value = stripText(text);
  const wanted = name.toUpperCase();
  switch (wanted) {
    case 'BOOLEAN':
      return `lower(${value}) IN (${BOOLEANS.map(quoteText).join(', ')})`;
    case 'INTEGER':
    case 'LONG':
      return `CASE WHEN regexp_full_match(${text}, '[0-9]{1,${wanted === 'LONG' ? 18 : 9}}') THEN TRUE ELSE regexp_matches(${value}, ${quoteText(WHOLE_NUMBER)}) AND ${testRange(value, wanted)} END`;
    case 'DOUBLE':
    case 'FLOAT':
      return isDoubleText(text);
    case 'TIMESTAMP':
      return isTimestampText(text);
    case 'DATE':
      return format === undefined ? `${parseDate(text)} IS NOT NULL` : testFormat(text, format);
    default:
      return `regexp_matches(${value}, '^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$') AND TRY_CAST(${value} AS ${readDecimal(name)}) IS NOT NULL`;
  }
}

/** The part before the point must fit. */
function testRange(value: string, wanted: 'INTEGER' | 'LONG'): string {
  const whole = `regexp_extract(${value}, '^[+-]?[0-9]+')`;
  return `(${whole} = '' OR TRY_CAST(${whole} AS ${wanted === 'LONG' ? 'BIGINT' : 'INTEGER'}) IS NOT NULL)`;
}

function readDecimal(name: string): string {
  const [, precision, scale] = DECIMAL.exec(name.toUpperCase()) ?? [];
  const isPossible = Number(precision) >= 1 && Number(precision) <= 38 && Number(scale) <= Number(precision);
  if (!isPossible) throw new RuleProblem(`There is no type ${name.slice(0, 40)}; there are Boolean, Date, Timestamp, Integer, Long, Float, Double and Decimal(p,s) with up to 38 digits.`);
  return `DECIMAL(${Number(precision)},${Number(scale)})`;
}

const TYPES = ['BOOLEAN', 'DATE', 'TIMESTAMP', 'INTEGER', 'LONG', 'DOUBLE', 'FLOAT'];

/** Values that are no texts: whether Spark casts from the one type to the other. */
function testOther(column: Column, name: string): string {
  const wanted = TYPES.includes(name.toUpperCase()) ? name.toUpperCase() : readDecimal(name);
  const { kind, sql } = column;
  const isNumber = isNumeric(column) || kind === 'boolean';
  if (kind === 'other' || (isNumber && wanted === 'DATE')) throw new RuleProblem(`A column of type ${column.type} cannot be read as ${wanted}.`);
  if (kind === 'date') return wanted === 'DATE' || wanted === 'TIMESTAMP' ? `${sql} IS NOT NULL` : 'FALSE';
  if (!wanted.startsWith('DECIMAL')) return wanted === 'TIMESTAMP' && kind === 'float' ? `isfinite(${sql})` : `${sql} IS NOT NULL`;
  return `TRY_CAST(${kind === 'timestamp' ? `epoch(${sql})` : kind === 'boolean' ? `CAST(${sql} AS INTEGER)` : sql} AS ${wanted}) IS NOT NULL`;
}

/** Formats of dates, of which those without a day or a year are completed as AWS does. */
const FORMATS: Readonly<Record<string, string>> = {
  'dd-MM-yyyy': '', 'MM-dd-yyyy': '', 'yyyy-MM-dd': '', 'dd/MM/yyyy': '', 'MM/dd/yyyy': '', 'yyyy/MM/dd': '',
  'MM-yyyy': '-dd', 'yyyy-MM': '-dd', 'MM/yyyy': '/dd', 'yyyy/MM': '/dd', 'dd-MM': '-yyyy', 'MM-dd': '-yyyy', 'dd/MM': '/yyyy', 'MM/dd': '/yyyy',
};

function testFormat(text: string, format: string): string {
  const missing = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (missing === undefined) throw new RuleProblem(`There is no format ${format.slice(0, 40)}; there are ${Object.keys(FORMATS).join(', ')}.`);
  const shape = format.replace('yyyy', '\\d{4}').replace('MM', '\\d{2}').replace('dd', '\\d{2}');
  const filled = missing === '' ? text : `${text} || '${missing.replace('dd', '01').replace('yyyy', '2000')}'`;
  const whole = `${format}${missing}`.replace('yyyy', '%Y').replace('MM', '%m').replace('dd', '%d');
  return `regexp_matches(${text}, '^${shape}$') AND try_strptime(${filled}, '${whole}') IS NOT NULL`;
}

/** How many hours ago a time is, to two digits as in Deequ, against the rule's durations. Throws RuleProblem. */
export function testFreshness(condition: DurationCondition, column: Column, now: Date): string {
  const seconds = `(${Math.floor(now.getTime() / 1000)} - ${secondsOf(column)})`;
  return writeComparison(`round(${seconds} / 3600.0, 2)`, condition.operator, condition.operands.map((duration) => writeDouble(toHours(duration))));
}

function toHours({ amount, unit }: Duration): number {
  if (unit === 'days') return amount * 24;
  return unit === 'hours' ? amount : Math.round((amount / 60) * 10_000) / 10_000;
}
