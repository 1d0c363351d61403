import * as fc from 'fast-check';
import { readFilter, readQuery } from './sql-text';

describe('SQL of a ruleset', () => {
  it.each([
    ['`order id` > 3', '("order id" > 3)'],
    ['`a``b` = 1', '("a`b" = 1)'],
    ["x = 'a`b -- c (' and y", "(x = 'a`b -- c (' and y)"],
    ['x > 1 -- why', '(x > 1  )'],
    ['x /* ( */ > 1', '(x   > 1)'],
    ['\\"the x\\" > 1', '("the x" > 1)'],
    ["x ~ '\\\\d'", "(x ~ '\\\\d')"],
    ["x = E'\\'' and (y)", "(x = E'\\'' and (y))"],
    ['at is null and attic > 1', '("at" is null and attic > 1)'],
  ])('%s is the filter %s', (raw, filter) => {
    expect(readFilter(raw, ['at', 'x'])).toBe(filter);
  });

  it('quotes a reserved word only where a column is called so', () => {
    expect(readFilter("seen at time zone 'UTC' > x", ['seen', 'x'])).toBe("(seen at time zone 'UTC' > x)");
  });

  it('calls the table by its quoted name', () => {
    expect(readQuery('select primary.id from primary where x = \'primary\';')).toBe('select "primary".id from "primary" where x = \'primary\'');
  });

  it.each([
    ['x) or (y', 'The filter has a closing bracket too many.'],
    ['(x', 'The filter has an opening bracket too many.'],
    ["x = 'a", 'The filter has a quote that is not closed.'],
    ['x; drop table y', 'The filter is more than one statement.'],
    ['x /* y', 'The filter has a comment that is not closed.'],
    ['x = $$(($$', 'The filter has a dollar sign outside its texts and names.'],
  ])('%s is refused', (raw, reason) => {
    expect(() => readFilter(raw, [])).toThrow(reason);
  });

  it('never closes the bracket that it stands in', () => {
    const unit = fc.constantFrom('(', ')', "'", '"', '`', '-', '/', '*', ';', 'x', ' ', '\n', '\\');
    fc.assert(fc.property(fc.string({ unit, maxLength: 30 }), (raw) => {
      let filter: string;
      try {
        filter = readFilter(raw, []);
      } catch (error) {
        expect((error as Error).message).toMatch(/^The filter (has|is)/);
        return;
      }
      const bare = filter.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '_');
      expect(bare).not.toMatch(/--|\/\*|['"`]/);
      let depth = 0;
      for (const [at, char] of [...bare].entries()) {
        depth += char === '(' ? 1 : char === ')' ? -1 : 0;
        expect(depth > 0 || at === bare.length - 1).toBe(true);
      }
    }), { numRuns: 3000 });
  });
});
