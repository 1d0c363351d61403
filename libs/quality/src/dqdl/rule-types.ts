/** Every rule type of DQDL in one table: the parser checks against it, and suggestions and the reference page are made from it. */
import type { ConditionKind } from './ruleset';

export interface ParameterShape {
  readonly name: string;
  /** Takes one argument or more; only the last parameter may. */
  readonly repeated?: true;
}

/** One way to write a rule of a type. A type's signatures differ in their number of arguments, which decides between them. */
export interface RuleSignature {
  readonly parameters: readonly ParameterShape[];
  readonly condition: 'required' | 'optional' | 'forbidden';
  /** The kinds of condition that it takes. */
  readonly kinds: readonly ConditionKind[];
  readonly threshold: boolean;
  readonly where: boolean;
  readonly analyzer: boolean;
}

export interface RuleType {
  readonly name: string;
  /** One sentence: what it checks. */
  readonly summary: string;
  /** One element of `Rules`, or of `Analyzers` where it is no rule. */
  readonly example: string;
  /** False for what stands in `Analyzers` alone. */
  readonly rule: boolean;
  readonly signatures: readonly RuleSignature[];
}

type Options = Partial<Pick<RuleSignature, 'condition' | 'threshold' | 'where' | 'analyzer'>>;

/** `column…` takes one argument or more. */
function signature(parameters: string, kinds: readonly ConditionKind[], options: Options = {}): RuleSignature {
  const condition = options.condition ?? (kinds.length === 0 ? 'forbidden' : 'required');
  const shapes = parameters.split(' ').filter((name) => name !== '').map((name): ParameterShape => (name.endsWith('…') ? { name: name.slice(0, -1), repeated: true } : { name }));
  return { parameters: shapes, kinds, condition, threshold: false, where: false, analyzer: condition !== 'forbidden', ...options };
}

const COLUMN_NUMBER = [signature('column', ['number'], { where: true })];
const COLUMNS_CHECK = [signature('column…', [], { where: true })];

function define<Name extends string>(name: Name, summary: string, example: string, signatures: readonly RuleSignature[], rule = true) {
  return { name, summary, example, signatures, rule } as const;
}

