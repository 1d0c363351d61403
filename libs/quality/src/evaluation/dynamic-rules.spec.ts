import type { PastMetric, Relation } from './check';
import { check, checkOne, openLake, type TestLake } from './duckdb.test-support';
import { writeNumber } from './dynamic-number';
import * as fc from 'fast-check';

const past = (values: readonly number[]): PastMetric[] => values.map((value, index) => ({ at: new Date(Date.UTC(2026, 10, 19 - index)).toISOString(), value }));

describe('dynamic rules', () => {
  let lake: TestLake;
  let table: Relation;
  beforeAll(async () => {
    lake = await openLake();
    table = await lake.table('t', 'SELECT i::INTEGER AS id FROM range(10) t(i)');
  });
  afterAll(() => lake.close());
  const history = (metric: string) => (metric === 'Dataset.*.RowCount' ? past([10, 20, 30, 40]) : metric === 'Column.id.Minimum' ? past([-1]) : []);

  it.each([
    ['RowCount = last()', 'RowCount = 10', 'passed'],
    ['RowCount = last(1)', 'RowCount = 10', 'passed'],
    ['RowCount < avg(last(3))', 'RowCount < 20', 'passed'],
    ['RowCount < avg(last(100)) - 15', 'RowCount < 10', 'failed'],
    ['RowCount between min(last(4)) - 1 and max(last(4)) + 1', 'RowCount between 9 and 41', 'passed'],
    ['RowCount = sum(last(2)) / 3', 'RowCount = 10', 'passed'],
    ['RowCount = 1 + last() * 2', 'RowCount = 22', 'failed'],
    ['RowCount < median(last(4))', 'RowCount < 25', 'passed'],
    ['RowCount < std(last(2))', 'RowCount < 5', 'failed'],
    ['RowCount <= percentile(last(4), 0.9)', 'RowCount <= 37', 'passed'],
    ['RowCount <= percentile(last(4), 90)', 'RowCount <= 37', 'passed'],
    ['RowCount = index(last(4), 1) - abs(-10)', 'RowCount = 10', 'passed'],
    ['ColumnCount > last()', 'ColumnCount > 0', 'passed'],
    ['ColumnCount >= avg(last(10))', 'ColumnCount >= 0', 'passed'],
    ['ColumnValues "id" > last()', 'ColumnValues "id" > -1', 'passed'],
    ['ColumnValues "id" > 3 with threshold >= last() + 0.7', 'ColumnValues "id" > 3 with threshold >= 0.7', 'failed'],
    ['(RowCount = last()) and (ColumnCount = 1)', '(RowCount = 10) and (ColumnCount = 1)', 'passed'],
  ])('%s works out to %s', async (rule, evaluatedRule, outcome) => {
    expect(await checkOne(lake, table, rule, { history })).toMatchObject({ rule, evaluatedRule, outcome });
  });

  it.each([
    ['RowCount > last(3)', 'A list of 3 earlier values stands where one number is due; reduce it, as in avg(last(3)).'],
    ['RowCount > index(last(2), 2)', 'The call index(…, 2) is beyond the 2 earlier values that there are; the newest is 0.'],
    ['RowCount > avarage(last(2))', 'There is no function avarage.'],
    ['RowCount > mediam(last(2))', 'There is no function mediam (did you mean median?).'],
    ['RowCount > constructor(last(2))', expect.stringMatching(/^There is no function constructor/)],
    ['RowCount > last(0)', 'The call last(0) asks for no whole number of values.'],
    ['RowCount > 1 / (2 - 2)', 'The condition works out to no finite number.'],
    ['RowCount > percentile(last(4), 101)', 'The call percentile(…, 101) is out of range; give a share up to 1, or percent.'],
    ['RowCount > avg()', 'The call avg() has 0 arguments, which is not how it is called.'],
  ])('%s is an error', async (rule, reason) => {
    expect(await checkOne(lake, table, rule, { history })).toMatchObject({ outcome: 'error', reason });
  });

  it('shows no numbers where there is nothing to work out', async () => {
    const [result] = await check(lake, table, ['RowCount > 3 + 4']);
    expect(result).toMatchObject({ outcome: 'passed' });
    expect(result).not.toHaveProperty('evaluatedRule');
  });

  it('writes numbers as DQDL reads them', () => {
    fc.assert(fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).filter((value) => value === 0 || Math.abs(value) > 1e-6), fc.maxSafeInteger(), fc.constantFrom(1e21, -1.5e300)), (value) => {
      const written = writeNumber(value);
      expect(written).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(written)).toBeCloseTo(value, 10);
    }));
  });

  it('detects what is out of the ordinary, and says what was expected', async () => {
    const ordinary = (metric: string) => (metric === 'Dataset.*.RowCount' ? past(Array.from({ length: 30 }, (_, index) => 1000 + (index % 3))) : []);
    const result = await checkOne(lake, table, 'DetectAnomalies "RowCount"', { history: ordinary });
    expect(result).toMatchObject({ outcome: 'failed', metrics: { 'Dataset.*.RowCount': 10 } });
    expect(result.reason).toBe('RowCount: 10 is below the expected 990.495 to 1010.5, from the past values of 4 Fridays.');
    const usual = (metric: string) => (metric === 'Dataset.*.RowCount' ? past(Array.from({ length: 30 }, (_, index) => 9 + (index % 3))) : []);
    expect(await checkOne(lake, table, 'DetectAnomalies "RowCount"', { history: usual })).toMatchObject({ outcome: 'passed', reason: null });
  });

  it('passes with a remark while the history is too short, alone and within other rules', async () => {
    const short = (metric: string) => (metric === 'Dataset.*.RowCount' ? past([10, 10, 10]) : []);
    const remark = 'RowCount: Still learning: there are 3 of the 7 past values that it takes.';
    const tell = async (rule: string) => {
      const { outcome, reason } = await checkOne(lake, table, rule, { history: short });
      return [outcome, reason];
    };
    expect(await tell('DetectAnomalies "RowCount"')).toEqual(['passed', remark]);
    expect(await tell('(DetectAnomalies "RowCount") and (ColumnCount = 1)')).toEqual(['passed', remark]);
    expect(await tell('(DetectAnomalies "RowCount") or (ColumnCount = 2)')).toEqual(['passed', remark]);
    expect(await tell('(DetectAnomalies "RowCount") and (ColumnCount = 2)')).toEqual(['failed', 'ColumnCount is 1, expected = 2.']);
  });

  it('detects nothing without a history, and takes every metric of a type', async () => {
    expect(await checkOne(lake, table, 'DetectAnomalies "ColumnValues" "id"')).toMatchObject({ outcome: 'passed', metrics: { 'Column.id.Minimum': 0, 'Column.id.Maximum': 9 } });
    expect(await checkOne(lake, table, 'DetectAnomalies "CustomSQL" "select count(*) from primary"')).toMatchObject({ outcome: 'passed', metrics: { 'Dataset.*.CustomSQL': 10 } });
    expect(await checkOne(lake, table, 'DetectAnomalies "Nonsense"')).toMatchObject({ outcome: 'error' });
  });
});
