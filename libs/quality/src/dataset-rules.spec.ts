import { RulesetError, type RulesetProblem } from '@inlet/errors';
import { parseRuleset, printRule, RULE_TYPES, type Rule } from './dqdl';
import { compileRowCondition, type RuleTarget } from './evaluation';
import { findReferences, printRules, readDatasetRules, type RuledTable } from './dataset-rules';

const TABLES: RuledTable[] = [{ name: 'products' }, { name: 'packages' }];

function problemsOf(text: string, tables: readonly RuledTable[] = TABLES): readonly RulesetProblem[] {
  try {
    readDatasetRules(text, { tables, references: ['bronze_rows'] });
  } catch (error) {
    if (error instanceof RulesetError) return error.problems;
    throw error;
  }
  return [];
}

describe('readDatasetRules', () => {
  it('tells each rule its table and its severity, by its labels or the default ones', () => {
    const { rules } = readDatasetRules(
      `DefaultLabels = ["table" = "products", "severity" = "warn", "team" = "drugs"]
       Rules = [
         RowCount > 0 labels = ["severity" = "critical"],
         IsComplete "ndc",
         ColumnLength "code" = 12 labels = ["table" = "packages", "severity" = "quarantine"]
       ]`,
      { tables: TABLES },
    );
    expect(rules.map(({ table, severity }) => [table, severity])).toEqual([['products', 'critical'], ['products', 'warn'], ['packages', 'quarantine']]);
    expect(rules[2]?.rule.labels.map(({ key, value }) => [key, value])).toEqual([['table', 'packages'], ['severity', 'quarantine'], ['team', 'drugs']]);
  });
  it('is about the only table there is, and critical, where nothing else is said', () => {
    const { rules } = readDatasetRules('Rules = [ RowCount > 0 ] Analyzers = [ Completeness "ndc" ]', { tables: [{ name: 'products' }] });
    expect(rules).toMatchObject([{ table: 'products', severity: 'critical' }]);
  });
  it('takes an analyzer for one of each table that a rule is about, or of the default one', () => {
    const tablesOf = (text: string) => readDatasetRules(text, { tables: [...TABLES, { name: 'others' }] }).analyzers.map(({ table, analyzer }) => [table, analyzer.type]);
    const rules = 'Rules = [ RowCount > 0 labels = ["table" = "packages"], RowCount > 1 labels = ["table" = "products"], RowCount > 2 labels = ["table" = "products"] ]';
    expect(tablesOf(`${rules} Analyzers = [ Completeness "a", RowCount ]`)).toEqual([['products', 'Completeness'], ['packages', 'Completeness'], ['products', 'RowCount'], ['packages', 'RowCount']]);
    expect(tablesOf(`DefaultLabels = ["table" = "others"] ${rules} Analyzers = [ Completeness "a" ]`)).toEqual([['others', 'Completeness']]);
  });
  it('has nothing against labels of other keys', () => {
    expect(problemsOf('Rules = [ RowCount > 0 labels = ["table" = "products", "team" = "drugs", "label" = "x", "owner" = "y", "tablet" = "no", "security" = "high"] ]')).toEqual([]);
  });
  it('takes a text of nothing for no rules, as in a dataset that has no such file', () => {
    expect(readDatasetRules('', { tables: TABLES }).rules).toEqual([]);
  });
  it('names the file in which the parser finds a problem', () => {
    expect(() => readDatasetRules('Rules = [\n  IsComplet "id"\n]', { tables: TABLES })).toThrow(/quality\.dqdl.*line 2, column 3.*did you mean `IsComplete`/s);
  });
  it.each<[string, string, Partial<RulesetProblem>]>([
    ['no table where there are several', 'Rules = [\n  RowCount > 0 ]', { line: 2, column: 3, found: 'no label "table"', expected: ['labels = ["table" = "products"]', 'labels = ["table" = "packages"]'] }],
    ['an unknown table', 'Rules = [ RowCount > 0 labels = ["table" = "product"] ]', { line: 1, column: 34, found: '"product"', nearest: '"products"' }],
    ['an unknown default table, once for each rule', 'DefaultLabels = ["table" = "x"] Rules = [ RowCount > 0 ]', { line: 1, column: 18, found: '"x"' }],
    ['an unknown severity', 'Rules = [ RowCount > 0 labels = ["table" = "products", "severity" = "warm"] ]', { column: 56, found: '"warm"', expected: ['"critical"', '"warn"', '"quarantine"'], nearest: '"warn"' }],
    ['quarantine by a rule on the whole table', 'Rules = [ Mean "a" > 0 labels = ["table" = "products", "severity" = "quarantine"] ]', { column: 56, what: expect.stringContaining('single rows') as unknown as string }],
    ['quarantine by a composite of which a part is about the whole table', 'Rules = [ ((IsComplete "a") and (RowCount > 1)) labels = ["table" = "products", "severity" = "quarantine"] ]', { found: '"quarantine"' }],
    ['a severity of a part of a rule', 'Rules = [ ((IsComplete "a" labels = ["severity" = "warn"]) or (RowCount > 1)) labels = ["table" = "products"] ]', { what: 'A part of a composite rule has a label "severity"' }],
    ['a reference that there is not', 'Rules = [ ReferentialIntegrity "id" "product.{id,b}" = 1.0 labels = ["table" = "packages"] ]', { line: 1, column: 37, found: '"product"', nearest: '"products"' }],
    ['a comparison with no table', 'Rules = [ RowCountMatch "prior" = 1.0 labels = ["table" = "packages"] ]', { column: 25, found: '"prior"', expected: ['"products"', '"packages"', '"bronze_rows"'] }],
    ['quarantine by other rows of the same table', 'Rules = [ ReferentialIntegrity "id" "packages.id" = 1.0 labels = ["table" = "packages", "severity" = "quarantine"] ]', { column: 37, expected: ['"products"', '"bronze_rows"'] }],
    ['an analyzer without a table', 'Analyzers = [ Completeness "a" ]', { what: 'An analyzer does not say which table it is about', expected: ['DefaultLabels = ["table" = "products"]', 'DefaultLabels = ["table" = "packages"]'] }],
    ['a misspelt label for the table', 'Rules = [ RowCount > 0 labels = ["tabel" = "products"] ]', { column: 34, found: 'the label "tabel"', nearest: '"table"' }],
    ['a misspelt default label for the table', 'DefaultLabels = ["Table" = "products"] Rules = [ RowCount > 0 ]', { column: 18, found: 'the label "Table"', nearest: '"table"' }],
    ['a misspelt label for the severity', 'Rules = [ RowCount > 0 labels = ["table" = "products", "severty" = "warn"] ]', { column: 56, found: '"severty"', nearest: '"severity"' }],
  ])('refuses %s, with its place and what could stand there', (_what, text, problem) => {
    expect(problemsOf(text)).toMatchObject([problem]);
  });
  it('reports every problem at once', () => {
    expect(problemsOf('Rules = [ RowCount > 0, IsComplete "a" labels = ["severity" = "x"] ]')).toHaveLength(3);
  });

  it('knows the other tables by their names, and the bronze ones', () => {
    const { rules } = readDatasetRules('Rules = [ ((ReferentialIntegrity "id" "packages.id" = 1.0) or (RowCountMatch "bronze_rows" = 1.0)) labels = ["table" = "packages"] ]', { tables: TABLES, references: ['bronze_rows'] });
    expect(rules.flatMap(({ rule }) => findReferences(rule))).toEqual(['packages', 'bronze_rows']);
  });

  const masked: RuledTable[] = [{ name: 'people', masks: { email: { method: 'hash' }, name: { method: 'redact' } } }];
  it.each([
    ['ColumnValues "email" matches ".+@.+"', 1],
    ['(IsComplete "email") and (ColumnLength "email" > 3)', 1],
    ['IsUnique "name"', 1],
    ['IsUnique "email"', 0],
    ['IsComplete "name"', 0],
    ['ColumnValues "city" = "x"', 0],
    ['ColumnValues "constructor" = "x"', 0],
    ['ColumnValues "email" matches ".+@.+" labels = ["severity" = "quarantine"]', 0],
  ])('of masked columns, %s has %i problems', (rule, count) => {
    expect(problemsOf(`Rules = [ ${rule} ]`, masked)).toHaveLength(count);
  });
});