const TABLE = [
  define('AggregateMatch', 'Compares two aggregates, of the dataset itself or of a reference, by their ratio.', 'AggregateMatch "sum(amount)" "sum(reference.amount)" >= 0.95', [
    signature('first second', ['number']),
  ]),
  define('AllStatistics', 'Gathers every metric that a column has; it stands among the analyzers only.', 'AllStatistics "amount"', [
    signature('column', [], { analyzer: true }),
  ], false),
  define('ColumnCorrelation', 'Checks the correlation of two columns.', 'ColumnCorrelation "height" "weight" > 0.8', [signature('first second', ['number'], { where: true })]),
  define('ColumnCount', 'Checks the number of columns.', 'ColumnCount between 10 and 20', [signature('', ['number'])]),
  define('ColumnDataType', 'Checks that a column\'s values can be read as one of the named types.', 'ColumnDataType "listed_on" = "Date" with threshold > 0.9', [
    signature('column', ['text'], { threshold: true, where: true }),
  ]),
  define('ColumnExists', 'Checks that there is such a column.', 'ColumnExists "product_id"', [signature('column', [])]),
  define('ColumnLength', 'Checks the length of each value of a column.', 'ColumnLength "ndc" between 9 and 14', COLUMN_NUMBER),
  define('ColumnNamesMatchPattern', 'Checks every column\'s name against a regular expression.', 'ColumnNamesMatchPattern "[a-z][a-z0-9_]*"', [signature('pattern', [])]),
  define('ColumnValues', 'Checks each value of a column: numbers, texts or dates.', 'ColumnValues "status" in ["open", "closed", NULL] with threshold > 0.98', [
    signature('column', ['text', 'number', 'date'], { threshold: true, where: true }),
  ]),
  define('Completeness', 'Checks the share of a column\'s values that are not NULL.', 'Completeness "labeler_name" >= 0.95', COLUMN_NUMBER),
  define('CustomSql', 'Runs SQL of one\'s own: either its one value meets the condition, or the rows that it returns are those that pass.', 'CustomSql "select count(*) from primary" > 0', [
    signature('sql', ['number'], { condition: 'optional', threshold: true }),
  ]),
  define('DataFreshness', 'Checks how long ago the times of a column are.', 'DataFreshness "updated_at" <= 24 hours', [signature('column', ['duration'], { where: true })]),
  define('DatasetMatch', 'Joins the dataset with a reference by key, and checks the share of rows that are equal.', 'DatasetMatch "reference" "id" "name,price" >= 0.99', [
    signature('reference keys', ['number']),
    signature('reference keys columns', ['number']),
  ]),
  define('DetectAnomalies', 'Compares a metric with its history, and fails when it is out of the ordinary.', 'DetectAnomalies "Completeness" "labeler_name"', [
    signature('metric…', []),
  ]),
  define('DistinctValuesCount', 'Checks the number of distinct values of a column.', 'DistinctValuesCount "country" > 10', COLUMN_NUMBER),
  define('Entropy', 'Checks the entropy of a column\'s values.', 'Entropy "category" > 1.0', COLUMN_NUMBER),
  define('FileFreshness', 'Checks when files were last written.', 'FileFreshness "s3://bucket/inbox/" > (now() - 24 hours)', [
    signature('', ['date'], { threshold: true }),
    signature('path', ['date'], { threshold: true }),
  ]),
  define('FileMatch', 'Compares files with other files, or their checksums with a list.', 'FileMatch "s3://bucket/inbox/" in ["0cc175b9c0f1b6a831c399e269772661"] with hashAlgorithm = "MD5"', [
    signature('', ['text']),
    signature('path', ['text']),
    signature('path other', []),
  ]),
  define('FileSize', 'Checks the size of files.', 'FileSize "s3://bucket/inbox/" between 1 MB and 2 GB', [
    signature('', ['size', 'number'], { threshold: true }),
    signature('path', ['size', 'number'], { threshold: true }),
  ]),
  define('FileUniqueness', 'Checks the share of files that no other file equals.', 'FileUniqueness "s3://bucket/inbox/" > 0.9', [
    signature('', ['number']),
    signature('path', ['number']),
  ]),
  define('IsComplete', 'Checks that a column has no NULL.', 'IsComplete "product_id"', [signature('column', [], { where: true })]),
  define('IsPrimaryKey', 'Checks that columns together are never NULL and never twice the same.', 'IsPrimaryKey "product_id" "package_code"', COLUMNS_CHECK),
  define('IsUnique', 'Checks that no value of the columns is there twice.', 'IsUnique "product_id"', COLUMNS_CHECK),
  define('Mean', 'Checks the mean of a column.', 'Mean "price" between 10 and 100', COLUMN_NUMBER),
  define('ReferentialIntegrity', 'Checks the share of values that are also in columns of a reference.', 'ReferentialIntegrity "product_id" "products.product_id" = 1.0', [
    signature('columns reference', ['number']),
  ]),
  define('RowCount', 'Checks the number of rows.', 'RowCount between 0.9 * avg(last(10)) and 1.1 * avg(last(10))', [signature('', ['number'], { where: true })]),
  define('RowCountMatch', 'Checks the number of rows against that of a reference, as a ratio.', 'RowCountMatch "reference" >= 0.95', [signature('reference', ['number'])]),
  define('SchemaMatch', 'Checks the share of columns that a reference has too, with the same type.', 'SchemaMatch "reference" = 1.0', [signature('reference', ['number'])]),
  define('StandardDeviation', 'Checks the standard deviation of a column.', 'StandardDeviation "price" < 25.5', COLUMN_NUMBER),
  define('Sum', 'Checks the sum of a column.', 'Sum "amount" > 0', COLUMN_NUMBER),
  define('UniqueValueRatio', 'Checks which share of a column\'s distinct values is there exactly once.', 'UniqueValueRatio "product_id" > 0.9', COLUMN_NUMBER),
  define('Uniqueness', 'Checks the share of rows whose values in the columns are there exactly once.', 'Uniqueness "product_id" > 0.99', [signature('column…', ['number'], { where: true })]),
  define('Variance', 'Checks the variance of a column.', 'Variance "price" < 650', COLUMN_NUMBER),
] as const;

export type RuleTypeName = (typeof TABLE)[number]['name'];

/** All rule types, by name. */
export const RULE_TYPES: readonly (RuleType & { readonly name: RuleTypeName })[] = TABLE;

const BY_NAME = new Map<string, RuleType & { readonly name: RuleTypeName }>(RULE_TYPES.map((type) => [type.name, type]));

/** The rule type of that name, which is case-sensitive. */
export function findRuleType(name: string): (RuleType & { readonly name: RuleTypeName }) | undefined {
  return BY_NAME.get(name);
}

/** The signature that takes so many arguments. */
export function findSignature({ signatures }: RuleType, argumentCount: number): RuleSignature | undefined {
  return signatures.find(({ parameters }) => (parameters.at(-1)?.repeated === true ? argumentCount >= parameters.length : argumentCount === parameters.length));
}
