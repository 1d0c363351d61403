/** What both are asked: every rule type that Deequ runs, with every operator, over columns of every kind. */
import type { ReferenceName, TableName } from './generated-tables.test-support';

export interface RulesOfTable {
  table: TableName;
  references?: readonly ReferenceName[];
  /** Asks for the outcomes of rows, told apart by the column `id`. */
  rows: boolean;
  preamble?: string;
  rules: readonly string[];
}

const COMPARISONS = ['>', '>=', '<', '<=', '=', '!='];
const numberConditions = (low: number, high: number) => [
  ...COMPARISONS.map((operator) => `${operator} ${low}`),
  `between ${low} and ${high}`,
  `not between ${low} and ${high}`,
  `in [${low}, ${high}]`,
  `not in [${low}, ${high}]`,
];
const nullConditions = ['= NULL', '!= NULL', 'in [NULL]', 'in [1, NULL]', 'not in [NULL]', 'not in [1, NULL]'];
const textConditions = [
  '= "alpha"', '!= "alpha"', 'in ["alpha", "東京"]', 'not in ["alpha", "it\'s"]', '= NULL', '!= NULL', '= EMPTY', '!= EMPTY', '= WHITESPACES_ONLY',
  '!= WHITESPACES_ONLY', 'in ["alpha", NULL]', 'in [EMPTY, WHITESPACES_ONLY]', 'in ["beta", NULL, EMPTY, WHITESPACES_ONLY]', 'not in ["alpha", NULL]',
  'not in [EMPTY, "beta"]', 'not in [NULL, EMPTY, WHITESPACES_ONLY]', 'in ["é"]', 'in ["a%b"]',
];
const patternConditions = [
  'matches "[A-Z]{2}-[0-9]{2}"', 'not matches "[A-Z]{2}-[0-9]{2}"', 'matches ".*"', 'matches "AB"', 'matches "(AB|CD)-\\\\d+"', 'not matches "AB"',
];
/** Of Java, whose dialect they are in; the last two are none. */
const JAVA_PATTERNS = [
  '(AB|CD)-\\d+', '\\w+', '\\W*', '\\s*', '[^a-z]+', '^AB', 'AB-12$', '(?i)ab-12', '.{1,3}', 'a|b', 'alpha|beta', '(?=A).*',
  '(?!A).*', '\\p{L}+', '\\p{Lu}+', '\\S+', '[\\w-]+', '', 'a++', '\\x41.*', '[a-z&&[^b]]+', '(a)(l).*\\1', '\\Qa%b\\E', '.', '..', '[[:alpha:]]+',
  'ß', '\\h+', '(?s).*', 'AB-\\d{2}\\n?', '[\\p{IsLatin}]+', '(?<word>a).*', '*a', '(',
];
const dateConditions = [
  ...COMPARISONS.map((operator) => `${operator} "2024-02-01"`),
  'between "2024-01-10" and "2024-02-10"',
  'not between "2024-01-10" and "2024-02-10"',
  'in ["2024-01-01", "2024-02-04"]',
  'not in ["2024-01-01", "2024-02-04"]',
  '> (now() - 3 days)',
  '<= now()',
];
/** Every type with every column and every condition. */
const times = (types: readonly string[], columns: readonly string[], conditions: readonly string[]) =>
  types.flatMap((type) => columns.flatMap((column) => conditions.map((condition) => `${type} "${column}" ${condition}`.trim())));

const MOMENTS = ['Mean', 'Sum', 'StandardDeviation', 'Variance'];
const COUNTS = ['Completeness', 'DistinctValuesCount', 'Entropy', 'UniqueValueRatio', 'Uniqueness'];

const SOILED_ALL = [
  'id', 'code', 'txt', 'cat', 'num', 'big', 'dbl', 'dec', 'flt', 'small', 'flag', 'day', 'seen', 'no_txt', 'no_num', 'seven', 'two words', 'UPPER',
];
const SOILED_NUMBERS = ['id', 'num', 'big', 'dbl', 'dec', 'flt', 'small', 'no_num', 'seven'];

