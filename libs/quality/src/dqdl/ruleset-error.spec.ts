import { ConfigError, RulesetError, type RulesetProblem } from '@inlet/errors';
import { parseRuleset } from './parse-ruleset';
import { MAX_PROBLEMS } from './problems';

function errorOf(text: string, name?: string): RulesetError {
  try {
    parseRuleset(text, { name });
  } catch (error) {
    if (error instanceof RulesetError) return error;
    throw error;
  }
  throw new Error('the text is accepted');
}
const problemsOf = (text: string): readonly RulesetProblem[] => errorOf(text).problems;

describe('the error of a refused ruleset', () => {
  it('says where, what was found, what could stand there and what was probably meant', () => {
    const error = errorOf('Rules = [\n  IsComplet "id"\n]', 'quality.dqdl');
    expect(error.message).toMatch(/^The ruleset has a problem \(quality\.dqdl\)\. Correct it:\n {2}line 2, column 3: A rule type is unknown: found `IsComplet`, expected one of AggregateMatch, .*, Variance \(did you mean `IsComplete`\?\)$/s);
    expect(error.problems).toEqual([{ line: 2, column: 3, what: 'A rule type is unknown', found: '`IsComplet`', expected: [expect.stringContaining('IsComplete')], nearest: 'IsComplete' }]);
  });
  it('is a ConfigError with a name of its own', () => {
    const error = errorOf('');
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.name).toBe('RulesetError');
  });

  it('has every rule\'s problems, in the order of the text', () => {
    const text = `x = ["a"]
DefaultLabels = ["a" = ""]
Rules = [
  RowCont > 1,
  IsComplete "a" > 1,
  ColumnValues "b" in [1, "2"],
  (IsComplete $x) and (ColumnCount > 1 where "c"),
  Mean "d" >,
  IsComplete "e"
]
Analyzers = [ IsComplete "f", Completenes "g" ]
`;
    expect(problemsOf(text).map(({ line, column, nearest }) => [line, column, nearest])).toEqual([
      [2, 18, undefined],
      [4, 3, 'RowCount'],
      [5, 18, undefined],
      [6, 20, undefined],
      [7, 15, undefined],
      [7, 40, undefined],
      [8, 13, undefined],
      [11, 15, undefined],
      [11, 31, 'Completeness'],
    ]);
  });
  it('says nothing of variables after a header that could not be read', () => {
    expect(problemsOf('x = 5\ny = "a"\nRules = [ IsComplete $y, Foo ]').map(({ what }) => what)).toEqual(['A variable has no text as its value', 'A rule type is unknown']);
  });
  it('ends after so many problems that nobody reads on', () => {
    const error = errorOf(`Rules = [ ${'Foo, '.repeat(1000)} ]`);
    expect(error.problems).toHaveLength(MAX_PROBLEMS);
    expect(error.message).toMatch(/…: nothing after these was read$/);
  });

  it.each([
    ['CustomSQL "select 1"', 'CustomSql'],
    ['rowcount > 1', 'RowCount'],
    ['IsUniqe "a"', 'IsUnique'],
    ['DistinctValueCount "a" > 1', 'DistinctValuesCount'],
    ['AnomalyDetection "RowCount"', 'DetectAnomalies'],
    ['Averge "a" > 1', undefined],
    ['Average "a" > 1', 'Mean'],
    ['RowCount BETWEEN 1 and 2', 'between'],
    ['IsComplete "a" WHERE "b"', 'where'],
    ['RowCount betwen 1 and 2', 'between'],
    ['DataFreshness "a" < 3 Days', 'days'],
    ['DataFreshness "a" < 3 hors', 'hours'],
    ['ColumnValues "a" not betwen 1 and 2', 'between'],
  ])('of %s names the nearest right word', (rule, nearest) => {
    expect(problemsOf(`Rules = [ ${rule} ]`)[0]?.nearest).toBe(nearest);
  });
  it.each([
    ['Rule = [ RowCount > 1 ]', 'Rules ='],
    ['rules = [ RowCount > 1 ]', 'Rules ='],
    ['Rules = [ RowCount > 1 ] Analyzers = [ RowCont ]', 'RowCount'],
    ['Metadata = { "version": "1" } Rules = [ RowCount > 1 ]', 'Version'],
    ['allowed = "a" Rules = [ ColumnValues "a" in $alowed ]', 'allowed'],
    ['Rles [ RowCount > 1 ]', 'Rules'],
  ])('of %j says %s', (text, said) => {
    expect(errorOf(text).message).toContain(said);
  });
  it.each([
    ['IsComplete "2024-01-01"', /found the date "2024-01-01"/],
    ['IsComplete "a" IsComplete "b"', /a comma before IsComplete/],
    ['ColumnCount > 1 where "a"', /no filter; it goes with .*RowCount/],
    ['RowCount > 1 with threshold > 1', /no threshold; it goes with .*ColumnValues/],
    ['IsComplete "a" with b = "c" labels = ["d" = "e"]', /in another order: found `labels`, expected arguments, condition, `where`, `labels`, `with`/],
    ['DatasetMatch "a" > 1', /wrong number of arguments: found 1: "a", expected 2 \(reference, keys\) or 3 \(reference, keys, columns\)/],
    ['IsUnique', /found none, expected 1 or more \(column\)/],
    ['DataFreshness "a" > 3', /found a condition on numbers.*expected a condition on durations, as in `<= 24 hours`/],
    ['RowCount > -last()', /`0 - last\(\)` can be written/],
    ['ColumnValues "a" = $b', /`in \$name`/],
    ['ColumnValues "a" > "b"', /found `>` with texts, expected for texts one of `=`/],
    ['ColumnValues "a" in [1, "b"]', /found `in` with numbers and texts, expected values of one kind/],
    ['IsComplete "a', /A text is not ended: found the end of the text, expected a closing `"`/],
    ['IsComplete “a”', /found `“` \(U\+201C\)/],
    ['AllStatistics "a"', /AllStatistics is an analyzer and no rule/],
    [`${'('.repeat(600)}RowCount > 1${')'.repeat(600)}`, /nested too deep: found 501 open brackets, expected at most 500/],
    [`RowCount > ${'('.repeat(600)}1${')'.repeat(600)}`, /nested too deep/],
    [`RowCount > ${'f('.repeat(600)}1${')'.repeat(600)}`, /nested too deep/],
  ])('of %s says so', (rule, message) => {
    expect(errorOf(`Rules = [ ${rule} ]`).message).toMatch(message);
  });
  it('speaks once of carriage returns', () => {
    expect(problemsOf('Rules = [\r\n  RowCount > 1\r\n]\r\n')).toEqual([expect.objectContaining({ line: 1, column: 10, found: 'CR' })]);
  });
  it('is short for a long text', () => {
    expect(errorOf(`Rules = [ ${'a'.repeat(5000)} ${'"b" '.repeat(5000)}, IsComplete ${'c'.repeat(5000)} $${'d'.repeat(5000)} ]`).message.length).toBeLessThan(2500);
  });
});
