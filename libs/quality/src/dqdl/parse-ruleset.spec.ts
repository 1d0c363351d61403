import { RulesetError } from '@inlet/errors';
import { parseRuleset } from './parse-ruleset';
import { withoutPositions } from './ruleset.test-support';

const labels = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `"k${from + index}" = "v"`).join(', ');

const ACCEPTED_RULES = [
  // Arguments
  'IsComplete "id"', 'IsComplete id', 'IsComplete of id', 'IsComplete OF "id"', 'IsComplete and id', 'IsComplete 1a', 'IsComplete a.b_c', 'IsUnique "a" "b"', 'IsUnique a and b and "c d"',
  'IsPrimaryKey a b c d e', 'ColumnCorrelation of "a" and "b" > 0.5', 'IsComplete "multi\nline"', 'IsComplete "quote \\" inside"', 'IsComplete "backslash \\\\"', 'IsComplete ""',
  'IsUnique "a" and IsUnique "b"', 'DetectAnomalies of ColumnCorrelation of "a" and "b"', 'IsComplete BETWEEN',
  // Numbers
  'RowCount = 1', 'RowCount != 1', 'RowCount ! = 1', 'RowCount > - 1', 'RowCount >= 1.5', 'RowCount < -0.5', 'RowCount <= 007', 'RowCount between 1 and 2', 'RowCount not between 1 AND 2',
  'RowCount in [1]', 'RowCount not in [1, 2.5, NULL]', 'RowCount = NULL', 'RowCount = null', 'RowCount between NULL and NULL', 'RowCount > 5 -3', 'RowCount > 5 - -3', 'RowCount>1+2*3/4-5',
  'RowCount > 99999999999999999999999999', 'Completeness "a" > (NULL + 1)',
  // Dynamic rules
  'RowCount > last()', 'RowCount > last(1)', 'RowCount between 0.9 * avg(last(10)) and 1.1 * avg(last(10))', 'RowCount > percentile(last(10), 95)', 'RowCount > (max(last(3)) + min(last(3))) / 2',
  'RowCount > sum(last(3)) - std(last(3)) * median(last(3))', 'RowCount in [last(), avg(last(3))]', 'RowCount > anything(1, 2, other())', 'RowCount > now ()', 'Mean "a" > avg(last(10)) with a = 1',
  // Texts
  'ColumnValues "a" = "x"', 'ColumnValues "a" != "x"', 'ColumnValues "a" in ["x"]', 'ColumnValues "a" not in ["x", NULL, EMPTY, WHITESPACES_ONLY]', 'ColumnValues "a" = EMPTY', 'ColumnValues "a" != empty',
  'ColumnValues "a" = whitespaces_only', 'ColumnValues "a" matches "[a-z]+"', 'ColumnValues "a" not matches "\\d{3}"', 'ColumnValues "a" = NULL', 'ColumnValues "a" in [NULL]', 'ColumnDataType "a" = "Date"',
  'ColumnDataType "a" in ["Date", "Integer"] with threshold between 0.1 and 0.9', 'ColumnValues "a" = "9:30"', 'ColumnValues "a" = "10:300"', 'ColumnValues "a" = "2024-1-1"',
  // Dates
  'ColumnValues "a" > "2024-01-31"', 'ColumnValues "a" > "2024-99-99"', 'ColumnValues "a" between "2024-01-01" and now()', 'ColumnValues "a" > (now() - 3 days)', 'ColumnValues "a" < (now() + 90 minutes)',
  'ColumnValues "a" in ["2024-01-01", now(), (now() - 1 hours), NULL]', 'ColumnValues "a" > "21:45"', 'ColumnValues "a" > "24:00"', 'ColumnValues "a" between "9:30 AM" and "09:30 PM"', 'ColumnValues "a" > "0:30 AM"',
  'FileFreshness > "9:30 AM" with timeZone = "America/Chicago"', 'FileFreshness "s3://a" between "2024-01-01" and "2024-02-01" with threshold > 0.5', 'FileFreshness between NULL and now()',
  'FileFreshness > "10:00" with timeZone = "Mars/Base" with timeZone = "UTC"', 'FileFreshness > now() with timeZone = "Mars/Base"',
  // Durations and sizes
  'DataFreshness "a" <= 24 hours', 'DataFreshness "a" between 1 days and 2 days', 'DataFreshness "a" in [1 minutes, 2 hours]', 'DataFreshness "a" < 2147483647 days', 'FileSize > 10', 'FileSize > -1',
  'FileSize "s3://a" between 1 KB and 2 GB', 'FileSize in [1, 2]', 'FileSize in [1 B, 2 TB]', 'FileSize > 1 MB with threshold > 0.5', 'FileSize not in [(5)]',
  // The other types
  'AggregateMatch "sum(a)" "sum(reference.a)" > 0.9', 'ColumnCount = 3', 'ColumnExists "a"', 'ColumnLength "a" = NULL', 'ColumnNamesMatchPattern "a.*"', 'CustomSql "select 1"', 'CustomSql "select 1" > 0',
  'CustomSql "select 1" with threshold > 0.5', 'CustomSql "select 1" = NULL with threshold = 1', 'DatasetMatch "r" "id" > 0.9', 'DatasetMatch "r" "id" "a,b" > 0.9', 'DetectAnomalies "RowCount"', 'DistinctValuesCount a > 1',
  'Entropy a > 1', 'FileMatch "a" "b"', 'FileMatch "a" in ["h"]', 'FileMatch in ["h"] with hashAlgorithm = "MD5" with dataFrame = "true"', 'FileMatch = "h"', 'FileUniqueness > 0.5', 'FileUniqueness "a" > 0.5', 'Mean a > 1',
  'ReferentialIntegrity "a,b" "r.{c,d}" = 1.0', 'RowCountMatch "r" = 1', 'SchemaMatch "r" = 1', 'StandardDeviation a < 1', 'Sum a < 1', 'UniqueValueRatio a < 1', 'Uniqueness a b < 1', 'Variance a < 1',
  // Parts
  'IsComplete "a" where "b > 1"', 'IsComplete "a" where " "', 'IsComplete "a" where "b > 1" labels = ["c" = "d"] with e = "f"', 'ColumnValues "a" > 1 with THRESHOLD > 0.5', 'ColumnValues "a" > 1 with threshold = "0.5"',
  'RowCount > 1 with threshold = "0.5"', 'RowCount > 1 with threshold = NULL', 'RowCount > 1 with a = 5 + 3 with a = "again"', 'ColumnValues "a" > 1 with threshold not in [0.5]',
  `RowCount > 1 labels = [${labels(10)}]`, `RowCount > 1 labels = ["${'k'.repeat(128)}" = "${'v'.repeat(256)}"]`, 'RowCount > 1 labels = ["Key" = "a", "key" = "a"]',
  // Composites
  '(IsComplete "a") and (IsUnique "a")', '(IsComplete "a") OR (IsUnique "a")', 'IsComplete "a" or IsUnique "a"', 'RowCount > 1 and IsUnique "a"', 'RowCount > 1 AND (IsUnique "a" or IsComplete "b")', 'IsComplete "a" and (IsUnique "b")',
  '((((RowCount > 1))))', '(RowCount > 1) labels = ["a" = "b"]', '((RowCount > 1) and (RowCount < 9) labels = ["a" = "b"]) labels = ["c" = "d"]', 'RowCount > 1 where "a" and ColumnCount = 1', 'RowCount > 1 with a = 1 and ColumnCount = 2',
];