const aggregates = (all: readonly string[], numbers: readonly string[]) => [
  ...times(['IsComplete', 'IsUnique', 'IsPrimaryKey', 'ColumnExists'], all, ['']),
  ...times(COUNTS, all, ['> 0.5']),
  ...times(MOMENTS, numbers, ['> 1']),
];

const ROWS_AND_COLUMNS = [
  ...numberConditions(97, 120).flatMap((condition) => [`RowCount ${condition}`, `ColumnCount ${condition}`]),
  'RowCount > 10 + 5 * 2', 'RowCount = 100 - 3', 'RowCount between 0.9 * 100 and 110', 'RowCount > 20 where "num > 3"',
  'RowCount = 0 where "num > 1000"', 'RowCount > -5',
];

const FILTERED = [
  'IsComplete "txt" where "num > 3"', 'IsComplete "num" where "num > 3"', 'IsUnique "cat" where "id < 2"', 'IsUnique "txt" where "num > 3"',
  'IsPrimaryKey "code" where "num > 3"', 'IsPrimaryKey "cat" where "num > 3"',
  'Completeness "txt" > 0.5 where "cat = \'a\'"', 'Uniqueness "txt" > 0.1 where "num > 3"', 'Uniqueness "txt" "cat" > 0.1 where "num > 3"',
  'DistinctValuesCount "txt" > 3 where "num > 3"', 'Entropy "cat" > 0.5 where "num > 3"',
  'UniqueValueRatio "txt" > 0.2 where "num > 3"', 'Mean "dbl" > 0 where "num > 3"', 'Sum "dec" > 0 where "num > 3"',
  'StandardDeviation "dbl" > 0 where "num > 3"', 'ColumnCorrelation "dbl" "num" > 0 where "num > 3"',
  'ColumnLength "code" = 6 where "num > 3"', 'ColumnLength "txt" < 4 where "num > 3"', 'ColumnLength "txt" in [1, 2] where "num > 3"',
  'ColumnLength "txt" not between 1 and 3 where "num > 3"',
  'ColumnValues "num" > 3 where "num > 3"', 'ColumnValues "num" > 5 where "num > 3"', 'ColumnValues "num" = 4 where "num = 4"',
  'ColumnValues "num" between 3 and 20 where "num > 3"', 'ColumnValues "num" in [4, 5] where "num > 3"',
  'ColumnValues "txt" in ["alpha", NULL] where "num > 3"', 'ColumnValues "txt" = "alpha" where "txt = \'alpha\'"',
  'ColumnValues "UPPER" matches "[A-Z]{2}-[0-9]{2}" where "num > 3"', 'ColumnValues "day" > "2024-01-15" where "num > 3"',
  'ColumnDataType "num_txt" = "Integer" where "num > 3"', 'ColumnDataType "digits" = "Integer" where "digits is not null"',
  'ColumnDataType "digits" = "Integer" where "num > 1000"',
  'IsComplete "txt" where "num > 1000"', 'Completeness "txt" > 0.5 where "num > 1000"', 'Mean "dbl" > 0 where "num > 1000"',
  'IsUnique "txt" where "num > 1000"', 'ColumnValues "num" > 3 where "num > 1000"', 'ColumnValues "txt" = "alpha" where "num > 1000"',
  'ColumnLength "txt" > 1 where "num > 1000"', 'Entropy "cat" > 0.5 where "num > 1000"',
];

/** Spark refuses these, and with them whatever shares their scan. */
const REFUSED = [
  'IsComplete "txt" where "no_such_column > 3"', 'Mean "dbl" > 0 where "this is no SQL ("', ...times(['ColumnValues'], ['flag'], ['in [1]', '= "3"',
  'in ["3", "true"]', '!= "3"']),
];

