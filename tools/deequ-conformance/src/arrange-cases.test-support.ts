/** Which rules go to Deequ together: many at once are quick, but some of them show each other's metrics and must not meet. */
import type { DeequCase } from '@inlet/testing';
import { CONFORMANCE_RULES, type RulesOfTable } from './conformance-rules.test-support';
import type { ReferenceName, TableName } from './generated-tables.test-support';

/** One ruleset for Deequ. */
export interface ArrangedCase extends RulesOfTable {
  name: string;
}

/** Spark as it is set up for lakes that it alone has written, without what takes its time over a hundred rows. */
export const DEEQU_OPTIONS = {
  settings: {
    'spark.sql.parquet.inferTimestampNTZ.enabled': 'false',
    'spark.sql.parquet.datetimeRebaseModeInRead': 'CORRECTED',
    'spark.sql.legacy.timeParserPolicy': 'CORRECTED',
    'spark.sql.codegen.wholeStage': 'false',
    'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
    'spark.sql.adaptive.enabled': 'false',
    'spark.sql.shuffle.partitions': '1',
  },
  jvm: ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
};

/** The plans of one ruleset grow faster than its rules. */
const MOST_RULES = 50;

/**
 * Deequ looks a rule's metrics up by column and name among those of the whole ruleset: lengths, patterns and SQL statements that are about one
 * column have one name there.
 */
const LEAKY = /(?<type>ColumnLength|CustomSql|ColumnValues (?="[^"]+" (?:not )?matches))\s*(?<column>"[^"]+")/g;

function listLeaks(rule: string): string[] {
  return [...rule.matchAll(LEAKY)].map(({ groups }) => (groups?.['type'] === 'CustomSql' ? 'CustomSql' : `${groups?.['type']}${groups?.['column']}`));
}

export function arrangeCases(all: readonly RulesOfTable[] = CONFORMANCE_RULES): ArrangedCase[] {
  return all.flatMap((of, index) => {
    const groups: { rules: string[]; leaks: Set<string> }[] = [];
    for (const rule of of.rules) {
      const leaks = listLeaks(rule);
      let group = groups.find(({ rules, leaks: taken }) => rules.length < MOST_RULES && leaks.every((leak) => !taken.has(leak)));
      if (group === undefined) groups.push((group = { rules: [], leaks: new Set() }));
      group.rules.push(rule);
      for (const leak of leaks) group.leaks.add(leak);
    }
    return groups.map(({ rules }, part) => ({ ...of, rules, name: `${of.table} ${index}.${part}` }));
  });
}

export function toDeequ(arranged: ArrangedCase, pathOf: (name: TableName | ReferenceName) => string): DeequCase {
  const { name, table, references = [], rules, preamble, rows } = arranged;
  return { name, table: pathOf(table), references: Object.fromEntries(references.map((alias) => [alias, pathOf(alias)])), rules, preamble, rowId: rows ? 'id' : undefined };
}
