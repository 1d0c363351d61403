import { PermanentError } from '@inlet/errors';
import { parseRuleset, printRule, type Rule } from '@inlet/quality';
import fc from 'fast-check';
import { createAnswerFinder, parseJobQuality, type JobQuality } from './job-quality';

const where = 'silver/nsde/_job-report.json';
const readRule = (text: string): Rule => {
  const [rule] = parseRuleset(`Rules = [ ${text} ]`).rules;
  if (rule === undefined) throw new RangeError(`${text} is no rule`);
  return rule;
};
const answered = (...rules: string[]): JobQuality => ({ engine: 'glue', results: rules.map((rule) => ({ rule, outcome: 'passed', metrics: {}, reason: null, failedRows: null })) });
const finds = (asked: string, given: string, pii: string[] = []) => createAnswerFinder(answered(given), { pii })(readRule(asked)) !== undefined;

describe('parseJobQuality', () => {
  it('reads what a job writes, and takes what is left out for unknown', () => {
    const written = { engine: 'glue', results: [{ rule: 'RowCount > 0', outcome: 'passed', metrics: { 'Dataset.*.RowCount': 10 } }] };
    expect(parseJobQuality(written, { table: 'm', where })).toEqual({ engine: 'glue', results: [{ ...written.results[0], reason: null, failedRows: null }] });
  });
  it.each([
    [{ engine: 'glue' }, /results/],
    [{ engine: '', results: [] }, /engine/],
    [{ engine: 'glue', results: [{ rule: 'x', outcome: 'Passed', metrics: {} }] }, /results\.0\.outcome/],
    [{ engine: 'glue', results: [{ rule: 'x', outcome: 'passed', metrics: { a: 'secret' } }] }, /results\.0\.metrics\.a/],
    ['secret', /\(whole\)/],
  ])('says where %j is wrong, and not what stands there', (written, place) => {
    const thrown = (() => {
      try {
        return parseJobQuality(written, { table: 'm', where });
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(PermanentError);
    expect((thrown as Error).message).toMatch(place);
    expect((thrown as Error).message).not.toContain('secret');
  });
  it('throws nothing but its own error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          parseJobQuality(value, { table: 'm', where });
        } catch (error) {
          expect(error).toBeInstanceOf(PermanentError);
        }
      }),
    );
  });
});

describe('createAnswerFinder', () => {
  it.each([
    ['RowCount > 0', 'RowCount>0'],
    ['RowCount > 0 labels = ["severity" = "warn"]', 'RowCount > 0'],
    ['IsComplete "a"', 'IsComplete "a" labels = ["team" = "drugs"]'],
    ['(IsComplete "a") and (RowCount > 1)', '(IsComplete "a")   and (RowCount > 1)'],
    ['IsComplete "last(a)"', 'IsComplete "last(a)"'],
  ])('finds for %s what is said of %s', (asked, given) => expect(finds(asked, given)).toBe(true));

  it.each([
    ['another number', 'RowCount > 0', 'RowCount > 1'],
    ['another rule', 'RowCount > 0', 'ColumnCount > 0'],
    ['a text that is no rule', 'RowCount > 0', 'RowCount > 0, ColumnCount > 0'],
    ['a broken text', 'RowCount > 0', 'RowCount >'],
    ['an earlier run', 'RowCount > last()', 'RowCount > last()'],
    ['an earlier run within a composite rule', '(RowCount > 0) and (RowCount > avg(last(3)))', '(RowCount > 0) and (RowCount > avg(last(3)))'],
    ['a file', 'FileSize > 1 MB', 'FileSize > 1 MB'],
    ['an anomaly', 'DetectAnomalies "RowCount"', 'DetectAnomalies "RowCount"'],
  ])('finds nothing in what is said of %s', (_case, asked, given) => expect(finds(asked, given)).toBe(false));

  it.each([['IsComplete "name"', true], ['IsComplete "NAME"', true], ['CustomSql "select count(*) from primary where name is null" = 0', true], ['IsComplete "surname"', false]])('for %s with the personal column name: left to the gate is %s', (rule, isLeft) => {
    expect(finds(rule, rule)).toBe(true);
    expect(finds(rule, rule, ['name'])).toBe(!isLeft);
  });

  it('finds nothing where nothing was judged', () => {
    expect(createAnswerFinder(undefined, { pii: [] })(readRule('RowCount > 0'))).toBeUndefined();
  });

  it('gives the rule back as the printer writes it', () => {
    const rule = readRule('IsComplete   "a" labels = ["severity" = "warn"]');
    expect(createAnswerFinder(answered(printRule(rule)), { pii: [] })(rule)?.rule).toBe('IsComplete "a"');
  });
});