const LENGTHS = [
  ...times(['ColumnLength'], ['txt', 'code'], [...numberConditions(1, 6), 'in [0, 5]', 'not in [0, 5]', 'between 0 and 7', 'not between 0 and 5']),
  ...times(['ColumnLength'], ['no_txt', 'num'], ['> 1', '= 1', 'in [1, 2]', 'in [0]', 'not in [1]']),
  ...times(['ColumnLength'], ['two words'], ['= 1', 'in [0, 1]', 'not between 2 and 4']),
];

const NUMBER_VALUES = [
  ...times(['ColumnValues'], ['num'], [...numberConditions(-3, 8), ...nullConditions]),
  ...times(['ColumnValues'], ['dbl', 'dec', 'big'], ['> -100', '<= 50.5', 'between -50 and 1000', 'not between -50 and 3', 'in [1, 2.5]',
    'not in [1, 2.5]', '= 3', '!= 3']),
  ...times(['ColumnValues'], ['flt', 'small', 'no_num', 'seven'], ['> -10', '= 7', '!= 7', 'in [7, 1]', 'between 6 and 8', '= NULL']),
  ...times(['ColumnValues'], ['num_txt', 'digits'], ['> -10', '< 3', '= 12', '!= 12', 'in [12, 7]', 'between 0 and 50', 'not between 0 and 50']),
  ...times(['ColumnValues'], ['num'], ['> -100 with threshold > 0.5', 'in [1, 2] with threshold > 0.01', 'between -3 and 8 with threshold >= 0.3']),
  ...times(['ColumnValues'], ['flag'], ['= 1']),
];

const TEXT_VALUES = [
  ...times(['ColumnValues'], ['txt'], textConditions),
  ...times(['ColumnValues'], ['UPPER', 'txt'], patternConditions),
  ...times(['ColumnValues'], ['txt', 'UPPER'], JAVA_PATTERNS.flatMap((pattern) => [`matches "${pattern}"`, `not matches "${pattern}"`])),
  ...times(['ColumnValues'], ['num', 'day'], ['= "3"', 'in ["3", "true"]', 'in ["2024-01-18"]', 'matches "[0-9]+"', '!= "3"']),
  ...times(['ColumnValues'], ['flag'], ['in ["2024-01-18"]', 'matches "[0-9]+"']),
  ...times(['ColumnValues'], ['no_txt', 'two words'], ['= "x"', '!= "x"', '= NULL', 'in ["x", "y"]', 'matches "x"', 'not matches "x"']),
  ...times(['ColumnValues'], ['txt'], ['in ["alpha"] with threshold > 0.05', 'matches "a.*" with threshold > 0.1', '= EMPTY with threshold < 0.5']),
];

const DATE_VALUES = [
  ...times(['ColumnValues'], ['day', 'seen'], dateConditions),
  ...times(['ColumnValues'], ['day_txt', 'txt'], ['> "2024-01-01"', '= "2024-01-31"', 'in ["2024-01-31"]', '!= "2024-01-31"']),
  ...times(['ColumnValues'], ['day'], ['> "2024-01-10" with threshold > 0.5', 'in ["2024-01-18", NULL]', 'not in ["2024-01-18", NULL]', '= NULL']),
];