const REFUSED_RULES = [
  // Arguments
  'IsComplete', 'IsComplete "a" "b"', 'IsComplete 5', 'IsComplete 5.5', 'IsComplete "2024-01-01"', 'IsComplete "10:30"', 'IsComplete "9:30 AM"', 'IsComplete B', 'IsComplete days', 'IsComplete labels', 'IsComplete of', 'IsComplete of of a',
  'IsComplete $', 'IsComplete $1', 'IsComplete $unknown', 'IsComplete *', "IsComplete 'a'", 'IsComplete a-b', 'IsComplete "a', 'ColumnCorrelation a > 1', 'RowCount "id" > 1', 'IsComplete "a" and IsComplete "b"', 'IsUnique', 'AggregateMatch "a" > 1',
  'FileMatch a b c', 'FileUniqueness a b > 1', 'ReferentialIntegrity "a" = 1', 'DetectAnomalies',
  // Types
  'isComplete "a"', 'CustomSQL "select 1"', 'AnomalyDetection "RowCount"', 'AllStatistics "a"', 'Foo', '"IsComplete" "a"', '5', 'Rules', 'IsComplete "a",', ',', '()', '(IsComplete "a"', 'IsComplete "a")',
  // Kinds of conditions
  'Completeness "a"', 'IsComplete "a" > 1', 'ColumnDataType "a"', 'ColumnDataType "a" = NULL', 'ColumnDataType "a" > 1', 'ColumnValues "a"', 'RowCount = "1"', 'RowCount = EMPTY', 'RowCount > now()', 'RowCount > 1 days', 'DataFreshness "a" > 1',
  'DataFreshness "a" > now()', 'DataFreshness "a" = NULL', 'FileFreshness > 1', 'FileFreshness > NULL', 'FileFreshness > 3 days', 'FileSize > 1.5', 'FileSize > NULL', 'FileSize > last()', 'FileSize > 1.0', 'FileSize > 3 days', 'FileSize > 9999999999', 'FileMatch "a"',
  'FileMatch "a" "b" in ["c"]', 'CustomSql "select 1" = "a"', 'ColumnLength "a" = EMPTY', 'FileUniqueness', 'ColumnValues "a" > 5 KB', 'ColumnValues "a" > 5 days',
  // Operators and operands
  'RowCount', 'RowCount >', 'RowCount > = 1', 'RowCount => 1', 'RowCount == 1', 'RowCount <> 1', 'RowCount not = 1', 'RowCount ! in [1]', 'RowCount not 1', 'RowCount between 1', 'RowCount between 1, 2', 'RowCount between 1 or 2', 'RowCount BETWEEN 1 and 2',
  'RowCount in []', 'RowCount in [1,]', 'RowCount in 1', 'RowCount in (1, 2)', 'RowCount > 1e5', 'RowCount > .5', 'RowCount > 5.', 'RowCount > --1', 'RowCount > -last()', 'RowCount > -(1)', 'RowCount > +1', 'RowCount > 1 +', 'RowCount > last(', 'RowCount > last(1,)',
  'RowCount > last', 'RowCount > (1', 'RowCount > ()', 'RowCount > $a', 'RowCount > 1 % 2', 'RowCount > 5 > 3', 'RowCount > Null', 'ColumnValues "a" > "x"', 'ColumnValues "a" between "a" and "b"', 'ColumnValues "a" > EMPTY', 'ColumnValues "a" matches',
  'ColumnValues "a" matches "2024-01-01"', 'ColumnValues "a" matches [a]', 'ColumnValues "a" ! matches "b"', 'ColumnValues "a" in [1, "2"]', 'ColumnValues "a" in ["x", "2024-01-01"]', 'ColumnValues "a" in [1, "2024-01-01"]', 'ColumnValues "a" = x',
  'ColumnValues "a" in ["2024-01-01", EMPTY]', 'ColumnValues "a" in [1, EMPTY]', 'ColumnValues "a" in [[1]]',
  // Dates, durations, sizes
  'ColumnValues "a" > now() - 3 days', 'ColumnValues "a" > (now())', 'ColumnValues "a" > (now() - 3)', 'ColumnValues "a" > (now() - 3 weeks)', 'ColumnValues "a" > (now() * 3 days)', 'ColumnValues "a" > (now() - 1.5 days)', 'ColumnValues "a" > (now () - 3 days)',
  'ColumnValues "a" > (now() - 3days)', 'ColumnValues "a" > ("2024-01-01" - 3 days)', 'ColumnValues "a" > "25:00"', 'ColumnValues "a" > "24:01"', 'ColumnValues "a" > "13:00 PM"', 'ColumnValues "a" > "9:60 AM"', 'ColumnValues "a" > "9:30 am"', 'ColumnValues "a" > "9:30"',
  'FileFreshness > "10:00" with timeZone = "Mars/Base"', 'FileFreshness > "10:00" with timeZone = "america/chicago"', 'FileFreshness > "10:00" with timeZone = 5', 'DataFreshness "a" between 2 and 4 days', 'DataFreshness "a" < 3 Days', 'DataFreshness "a" < 3days',
  'DataFreshness "a" < -3 days', 'DataFreshness "a" < (3 days)', 'DataFreshness "a" < 2147483648 days', 'FileSize > 1 ZB', 'FileSize > 1 kb', 'FileSize > 1.5 GB', 'FileSize 1 GB', 'FileSize in [1, 2 KB]', 'FileSize between 1 and 2 KB',
  // Parts
  'IsComplete "a" where ""', 'IsComplete "a" where', 'IsComplete "a" where b', 'IsComplete "a" where "2024-01-01"', 'ColumnCount > 1 where "a > 1"', 'IsComplete "a" where "b" where "c"', 'ColumnExists a where "b"', 'DetectAnomalies "RowCount" where "a"',
  'IsComplete "a" with b = "c" labels = ["d" = "e"]', 'IsComplete "a" labels = ["d" = "e"] where "f"', 'RowCount where "a" > 1', 'Completeness "a" > 0.5 with threshold > 0.5', 'ColumnValues "a" > 1 with', 'ColumnValues "a" > 1 with threshold', 'ColumnValues "a" > 1 threshold > 0.5',
  'ColumnValues "a" > 1 with threshold > 0.5 with threshold > 0.4', 'ColumnValues "a" > 1 with threshold in ["a"]', 'ColumnValues "a" > 1 with threshold != NULL', 'ColumnValues "a" > 1 with threshold > "2024-01-01"', 'RowCount > 1 with a > 1', 'RowCount > 1 with a != "b"', 'RowCount > 1 with a in ["b"]',
  'RowCount > 1 with "a" = "b"', 'RowCount > 1 with a = b', 'RowCount > 1 with a = now()', 'RowCount > 1 with a matches "b"',
  // Labels
  'RowCount > 1 labels', 'RowCount > 1 labels = []', 'RowCount > 1 labels = ["a"]', 'RowCount > 1 labels = ["a" = ""]', 'RowCount > 1 labels = ["" = "b"]', 'RowCount > 1 labels = ["a" = "b", "a" = "c"]', 'RowCount > 1 labels = ["a" : "b"]', 'RowCount > 1 labels = [a = "b"]',
  'RowCount > 1 labels = ["a" = "2024-01-01"]', 'RowCount > 1 labels = ["10:30" = "a"]', 'RowCount > 1 labels = ["a" = "b",]', `RowCount > 1 labels = [${labels(11)}]`, `RowCount > 1 labels = ["${'k'.repeat(129)}" = "v"]`, `RowCount > 1 labels = ["k" = "${'v'.repeat(257)}"]`,
  'RowCount > 1 Labels = ["a" = "b"]', '(RowCount > 1) labels = []', '(RowCount > 1 labels = []) labels = ["a" = "b"]', '(RowCount > 1) with a = 1', '(IsComplete "a") where "b"',
  // Composites
  '(IsComplete "a") and', 'and (IsComplete "a")', '(IsComplete "a") (IsComplete "b")', '(IsComplete "a") And (IsComplete "b")', '(IsComplete "a") && (IsComplete "b")', 'not (IsComplete "a")', '(IsComplete "a", IsComplete "b")', '(IsComplete "a") and and (IsComplete "b")',
];