describe('the rules that may quarantine rows', () => {
  const columns = [...new Set(RULE_TYPES.flatMap(({ example }) => [...example.matchAll(/"([a-z_]+)"/g)].map(([, name]) => name ?? '')))].map((name) => ({ name, type: 'VARCHAR' }));
  const target = { primary: { from: 't', columns }, references: new Map(['products', 'reference'].map((name) => [name, { from: name, columns }])), now: new Date() };

  it.each(RULE_TYPES.filter(({ rule }) => rule).map(({ name, example }) => [name, example]))('are those that can be asked of one row: %s', (_name, example) => {
    const text = `DefaultLabels = ["severity" = "quarantine"] Rules = [ ${example} ]`;
    const isAccepted = problemsOf(text, [{ name: 't' }]).every(({ what }) => !what.includes('single rows'));
    const [rule] = parseRuleset(`Rules = [ ${example} ]`).rules;
    expect(isAccepted).toBe(rule !== undefined && askRow(rule, target) !== null);
  });
});

/** A rule that only has the wrong type for it is one on rows all the same. */
function askRow(rule: Rule, target: RuleTarget): string | null {
  try {
    return compileRowCondition(rule, target);
  } catch (error) {
    if (error instanceof RulesetError) return error.message;
    throw error;
  }
}

describe('printRules', () => {
  it('writes some of the rules with the variables they may need, and lets no default label speak for the others', () => {
    const text = `codes = ["a", "b"]\nDefaultLabels = ["table" = "products"]\nRules = [ ColumnValues "x" in $codes, RowCount > 0, IsComplete "x" labels = ["severity" = "warn"] ]`;
    const read = readDatasetRules(text, { tables: TABLES });
    const [first, , third] = read.rules.map(({ rule }) => rule);
    const printed = parseRuleset(printRules(read, [first!, third!]));
    expect(printed.defaultLabels).toEqual([]);
    expect(printed.rules.map(printRule)).toEqual(['ColumnValues "x" in $codes labels = ["table" = "products"]', 'IsComplete "x" labels = ["table" = "products", "severity" = "warn"]']);
    expect(printed.variables.map(({ name }) => name)).toEqual(['codes']);
  });
});