const TYPES = [
  ...times(['ColumnDataType'], ['num_txt'], ['Integer', 'Long', 'Double', 'Float', 'Decimal(10,2)', 'Decimal(3, 1)', 'Boolean', 'Date',
    'Timestamp'].flatMap((type) => [`= "${type}"`, `!= "${type}"`, `= "${type}" with threshold > 0.1`])),
  ...times(['ColumnDataType'], ['day_txt'], ['= "Date" with threshold > 0.1', '= "Timestamp" with threshold > 0.1', ...['dd-MM-yyyy', 'MM-dd-yyyy',
    'yyyy-MM-dd', 'dd/MM/yyyy', 'MM/dd/yyyy', 'yyyy/MM/dd', 'MM-yyyy', 'dd-MM', 'yyyy-MM', 'MM/dd',
    'yyyyMMdd'].map((format) => `= "Date" with threshold > 0.01 with format = "${format}"`)]),
  ...times(['ColumnDataType'], ['flag_txt'], ['= "Boolean" with threshold > 0.1', '= "INTEGER" with threshold > 0.1']),
  ...times(['ColumnDataType'], ['num', 'dbl', 'day', 'seen', 'flag', 'no_txt'], ['= "Integer"', '= "Date"', '= "Timestamp"', '= "Boolean"', '= "Double"']),
  ...times(['ColumnDataType'], ['digits', 'txt'], ['= "Integer"', '= "String"', 'in ["Integer"]', '= "Date" with format = "nonsense"']),
];

const MANY_COLUMNS = [
  'IsUnique "txt" "cat"', 'IsUnique "id" "txt"', 'IsPrimaryKey "id" "txt"', 'IsPrimaryKey "id" "code"', 'IsPrimaryKey "cat" "num"',
  'Uniqueness "cat" "num" > 0.1', 'Uniqueness "txt" "cat" "flag" >= 0.2', 'Uniqueness "no_txt" "no_num" > 0.1',
  ...times(['ColumnCorrelation'], ['id'], ['"big" > 0.99', '"dbl" > 0', '"num" between -1 and 1', '"seven" > 0', '"no_num" > 0', '"dec" < 0.9', '"flt" != 0']),
];

const CONDITIONS_OF_METRICS = [...times(['Completeness', 'Mean', 'DistinctValuesCount'], ['num'], numberConditions(5, 20)), ...times(['Completeness'],
  ['txt'], ['= 1.0', 'between 0 and 1', 'between 0 and 0.5', 'in [0.5, 1]', '> 0.1 + 0.2', '> 1 - 0.2 / 2'])];

const COMPOSITES = [
  '(RowCount > 50) and (IsComplete "id")', '(RowCount > 500) or (IsComplete "id")', '(RowCount > 500) or (IsComplete "txt")',
  '(IsComplete "txt") and (ColumnValues "num" > 3)', '(ColumnValues "txt" = "alpha") or (ColumnValues "num" > 3)',
  '((RowCount > 5) and (IsUnique "id")) or ((IsComplete "txt") and (IsUnique "txt"))',
  '(ColumnValues "num" > -7) and (ColumnValues "dbl" > 0) and (ColumnLength "code" = 6)', '(IsComplete "no_such_column") or (RowCount > 5)',
  '(IsComplete "no_such_column") and (RowCount > 5)',
  '(ColumnDataType "digits" = "Integer") or (RowCount > 1)', '(ColumnExists "id") and (ColumnCount > 3)',
  '(ColumnValues "day" > "2024-01-05") or (IsComplete "num")', '(IsComplete "txt" where "num > 3") or (ColumnValues "num" > 3)',
  '(ColumnValues "UPPER" matches "AB.*") or (ColumnValues "cat" in ["a", "b"])',
  '(CustomSql "select count(*) from primary" > 5) and (Completeness "txt" > 0.1)',
];

const MISSING = [
  ...times(['IsComplete', 'IsUnique', 'IsPrimaryKey', 'ColumnExists'], ['no_such_column'], ['']),
  ...times([...COUNTS, ...MOMENTS, 'ColumnLength', 'ColumnValues'], ['no_such_column'], ['> 0.5']),
  ...times(['ColumnValues'], ['no_such_column'], ['in ["a"]', 'matches "a"', 'in [1, 2]', '> "2024-01-01"']),
  'ColumnCorrelation "id" "no_such_column" > 0', 'ColumnDataType "no_such_column" = "Integer"', 'DataFreshness "no_such_column" < 3 days',
  'IsUnique "id" "no_such_column"', 'ColumnExists "ID"', 'IsComplete "ID"', 'Mean "txt" > 1', 'Sum "flag" > 1', 'StandardDeviation "day" > 1',
  'Mean "num_txt" > 1', 'ColumnCorrelation "id" "txt" > 0', 'Sum "digits" > 5', 'Mean "seen" > 1',
];