const RULE = 'Rules = [ RowCount > 1 ]';

const ACCEPTED_TEXTS = [
  RULE, 'Rules=[RowCount>1]', 'Rules\n=\t[RowCount > 1,ColumnCount > 1]', 'Analyzers = [ RowCount ]', 'Rules = [] Analyzers = [ RowCount ]', `${RULE} Analyzers = []`, `${RULE} Analyzers = [ Completeness "a", AllStatistics of b ]`,
  'Analyzers = [ CustomSql "select 1", DataFreshness "a", FileMatch, FileMatch "a", Uniqueness a and b, ColumnValues $a ]',
  `# a comment\n${RULE} # another\n`, 'Rules = [ # one\n RowCount > 1 # two, ]\n, ColumnCount > 2\n]', `# Rules = [\n${RULE}`, '# with\r\nRules = [ RowCount > 1 ]', 'Rules = [ IsComplete "# no comment" ]',
  `Metadata = { "Version": "1.0" } ${RULE}`, `Metadata = { "Version": "1", "Version": ["2", "3"] } ${RULE}`, `Metadata = { "\\Version": "1" } ${RULE}`,
  `DataSources = { "Primary": "a" } ${RULE}`, `DataSources = { "AdditionalDataSources": ["a", "b"], "Primary": "c" } ${RULE}`, `DataSources = { "Primary": ["a"] } ${RULE}`,
  `Metadata = { "Version": "1" } DataSources = { "Primary": "a" } x = "y" DefaultLabels = ["a" = "b"] ${RULE}`,
  `x = "y" ${RULE}`, 'x = "id" Rules = [ IsComplete $x ]', 'x = "id" Rules = [ IsComplete $ x ]', 'x.y = ["a", NULL] Rules = [ ColumnValues "a" in $x.y ]', 'x = "a" Rules = [ ColumnValues "a" not in $x ]', 'x = NULL y = EMPTY z = WHITESPACES_ONLY Rules = [ CustomSql $x ]',
  `5a = "costs $5 or $" ${RULE}`, `Rule = ["a"] ${RULE}`, 'x = "" Rules = [ CustomSql $x ]', 'q = "select 1" Rules = [ CustomSql $q > 1 with threshold > 0.5 ]',
  `DefaultLabels = [${labels(10)}] ${RULE}`, `DefaultLabels = [${labels(5)}] Rules = [ RowCount > 1 labels = [${labels(5, 5)}] ]`, 'DefaultLabels = ["a" = "b"] Rules = [ RowCount > 1 labels = ["a" = "c"] ]',
  'Rules = [ ColumnValues "a" in ["x", "y\\"] ]', 'Rules = [ ColumnValues "a" = "\r\n" ]',
  // What follows the last section is not read, but for its first word.
  `${RULE} ]`, `${RULE} nonsense @ "`, `${RULE} ${RULE}`, 'Analyzers = [ RowCount ] Rules = [ Nonsense',
];

