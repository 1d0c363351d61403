import { shortenStatement } from './statement-names';

it('is the same for the same statement on other paths and in other line breaks', () => {
  const copy = (file: string) => `copy (select *\n  from read_csv('${file}'))\n to '${file}.parquet' (format parquet)`;
  expect(shortenStatement(copy('/tmp/a/1.csv'))).toBe("copy (select * from read_csv('…')) to '…' (format parquet)");
  expect(shortenStatement(copy('/tmp/b/2.csv'))).toBe(shortenStatement(copy('/tmp/a/1.csv')));
});

it('keeps the beginning and the end of a long statement', () => {
  const name = shortenStatement(`select ${'column_of_a_table, '.repeat(50)}1 from wide`);
  expect(name.length).toBeLessThanOrEqual(90);
  expect(name).toMatch(/^select column_of_a_table, .* … .*1 from wide$/);
});