const SQL = [
  'CustomSql "select count(*) from primary" > 50', 'CustomSql "select count(*) from primary where num > 3" between 5 and 50',
  'CustomSql "select max(num) from primary" = 16', 'CustomSql "select no_such_column from primary" > 1', 'CustomSql "this is no SQL" > 1',
  'CustomSql "select cast(null as int)" > 1', 'CustomSql "select count(*), sum(num) from primary" > 1',
  'CustomSql "select num from primary where num > 3" > 1', 'CustomSql "select \'text\'" > 1',
  'CustomSql "select avg(dbl) from primary" not between 0 and 1',
];

const FRESHNESS = times(['DataFreshness'], ['seen', 'day'], ['> 24 hours', '< 24 hours', '<= 3 days', '>= 30 minutes',
  'between 1 days and 100000 days', 'not between 1 days and 100000 days', '= 5 days', '!= 5 days', 'in [5 days, 6 days]', 'not in [5 days, 6 days]',
  '> 24 hours where "num > 3"', '> 24 hours where "day is not null and seen is not null"', '> 1 days where "num > 1000"']);

const NAMES = ['"[a-z_]+"', '"[a-zA-Z_ ]+"', '"^i"', '"(?i)upper"', '".*"', '"^[a-z]+$"', '"^.+$"'].map((pattern) => `ColumnNamesMatchPattern ${pattern}`);

const CROSS = [
  ...['colors', 'twin', 'sibling', 'void', 'nowhere'].flatMap((alias) => [`RowCountMatch "${alias}" >= 0.9`,
    `RowCountMatch "${alias}" between 0.1 and 0.9`, `SchemaMatch "${alias}" = 1.0`, `SchemaMatch "${alias}" > 0.2`]),
  'ReferentialIntegrity "color" "colors.name" = 1.0', 'ReferentialIntegrity "color" "colors.name" > 0.6',
  'ReferentialIntegrity "color" "colors.{name}" between 0.1 and 0.9', 'ReferentialIntegrity "color,rank" "colors.{name,rank}" > 0.05',
  'ReferentialIntegrity "id" "sibling.id" >= 0.75', 'ReferentialIntegrity "color,id" "sibling.{color,id}" >= 0.1',
  'ReferentialIntegrity "id" "void.id" = 0', 'ReferentialIntegrity "id" "nowhere.id" = 0', 'ReferentialIntegrity "id" "sibling.nothing" = 0',
  'ReferentialIntegrity "nothing" "sibling.id" = 0', 'ReferentialIntegrity "code" "sibling.id" > 0',
  'DatasetMatch "twin" "id" = 1.0', 'DatasetMatch "sibling" "id" "color,weight" >= 0.1', 'DatasetMatch "sibling" "id" "code,weight" >= 0.7',
  'DatasetMatch "sibling" "id,code" "weight" > 0.5', 'DatasetMatch "sibling" "id" >= 0.1', 'DatasetMatch "sibling" "id" "rank,price" > 0.5',
  'DatasetMatch "colors" "color->name" "rank" > 0', 'DatasetMatch "void" "id" "color" = 0', 'DatasetMatch "nowhere" "id" = 0',
  'DatasetMatch "twin" "color" "rank" > 0', 'DatasetMatch "sibling" "id" "nothing" > 0',
  ...['sum', 'avg'].flatMap((operation) => [`AggregateMatch "${operation}(weight)" "${operation}(twin.weight)" = 1.0`,
    `AggregateMatch "${operation}(weight)" "${operation}(sibling.weight)" > 0.3`,
    `AggregateMatch "${operation}(rank)" "${operation}(colors.rank)" between 0 and 10`,
    `AggregateMatch "${operation}(price)" "${operation}(sibling.price)" > 0.1`]),
  'AggregateMatch "sum(rank)" "avg(id)" > 1', 'AggregateMatch "sum(nothing)" "sum(twin.weight)" > 1',
  'AggregateMatch "sum(weight)" "sum(nowhere.weight)" > 1', 'AggregateMatch "sum(color)" "sum(weight)" > 1',
  'AggregateMatch "max(weight)" "sum(weight)" > 1', 'AggregateMatch "SUM(weight)" "SUM(height)" < 1',
  'AggregateMatch "sum(weight)" "sum(void.weight)" > 1',
  'CustomSql "select count(*) from primary p join sibling s on p.id = s.id" = 15',
];