const REFUSED_TEXTS = [
  '', ' ', '\n', '# only a comment\n', 'Rules', 'Rules =', 'Rules = [', 'Rules = [ ]', 'Rules = []', 'Rules = ] ', 'Rules = {}', 'Rules = RowCount', 'Rules [ RowCount > 1 ]', 'Rules = [ RowCount > 1', 'rules = [ RowCount > 1 ]', 'Rule = [ RowCount > 1 ]', 'RULES = [ RowCount > 1 ]',
  'RowCount > 1', '[ RowCount > 1 ]', 'Rules = [ RowCount > 1 ColumnCount > 1 ]', 'Rules = [ RowCount > 1; ColumnCount > 1 ]', 'Rules = [ RowCount > 1, ]', 'Rules = [ , RowCount > 1 ]', 'Rules = [ RowCount > 1,, ColumnCount > 1 ]', 'Rules = [ RowCount > 1 }',
  'Rules = [] Analyzers = []', 'Analyzers = []', 'Analyzers = [ IsComplete "a" ]', 'Analyzers = [ Completeness "a" > 1 ]', 'Analyzers = [ Completeness "a", ]', 'Analyzers = [ Foo ]', 'Analyzers = [ Completeness ]', 'Analyzers = [ (RowCount) ]', 'Analyzers = [ FileMatch a b ]',
  'Analyzers = [ RowCount where "a" ]', 'Analyzers = [ Completeness "a" and (RowCount) ]', `${RULE} Analyzers`, `${RULE} Analyzers = [`, `${RULE} Analyzers = [ DetectAnomalies "RowCount" ]`,
  `${RULE} # no line feed`, `${RULE} @`, `${RULE} "`, `${RULE}\r\n`, 'Rules = [\r\n RowCount > 1 ]', `\uFEFF${RULE}`, `\u00a0${RULE}`, 'Rules = [ IsComplete “a” ]',
  `Metadata = {} ${RULE}`, `Metadata = { "Version" } ${RULE}`, `Metadata = { "Version": 1 } ${RULE}`, `Metadata = { "version": "1" } ${RULE}`, `Metadata = { "Version": "2024-01-01" } ${RULE}`, `Metadata = { "Version": "1", } ${RULE}`, `Metadata = { Version: "1" } ${RULE}`, `Metadata = { "Version": {} } ${RULE}`,
  `Metadata = { "Version": [] } ${RULE}`, 'Metadata = { "Version": "1" }', `DataSources = { "Primary": "a" } Metadata = { "Version": "1" } ${RULE}`, `DataSources = { "Secondary": "a" } ${RULE}`, `DataSources = { "AdditionalDataSources": "a" } ${RULE}`,
  `DefaultLabels = ["a" = "b"] x = "y" ${RULE}`, `x = "y" Metadata = { "Version": "1" } ${RULE}`, `${RULE} @ Analyzers = [ RowCount ]`,
  `x = ${RULE}`, `x = 5 ${RULE}`, `x = [] ${RULE}`, `x = ["a",] ${RULE}`, `x = y ${RULE}`, `x = "2024-01-01" ${RULE}`, `x = ["a", 1] ${RULE}`, `_x = "y" ${RULE}`, `.x = "y" ${RULE}`, `x = "a" x = "b" ${RULE}`, `x = "a" y = $x ${RULE}`, `x = "a" y = "b $x" ${RULE}`,
  `y = ["b $x"] ${RULE}`, `B = "a" ${RULE}`, `in = "a" ${RULE}`, 'x = ["a"] Rules = [ IsComplete $x ]', 'Rules = [ IsComplete $x ]', 'Rules = [ ColumnValues "a" in $x ]', 'x = "a" Rules = [ ColumnValues "a" = $x ]', 'x = "a" Rules = [ ColumnValues "a" in [$x] ]',
  'x = "a" Rules = [ ColumnValues "a" matches $x ]', 'x = "a" Rules = [ RowCount > $x ]', 'x = "a" Rules = [ IsComplete "a" where $x ]', 'x = "a" Rules = [ RowCount > 1 with a = $x ]', 'x = "a" Rules = [ IsComplete x$x ]',
  `DefaultLabels = [] ${RULE}`, `DefaultLabels = ["a" = "b", "a" = "c"] ${RULE}`, `DefaultLabels = [${labels(11)}] ${RULE}`, `DefaultLabels = [${labels(6)}] Rules = [ RowCount > 1 labels = [${labels(5)}] ]`,
  'Rules = [ ColumnValues "a" in ["x\\", "y"] ]',
];

