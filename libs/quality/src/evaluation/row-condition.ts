/** Rules as SQL over single rows, for whoever marks, keeps back or counts the rows that fail. */
import { RulesetError } from '@inlet/errors';
import { printRule, type Rule, type SimpleRule } from '../dqdl';
import type { RuleTarget } from './rule-target';
import { readColumns, readScope } from './rule-target';
import { RuleProblem } from './rule-problem';
import { readIntegrity, testIntegrity } from './reference-rules';
import { findRowTest } from './row-rules';
import { composeRowTest, narrowScope, type RowTest } from './row-test';

/**
 * A SQL expression over the table's own column names, without qualification: TRUE for a row that meets the rule, FALSE for one that does
 * not, NULL for one that the rule is not about. Null where the rule says nothing of single rows. It may look into `primary.from` and the
 * references. Throws RulesetError where the rule does not go with the table.
 */
export function compileRowCondition(rule: Rule, target: RuleTarget): string | null {
  try {
    return writeCondition(rule, target);
  } catch (error) {
    if (!(error instanceof RuleProblem)) throw error;
    const { line, column } = rule.span.start;
    throw new RulesetError({ what: 'A rule does not go with the table', where: `line ${line}, column ${column}: ${printRule(rule).slice(0, 120)}`, found: error.message, next: 'Correct the rule.' });
  }
}

/** Throws RuleProblem. */
export function writeCondition(rule: Rule, target: RuleTarget): string | null {
  if (rule.kind === 'composite') {
    const conditions = rule.rules.map((operand) => writeCondition(operand, target));
    return conditions.some((condition) => condition === null) ? null : `(${conditions.join(` ${rule.operator.toUpperCase()} `)})`;
  }
  const test = findRowTest(rule, target) ?? findLookupTest(rule, target);
  return test && composeRowTest(test);
}

/** Tests that look at other rows. */
function findLookupTest(rule: SimpleRule, target: RuleTarget): RowTest | null {
  switch (rule.type) {
    case 'IsUnique':
    case 'Uniqueness':
    case 'UniqueValueRatio':
    case 'IsPrimaryKey':
      return testUniqueness(rule, target);
    case 'ReferentialIntegrity':
      return { scope: null, meets: testIntegrity(readIntegrity(rule, target)) };
    default:
      return null;
  }
}

/** Rows whose columns are all NULL are no values, which only a primary key objects to. */
function testUniqueness(rule: SimpleRule, target: RuleTarget): RowTest {
  const columns = readColumns(rule, target).map(({ sql }) => sql);
  const scope = readScope(rule, target);
  const keys = columns.map((column, index) => `${column} AS "inlet_k${index}"`);
  const repeated = `SELECT ${keys.join(', ')} FROM ${target.primary.from}${scope === null ? '' : ` WHERE ${scope}`} GROUP BY ${columns.join(', ')} HAVING count(*) > 1`;
  const equal = columns.map((column, index) => `"inlet_k${index}" IS NOT DISTINCT FROM ${column}`);
  const isSingle = `NOT EXISTS (SELECT 1 FROM (${repeated}) WHERE ${equal.join(' AND ')})`;
  const areValues = columns.map((column) => `${column} IS NOT NULL`);
  if (rule.type === 'IsPrimaryKey') return { scope, meets: `${areValues.join(' AND ')} AND ${isSingle}` };
  return { scope: narrowScope(scope, areValues.join(' OR ')), meets: isSingle };
}