const SPECIAL = [
  ...times(['Mean', 'Sum', 'StandardDeviation', 'DistinctValuesCount', 'Entropy', 'Uniqueness', 'UniqueValueRatio', 'Completeness'], ['big', 'dbl',
    'nan', 'inf', 'dec', 'num'], ['> 1']),
  ...times(['ColumnValues'], ['big', 'dbl', 'nan', 'inf', 'dec', 'num'], ['> 0', '< 9223372036854775807', '= 1', '!= 1', 'in [1, 0]',
    'between -1000000000000 and 1000000000000', 'not between 0 and 2']),
  ...times(['ColumnValues'], ['day'], ['> "1582-10-01"', '= "9999-12-31"', 'in ["1582-10-10", "0001-01-01"]']),
  ...times(['ColumnLength'], ['long_txt'], ['< 1301', '> 0', 'between 0 and 1301', 'in [100, 200]']),
  ...times(['ColumnCorrelation'], ['id'], ['"dbl" > 0', '"nan" > 0', '"inf" > 0', '"big" > 0', '"dec" > 0']),
];

const FEW_COLUMNS = ['txt', 'num', 'dbl', 'flag', 'day'];
const SPARSE = [
  ...aggregates(FEW_COLUMNS, ['num', 'dbl']), 'IsUnique "txt" "num"', 'Uniqueness "txt" "num" > 0.5', 'IsPrimaryKey "id" "txt"',
    'ColumnCorrelation "num" "dbl" > 0', 'RowCount > 0', 'RowCount = 0', 'RowCount < 10 where "num > 3"', 'ColumnCount > 3',
    'DataFreshness "seen" < 3 days', 'ColumnDataType "txt" = "Integer"', 'ColumnDataType "txt" != "Integer"', 'ColumnNamesMatchPattern "[a-z]+"',
  ...times(['ColumnLength'], ['txt'], ['> 0', '= 0', '< 4', 'between 0 and 3', 'in [0]', 'in [1]', 'not in [1]', 'not between 1 and 3']),
  ...times(['ColumnValues'], ['num'], ['> 0', '<= 7', '= 3', '!= 3', 'in [3]', 'not in [3]', 'between 0 and 3', 'not between 0 and 3', '= NULL', '!= NULL']),
  ...times(['ColumnValues'], ['txt'], ['= "x"', '!= "x"', 'matches "x"', 'not matches "x"', '= NULL', '!= NULL', '= EMPTY', '!= EMPTY']),
  ...times(['ColumnValues'], ['day'], ['> "2024-01-01"', '!= "2024-01-01"', 'in ["2024-01-01"]']),
  'CustomSql "select count(*) from primary" > 0', '(RowCount > 0) or (IsComplete "txt")', '(IsComplete "txt") and (ColumnValues "num" > 3)',
];

