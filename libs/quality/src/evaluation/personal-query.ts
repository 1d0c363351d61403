/** Whether what a ruleset's own query gives may be shown: not where it names a personal column, nor where it is another without the values of those. */
import { quoteName } from '@inlet/sql';
import type { Relation } from './check';
import { isPersonal, type RuleContext } from './compiled-rule';
import { toProblem } from './measure';

/** Whether the text has the name of a personal column in it, as a word, between quotes of any kind or within a text. */
export function namesPersonal(sql: string, context: RuleContext): boolean {
  return listPersonal(context).some((name) => writeNamePattern(name).test(sql));
}

/** Names of columns of all tables that the query may ask. */
function listPersonal(context: RuleContext): string[] {
  const relations = [context.primary, ...(context.references?.values() ?? [])];
  return relations.flatMap(({ columns }) => columns.map(({ name }) => name).filter((name) => isPersonal(context, name)));
}

function writeNamePattern(name: string): RegExp {
  const letters = [...name].map((letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${letters.join('')}(?![\\p{L}\\p{N}_$])`, 'iu');
}

/**
 * A query can reach a column without naming it, by a star or a place. So it is asked once more of tables whose personal columns are NULL: an answer that
 * is the same there tells nothing of them.
 */
export async function dependsOnPersonal(sql: string, context: RuleContext, isSame: (blanked: RuleContext) => Promise<boolean>): Promise<boolean> {
  if (listPersonal(context).length === 0) return false;
  if (namesPersonal(sql, context)) return true;
  const references = new Map([...(context.references ?? [])].map(([alias, relation]) => [alias, blankPersonal(relation, context)]));
  try {
    return !(await isSame({ ...context, primary: blankPersonal(context.primary, context), references }));
  } catch (error) {
    toProblem(error, context);
    return true;
  }
}

function blankPersonal(relation: Relation, context: RuleContext): Relation {
  const names = relation.columns.map(({ name }) => name).filter((name) => isPersonal(context, name)).map(quoteName);
  if (names.length === 0) return relation;
  return { ...relation, from: `(SELECT * REPLACE (${names.map((name) => `CASE WHEN FALSE THEN ${name} END AS ${name}`).join(', ')}) FROM ${relation.from})` };
}