const refusal = (text: string): unknown => {
  try {
    return parseRuleset(text);
  } catch (error) {
    return error;
  }
};

describe('parseRuleset', () => {
  it.each(ACCEPTED_RULES)('accepts %j', (rule) => {
    expect(parseRuleset(`Rules = [ ${rule} ]`).rules).toHaveLength(1);
  });
  it.each(REFUSED_RULES)('refuses %j', (rule) => {
    expect(refusal(`Rules = [ ${rule} ]`)).toBeInstanceOf(RulesetError);
  });
  it.each(ACCEPTED_TEXTS)('accepts the text %j', (text) => {
    const { rules, analyzers } = parseRuleset(text);
    expect(rules.length + analyzers.length).toBeGreaterThan(0);
  });
  it.each(REFUSED_TEXTS)('refuses the text %j', (text) => {
    expect(refusal(text)).toBeInstanceOf(RulesetError);
  });
});

const rulesOf = (text: string) => withoutPositions(parseRuleset(`Rules = [ ${text} ]`).rules);

describe('the tree', () => {
  it('joins rules by `and` before `or`, and gives brackets no node of their own', () => {
    const count = (source: string) => expect.objectContaining({ condition: expect.objectContaining({ operands: [{ kind: 'literal', source }] }) });
    expect(rulesOf('RowCount > 1 or RowCount > 2 and (RowCount > 3 and RowCount > 4) or (RowCount > 5)')).toEqual([
      { kind: 'composite', operator: 'or', labels: [], rules: [count('1'), { kind: 'composite', operator: 'and', labels: [], rules: [count('2'), count('3'), count('4')] }, count('5')] },
    ]);
  });
  it('keeps a composite with labels apart', () => {
    expect(rulesOf('(RowCount > 1 and RowCount > 2) labels = ["a" = "b"] and RowCount > 3')).toEqual([
      expect.objectContaining({ operator: 'and', labels: [], rules: [expect.objectContaining({ operator: 'and', labels: [{ key: 'a', value: 'b' }] }), expect.objectContaining({ kind: 'rule' })] }),
    ]);
  });
  it('gives a rule in brackets the labels after the bracket in place of its own', () => {
    expect(rulesOf('(RowCount > 1 labels = ["a" = "b"]) labels = ["c" = "d"]')).toEqual([expect.objectContaining({ kind: 'rule', labels: [{ key: 'c', value: 'd' }] })]);
  });
  it('reads arithmetic from left to right', () => {
    expect(rulesOf('RowCount > (1 + 2) * 3 - (4 - 5)')).toEqual([
      expect.objectContaining({
        condition: expect.objectContaining({
          operands: [{
            kind: 'arithmetic',
            first: { kind: 'literal', source: '1' },
            rest: [
              { operator: '+', operand: { kind: 'literal', source: '2' } },
              { operator: '*', operand: { kind: 'literal', source: '3' } },
              { operator: '-', operand: { kind: 'arithmetic', first: { kind: 'literal', source: '4' }, rest: [{ operator: '-', operand: { kind: 'literal', source: '5' } }] } },
            ],
          }],
        }),
      }),
    ]);
  });
  it.each([
    ['ColumnValues "a" = NULL', 'number'],
    ['ColumnValues "a" in [NULL, "a"]', 'text'],
    ['ColumnValues "a" in [NULL, "2024-01-01"]', 'date'],
    ['ColumnValues "a" in [NULL, 1]', 'number'],
    ['FileSize > 5', 'size'],
    ['FileSize > 5 KB', 'size'],
    ['DataFreshness "a" > 5 days', 'duration'],
  ])('takes %s for a condition on a %s', (rule, kind) => {
    expect(rulesOf(rule)).toEqual([expect.objectContaining({ condition: expect.objectContaining({ kind }) })]);
  });
  it('keeps escapes as they are written, and ends a text at its last escaped quote where no other follows', () => {
    expect(rulesOf('ColumnValues "a" = "x \\" y \\\\"')).toEqual([expect.objectContaining({ condition: expect.objectContaining({ operands: [{ kind: 'text', text: 'x \\" y \\\\' }] }) })]);
    expect(rulesOf('ColumnValues "a" = "x\\"')).toEqual([expect.objectContaining({ condition: expect.objectContaining({ operands: [{ kind: 'text', text: 'x\\' }] }) })]);
  });
  it('keeps thresholds apart from other tags', () => {
    expect(rulesOf('ColumnValues "a" > 1 with b = "c" with Threshold > 0.5 with d = 1')).toEqual([
      expect.objectContaining({
        threshold: { kind: 'number', operator: '>', operands: [{ kind: 'literal', source: '0.5' }] },
        tags: [{ name: 'b', value: { kind: 'text', text: 'c' } }, { name: 'd', value: { kind: 'literal', source: '1' } }],
      }),
    ]);
  });
  it('knows from where to where each rule stands', () => {
    const text = 'Rules = [\n  IsComplete "a" where "b" ,\n  (RowCount > 1) labels = ["c" = "d"]\n]';
    const spans = parseRuleset(text).rules.map(({ span }) => span);
    expect(spans.map(({ start, end }) => text.slice(start.offset, end))).toEqual(['IsComplete "a" where "b"', '(RowCount > 1) labels = ["c" = "d"]']);
    expect(spans.map(({ start }) => [start.line, start.column])).toEqual([[2, 3], [3, 3]]);
  });
});