const CLEAN = [
  ...aggregates(['id', 'code', 'color', 'price', 'even'], ['id', 'weight', 'height', 'price']), 'ColumnCorrelation "weight" "height" = 1',
    'ColumnCorrelation "weight" "height" > 0.999999', 'ColumnCorrelation "id" "rank" < 1',
  'ColumnValues "color" in ["red", "green", "blue"]', 'ColumnValues "rank" between -1 and 5', 'ColumnValues "rank" in [0, 1, 2, 3, 4]',
  'ColumnValues "id" >= 0', 'ColumnValues "day" >= "2024-05-01"', 'ColumnLength "code" = 6', 'ColumnLength "color" between 2 and 6',
  'ColumnValues "code" matches "K[0-9]{5}"', 'IsPrimaryKey "id" "code"', 'Sum "id" = 190', 'Mean "id" = 9.5', 'DistinctValuesCount "color" = 3',
  'RowCount = 20', 'IsComplete "id" where "even"',
];

const DOUBLED = [
  ...aggregates(['id', 'part', 'num', 'same'], ['id', 'num']), 'IsUnique "id" "num"', 'IsPrimaryKey "id" "num"', 'Uniqueness "id" "part" > 0.5',
  'Uniqueness "id" "num" "part" > 0.5', 'ReferentialIntegrity "num,part" "pairs.{num,part}" > 0.1', 'ReferentialIntegrity "part" "pairs.part" > 0.5',
  'ReferentialIntegrity "num" "pairs.num" > 0.5', 'DatasetMatch "pairs" "num" "part" > 0.1', 'DatasetMatch "pairs" "id" "num,part" > 0.1',
  'DatasetMatch "pairs" "id" "part" > 0.1', 'AggregateMatch "sum(num)" "sum(pairs.num)" > 1',
];

/** A list of rules that alter rows each in their turn in Deequ, so that each stands alone. */
const SQL_OF_ROWS = [
  'select id from primary where num > 3', 'select id, txt from primary', 'select * from primary where id < 90', 'select id from primary where false',
  'select txt from primary where num > 3', 'select cat from primary where num > 3', 'select id as other from primary',
  'select id, 1 as one from primary', 'select nothing from primary',
];

const VARIABLES = 'colors = ["red", "green"]';

export const CONFORMANCE_RULES: readonly RulesOfTable[] = [
  { table: 'soiled', rows: true, rules: [...aggregates(SOILED_ALL, SOILED_NUMBERS), ...CONDITIONS_OF_METRICS, ...MANY_COLUMNS, ...ROWS_AND_COLUMNS] },
  { table: 'soiled', rows: true, rules: [...LENGTHS, ...NUMBER_VALUES] },
  { table: 'soiled', rows: true, rules: [...TEXT_VALUES, ...DATE_VALUES] },
  { table: 'soiled', rows: true, rules: [...FILTERED, ...COMPOSITES, ...NAMES] },
  { table: 'soiled', rows: false, rules: [...TYPES, ...MISSING, ...SQL, ...FRESHNESS] },
  ...REFUSED.map((rule): RulesOfTable => ({ table: 'soiled', rows: true, rules: [rule] })),
  ...SQL_OF_ROWS.flatMap((sql) => ['', ' with threshold > 0.1'].map((threshold): RulesOfTable => ({ table: 'soiled', rows: true,
    rules: [`CustomSql "${sql}"${threshold}`] }))),
  { table: 'one', rows: true, rules: SPARSE },
  { table: 'empty', rows: true, rules: SPARSE },
  { table: 'nulls', rows: true, rules: SPARSE },
  { table: 'clean', references: ['colors', 'twin', 'sibling', 'void'], rows: true, rules: [...CLEAN, ...CROSS] },
  { table: 'clean', rows: true, preamble: VARIABLES, rules: ['ColumnValues "color" in $colors', 'ColumnValues "color" not in $colors'] },
  { table: 'clean', rows: false, rules: ['ColumnNamesMatchPattern "("'] },
  { table: 'extreme', rows: true, rules: SPECIAL },
  { table: 'doubled', references: ['pairs'], rows: false, rules: DOUBLED },
];
