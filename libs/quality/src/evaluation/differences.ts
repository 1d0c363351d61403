/** Where Inlet means another thing by a rule than Deequ's executor does, on purpose: the reference page is made from this. */
import type { RuleTypeName } from '../dqdl';

export interface Difference {
  /** Null where it is true of every rule. */
  type: RuleTypeName | null;
  deequ: string;
  inlet: string;
  why: string;
}

/** By rule type, general ones first. */
export const DIFFERENCES: readonly Difference[] = [
  {
    type: null,
    deequ: 'A rule that cannot be evaluated, for want of a column say, is Failed.',
    inlet: 'It is an error, with a reason that names the nearest column; the other rules are evaluated.',
    why: 'A mistake in a ruleset is not a fault of the data. Glue calls it Error, too.',
  },
  {
    type: null,
    deequ: 'Metrics that are not finite numbers are reported as such.',
    inlet: 'They are left out, and the reason says that the value is no number. An infinite ratio still meets a condition such as `> 1`.',
    why: 'JSON has no such numbers.',
  },
  {
    type: null,
    deequ: 'A row for which a test is neither true nor false, such as a NULL compared with a text, counts as not compliant and is skipped among the rows.',
    inlet: 'It fails the rule, row by row as in the share.',
    why: 'Rows and shares agree.',
  },
  {
    type: null,
    deequ: 'An operand of a composite rule marks the rows by the first thing that it asks, and a row that a filter leaves out passes.',
    inlet: 'Rows are joined by SQL\'s `and` and `or`, in which a row left out is neither true nor false.',
    why: 'A row is marked exactly when it fails the rule as it is written.',
  },
  {
    type: null,
    deequ: 'Knows no personal columns.',
    inlet: 'Of a personal column those metrics alone are reported that count values, or tell how long or how often the same they are. Other rules on it, AggregateMatch and a CustomSql that depends on it among them, have an outcome and no figure, and cannot ask for earlier values.',
    why: 'A sum or a mean can be the value of one person.',
  },
  {
    type: 'ColumnCorrelation',
    deequ: 'Squares of numbers beyond 1e153 are infinite, and so may be the result.',
    inlet: 'The value is no number, and the rule fails.',
    why: 'The same holds for StandardDeviation and Variance: no correct value fits in a double.',
  },
  {
    type: 'ColumnDataType',
    deequ: 'A format of dates that it does not know makes every value fail; one that Spark before 3.0 read otherwise ends the job. Rows that a filter neither takes nor leaves out count in the share, which can exceed 1.',
    inlet: 'An unknown format is an error; known ones are read strictly, digit by digit; only rows for which the filter is true count.',
    why: 'A typing error in a format is not a fault of the data.',
  },
  {
    type: 'ColumnLength',
    deequ: '`!=` passes unless the shortest or the longest value has that length; `not in` and `not between` with 0 among the numbers pass for every value that is not NULL.',
    inlet: 'Every value is judged by its own length; NULL is treated as Deequ treats it.',
    why: 'The rule says what it seems to say, and the rows agree with it.',
  },
  {
    type: 'ColumnLength',
    deequ: 'Where all values are NULL, the rule fails and so does each row.',
    inlet: 'The rule fails, for there is nothing to measure; the rule is not about any of the rows.',
    why: 'Rows with NULL are not the concern of lengths in any other table either.',
  },
  {
    type: 'ColumnValues',
    deequ: '`with threshold` is heeded for dates only.',
    inlet: 'It is heeded for numbers, texts and patterns as well, and the share is among the metrics.',
    why: 'Glue documents it so.',
  },
  {
    type: 'ColumnValues',
    deequ: '`between` reports no metric.',
    inlet: 'It reports ColumnValues.Compliance, as the other conditions on sets of values do.',
    why: 'A history of it can be kept.',
  },
  {
    type: 'ColumnValues',
    deequ: 'Numbers after `in` and `not in` are compared with a text column as texts: `12` as "12.0".',
    inlet: 'Texts are read as numbers, as for the other operators.',
    why: 'The text is not what the rule is written with.',
  },
  {
    type: 'ColumnValues',
    deequ: 'An apostrophe in a text disappears from it, for Spark reads \'it\'\'s\' as two texts. A backslash begins an escape of Spark\'s.',
    inlet: 'Texts are compared as DQDL writes them.',
    why: 'An accident of two dialects.',
  },
  {
    type: 'ColumnValues',
    deequ: 'Dates after `in` may be compared with a column that holds none, and NULL is the result; dates in 1582 or before can end the job.',
    inlet: 'Such a column is an error; all dates of the proleptic Gregorian calendar are read.',
    why: 'The rule can never hold.',
  },
  {
    type: 'ColumnValues',
    deequ: 'A row with NaN fails `>` although the rule passes.',
    inlet: 'NaN is greater than every number, in the rule and in its rows.',
    why: 'Rows and shares agree.',
  },
  {
    type: 'ColumnValues',
    deequ: 'Patterns are Java\'s; \\b knows every letter.',
    inlet: 'Patterns are translated for RE2, whose \\b knows ASCII letters; lookaround, backreferences, possessive quantifiers and intersections of classes are errors.',
    why: 'A pattern of RE2 takes linear time, whatever it is given.',
  },
  {
    type: 'ColumnValues',
    deequ: 'A `$` may stand before the last line end of a text, whatever comes after it in the pattern, and never within \\r\\n; after `(?m)` it may stand before every line end.',
    inlet: 'The same, unless more of the pattern must follow the `$`: then it is the end of the text. A pattern may take the \\r of a last \\r\\n and leave the \\n. After `(?m)` only \\n ends a line.',
    why: 'RE2 looks at no character that it does not match.',
  },
  {
    type: 'CustomSql',
    deequ: 'NULL, or a text that is no number, is 0.',
    inlet: 'NULL fails for want of a value; such a text is an error.',
    why: 'Nothing is not 0.',
  },
  {
    type: 'CustomSql',
    deequ: 'Rows are joined with those that the SQL returns, so that equal ones multiply, and a share can exceed 1.',
    inlet: 'A row passes if the SQL returns one like it.',
    why: 'A share is at most 1.',
  },
  {
    type: 'CustomSql',
    deequ: 'The SQL is Spark\'s.',
    inlet: 'It is DuckDB\'s, with names in backticks understood. Only a SELECT runs. Rows that fail are counted, but cannot be written out or kept back.',
    why: 'There is no Spark here. What both dialects share gives one meaning on both.',
  },
  {
    type: 'DatasetMatch',
    deequ: 'Columns are paired in the order of their sorted names, and compared by a hash of 32 bits.',
    inlet: 'They are paired as written, and compared by value; NULL is equal to NULL.',
    why: 'Two names that sort otherwise would compare the wrong columns.',
  },
  {
    type: 'DetectAnomalies',
    deequ: 'Not part of the open-source executor.',
    inlet: 'Judges by its own, documented method.',
    why: 'Glue\'s is not public.',
  },
  {
    type: 'FileFreshness',
    deequ: 'Rules on files are not part of the open-source executor.',
    inlet: 'They follow Glue\'s documentation; the bounds of `between` may stand in either order; no files at all fail.',
    why: 'Glue\'s own examples write the later time first.',
  },
  {
    type: 'IsPrimaryKey',
    deequ: 'For several columns only uniqueness is checked, and completeness neither reported nor required.',
    inlet: 'Every column must be complete, and its completeness is reported.',
    why: 'A key with NULL in it identifies nothing; for one column Deequ says so, too.',
  },
  {
    type: 'RowCount',
    deequ: 'With a filter, an empty table has no count, and every condition passes.',
    inlet: 'It has 0 rows.',
    why: '`RowCount > 0` is not true of an empty table.',
  },
  {
    type: 'Sum',
    deequ: 'Sums of whole numbers that exceed 64 bits, or of decimals that exceed 38 digits, wrap around or are NULL. The same holds for Mean.',
    inlet: 'Sums of whole numbers are exact to 128 bits.',
    why: 'The sum is right.',
  },
  {
    type: 'UniqueValueRatio',
    deequ: 'Without any value, and with a filter, the rule fails.',
    inlet: 'With a filter it passes, as all rules do whose filter leaves nothing.',
    why: 'One meaning for all types.',
  },
  {
    type: 'Uniqueness',
    deequ: 'Rows in which all columns are NULL do not count, and yet each of them fails where there are several. The same holds for IsUnique and UniqueValueRatio.',
    inlet: 'The rule is not about such rows.',
    why: 'Rows and shares agree.',
  },
];