describe('the warnings', () => {
  it.each([
    ['Analyzers = [ RowCount ] Rules = [ RowCount > 1 ]', 1, 26, /`Rules` after `Analyzers` are not read/],
    ['Rules = [ RowCount > 1 ]\n, more', 2, 1, /nothing from here on is read/],
    ['Rules = [ RowCount > avrg(last(3)) ]', 1, 22, /no function avrg \(did you mean avg\?\)/],
    ['Rules = [ ColumnValues "a" > 1 with threshold > lst() ]', 1, 49, /no function lst \(did you mean last\?\)/],
    ['Rules = [ ColumnValues "a" > "2024-02-30" ]', 1, 28, /no date 2024-02-30/],
    ['Analyzers = [ Completeness $a ]', 1, 28, /\$a is not defined/],
    ['Rules = [ IsUnique "a" and IsUnique "b" ]', 1, 24, /IsUnique is an argument of IsUnique here/],
  ])('of %j say what AWS\'s parser lets pass', (text, line, column, message) => {
    expect(parseRuleset(text).warnings).toEqual([{ position: expect.objectContaining({ line, column }), message: expect.stringMatching(message) }]);
  });
  it('are not there for a plain ruleset', () => {
    expect(parseRuleset('x = "a"\nRules = [ RowCount > avg(last(3)), IsComplete $x, DetectAnomalies RowCount ]\n# end\n').warnings).toEqual([]);
  });
});
