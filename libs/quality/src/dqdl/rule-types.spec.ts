import { parseRuleset } from './parse-ruleset';
import { findRuleType, findSignature, RULE_TYPES } from './rule-types';

describe('the table of rule types', () => {
  it.each(RULE_TYPES)('has an example of $name that is accepted without a warning', ({ name, rule, example }) => {
    const { rules, analyzers, warnings } = parseRuleset(`${rule ? 'Rules' : 'Analyzers'} = [ ${example} ]`);
    expect([...rules, ...analyzers]).toEqual([expect.objectContaining({ type: name })]);
    expect(warnings).toEqual([]);
  });
  it.each(RULE_TYPES)('says of $name in one sentence what it checks', ({ summary }) => {
    expect(summary).toMatch(/^[A-Z][^|\n]+\.$/);
    expect(summary).not.toMatch(/\. [A-Z]/);
  });
  it('is in the order of the alphabet, each name once', () => {
    const names = RULE_TYPES.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
  });
  it('has signatures that the number of arguments tells apart', () => {
    for (const type of RULE_TYPES) {
      for (const signature of type.signatures) expect(findSignature(type, signature.parameters.length)).toBe(signature);
    }
  });
  it('has every rule type that AWS documents', () => {
    const documented = `AggregateMatch AllStatistics ColumnCorrelation ColumnCount ColumnDataType ColumnExists ColumnLength ColumnNamesMatchPattern ColumnValues Completeness CustomSql DataFreshness DatasetMatch DetectAnomalies
      DistinctValuesCount Entropy FileFreshness FileMatch FileSize FileUniqueness IsComplete IsPrimaryKey IsUnique Mean ReferentialIntegrity RowCount RowCountMatch SchemaMatch StandardDeviation Sum UniqueValueRatio Uniqueness`.split(/\s+/);
    for (const name of documented) expect(findRuleType(name)?.name).toBe(name);
  });
});
