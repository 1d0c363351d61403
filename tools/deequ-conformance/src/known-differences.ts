/** Where Inlet's answer is another than that of Deequ's executor, on purpose: each with the reason, and none that is not needed. */

export interface KnownDifference {
  about: 'outcome' | 'metrics' | 'rows';
  /** Rules that it holds for. */
  rule: RegExp;
  /** @default every table */
  table?: RegExp;
  /** Ways to differ that it excuses, Deequ's side first, as `Difference` writes them. */
  how: readonly string[];
  whose: 'Deequ' | 'Spark' | 'Inlet';
  reason: string;
}

const BLANK_KEYWORDS = /^ColumnValues "txt" .*(EMPTY|WHITESPACES_ONLY)/;
const DATES_IN_TEXT = /^ColumnValues "(day_txt|txt)" .*"\d{4}-\d\d-\d\d"/;
const THRESHOLD = /^ColumnValues .* with threshold /;
const FILTERED_SHARE = /^(ColumnDataType|DataFreshness) .* where "num > 3"/;
const MANY_KEYS = /^IsPrimaryKey "\w+" "\w+"/;
const ZERO_LENGTH = /^ColumnLength "txt" not (in \[0|between 0 )/;
const JAVAS_OWN = /^ColumnValues "\w+" (not )?matches "(\(\?[=!]A\)|a\+\+|\[a-z&&|\(a\)\(l\)|\[\[:alpha:)/;
const WORDS = /^ColumnValues "txt" not matches /;
const ROWS_OF_SQL = /^CustomSql "select [^"]*"( with threshold [^"]*)?$/;

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  // Deequ's own mistakes.
  { about: 'outcome', rule: MANY_KEYS, how: ['passed/failed'], whose: 'Deequ', reason: 'For several columns it forgets to check that none of them is NULL.' },
  { about: 'metrics', rule: MANY_KEYS, how: ['-/value'], whose: 'Deequ', reason: 'For several columns it does not take the completeness that its own description of the rule names.' },
  { about: 'rows', rule: MANY_KEYS, how: ['passed/false'], whose: 'Deequ', reason: 'For several columns it forgets to check that none of them is NULL.' },
  { about: 'outcome', rule: /^ColumnLength "txt" != 1$/, how: ['passed/failed'], whose: 'Deequ', reason: 'It asks only whether the shortest and the longest value have another length.' },
  { about: 'metrics', rule: ZERO_LENGTH, how: ['value/other'], whose: 'Deequ', reason: 'With 0 among the lengths to avoid, it lets every value that is not NULL pass.' },
  { about: 'rows', rule: ZERO_LENGTH, how: ['passed/false', 'skipped/false'], whose: 'Deequ', reason: 'With 0 among the lengths to avoid, it lets every value that is not NULL pass.' },
  { about: 'metrics', rule: /^ColumnValues "\w+" between -?\d/, how: ['-/value'], whose: 'Deequ', reason: 'It looks for the metric under a name that this operator does not give it.' },
  { about: 'outcome', rule: THRESHOLD, how: ['failed/passed'], whose: 'Deequ', reason: 'It heeds thresholds of dates and types, but not those of numbers and texts, which AWS documents.' },
  { about: 'metrics', rule: THRESHOLD, how: ['-/value'], whose: 'Deequ', reason: 'A threshold is judged by the share of values, which is therefore among the metrics.' },
  { about: 'metrics', rule: FILTERED_SHARE, how: ['value/other'], whose: 'Deequ', reason: 'Rows whose filter is NULL count above the line and not below it, so that shares above 1 come out.' },
  { about: 'metrics', rule: /^ColumnValues "txt" not in .*it's/, how: ['value/other'], whose: 'Deequ', reason: 'It doubles an apostrophe, which for Spark makes two texts out of one.' },
  { about: 'rows', rule: /^ColumnValues "txt" not in .*it's/, how: ['passed/false'], whose: 'Deequ', reason: 'It doubles an apostrophe, which for Spark makes two texts out of one.' },
  { about: 'metrics', rule: /^CustomSql "select (txt|cat) from/, how: ['value/other'], whose: 'Deequ', reason: 'Its join counts a row once for each equal row of the statement, so that shares above 1 come out.' },
  { about: 'outcome', rule: /^CustomSql "select cat from/, how: ['failed/passed'], whose: 'Deequ', reason: 'Its join counts a row once for each equal row of the statement, so that shares above 1 come out.' },
  { about: 'metrics', rule: /^CustomSql "select cast\(null/, how: ['value/-'], whose: 'Deequ', reason: 'It takes NULL for 0.' },
  { about: 'outcome', rule: /^CustomSql "select 'text'"/, how: ['failed/error'], whose: 'Deequ', reason: 'It takes a text that is no number for 0.' },
  { about: 'metrics', rule: /^CustomSql "select 'text'"/, how: ['value/-'], whose: 'Deequ', reason: 'It takes a text that is no number for 0.' },
  { about: 'metrics', rule: /^RowCount .* where /, table: /^(empty|nulls)$/, how: ['-/value'], whose: 'Deequ', reason: 'Where no row passes the filter it has no metric, although the count is 0.' },

  // Which rows fail: in Inlet always those, and only those, that the rule's share or count is made of.
  { about: 'rows', rule: /^(IsUnique|Uniqueness|UniqueValueRatio) /, how: ['failed/null'], whose: 'Deequ', reason: 'Rows whose columns are NULL, or whose filter is, do not count for the metric and yet fail.' },
  { about: 'rows', rule: /^(IsPrimaryKey|ColumnLength|ColumnValues "\w+" matches) .* where "num > \d+"/, how: ['failed/null'], whose: 'Deequ', reason: 'Rows that the filter leaves out, or whose filter is NULL, do not count for the metric and yet fail.' },
  { about: 'rows', rule: BLANK_KEYWORDS, how: ['skipped/false'], whose: 'Deequ', reason: 'A NULL counts against the share, and yet it does not fail.' },
  { about: 'rows', rule: DATES_IN_TEXT, how: ['skipped/false'], whose: 'Deequ', reason: 'A text that is no date counts against the share, and yet it does not fail.' },
  { about: 'rows', rule: /^ColumnValues "num_txt" /, how: ['skipped/false'], whose: 'Deequ', reason: 'A text that is no number counts against the share, and yet it does not fail.' },
  { about: 'rows', rule: ROWS_OF_SQL, how: ['rows/-'], whose: 'Inlet', reason: 'SQL of one\'s own is judged by its share, and says nothing of single rows.' },

  // Spark's types.
  { about: 'metrics', rule: /^ColumnValues "num_txt" in \[12, 7\]/, how: ['value/other'], whose: 'Spark', reason: 'It compares a text with a list of numbers as texts, so that "12" is not 12.0.' },
  { about: 'rows', rule: /^ColumnValues "num_txt" in \[12, 7\]/, how: ['failed/true'], whose: 'Spark', reason: 'It compares a text with a list of numbers as texts, so that "12" is not 12.0.' },
  { about: 'outcome', rule: /^ColumnValues "(num|flag)" in \["2024-01-18"\]/, how: ['failed/error'], whose: 'Spark', reason: 'It makes NULL of a number or truth value that is asked for its date.' },
  { about: 'metrics', rule: /^ColumnValues "(num|flag)" in \["2024-01-18"\]/, how: ['value/-'], whose: 'Spark', reason: 'It makes NULL of a number or truth value that is asked for its date.' },
  { about: 'outcome', rule: /^Sum "dec"/, table: /^extreme$/, how: ['no values/passed'], whose: 'Spark', reason: 'Its sum of 38 digits overflows to NULL on the way to a small result.' },
  { about: 'metrics', rule: /^(Sum|Mean) "dec"/, table: /^extreme$/, how: ['-/value'], whose: 'Spark', reason: 'Its sum of 38 digits overflows to NULL on the way to a small result.' },
  { about: 'metrics', rule: /^ColumnValues "dec" (!=|not between)/, table: /^extreme$/, how: ['value/other'], whose: 'Spark', reason: 'It makes NULL of 38 digits that are compared with a number with one decimal place.' },
  { about: 'rows', rule: /^ColumnValues "dec" (!=|in|not between)/, table: /^extreme$/, how: ['skipped/true', 'skipped/false'], whose: 'Spark', reason: 'It makes NULL of 38 digits that are compared with a number with one decimal place.' },
  { about: 'rows', rule: /^ColumnValues "nan" >/, how: ['failed/true'], whose: 'Deequ', reason: 'NaN is the greatest number to Spark\'s minimum, and so it is to DuckDB, but single rows are compared as in Java.' },
  { about: 'metrics', rule: /^ColumnValues "txt" (=|!=) EMPTY/, table: /^nulls$/, how: ['-/value'], whose: 'Deequ', reason: 'Where all values are NULL, it has no metric, although the share is 0.' },

  // Inlet's regular expressions are RE2's.
  { about: 'outcome', rule: JAVAS_OWN, how: ['failed/error'], whose: 'Inlet', reason: 'RE2 has no lookaround, no backreferences, no possessive quantifiers and no operations on classes; the rule says so.' },
  { about: 'metrics', rule: JAVAS_OWN, how: ['value/-'], whose: 'Inlet', reason: 'RE2 has no lookaround, no backreferences, no possessive quantifiers and no operations on classes; the rule says so.' },
  { about: 'metrics', rule: WORDS, how: ['value/other'], whose: 'Inlet', reason: 'Deequ asks for the pattern as a whole word; to RE2, letters beyond ASCII are at no word\'s edge.' },
  { about: 'rows', rule: WORDS, how: ['failed/true', 'passed/false'], whose: 'Inlet', reason: 'Deequ asks for the pattern as a whole word; to RE2, letters beyond ASCII are at no word\'s edge.' },

  // Inlet is stricter.
  { about: 'outcome', rule: /^ColumnDataType .* format = "(yyyyMMdd|nonsense)"/, how: ['failed/error'], whose: 'Inlet', reason: 'A format that AWS does not document cannot be met by any value, and the rule says so.' },
  { about: 'metrics', rule: /^ColumnDataType .* format = "(yyyyMMdd|nonsense)"/, how: ['value/-'], whose: 'Inlet', reason: 'A format that AWS does not document cannot be met by any value, and the rule says so.' },
];
