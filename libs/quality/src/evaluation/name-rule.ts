/** ColumnNamesMatchPattern, by the engine's own patterns, so that one dialect holds everywhere. */
import { quoteText } from '@inlet/sql';
import type { CheckContext } from './check';
import type { CompileRule } from './compiled-rule';
import { failed, listMetrics, passed } from './conclusion';
import { translatePattern } from './java-pattern';
import { readRawArgument } from './rule-target';

/** Which of the texts have a part that matches the pattern. */
export async function filterByPattern(texts: readonly string[], pattern: string, { query }: Pick<CheckContext, 'query'>): Promise<Set<string>> {
  if (texts.length === 0) return new Set();
  const list = texts.map((text) => `(${quoteText(text)})`).join(', ');
  const rows = await query(`SELECT "text" FROM (VALUES ${list}) AS t("text") WHERE regexp_matches("text", ${quoteText(translatePattern(pattern))})`);
  return new Set(rows.map((row) => String(row['text'])));
}

export const compileColumnNames: CompileRule = ({ parameters }, context) => {
  const pattern = readRawArgument(parameters[0], context.variables);
  translatePattern(pattern);
  const names = context.primary.columns.map(({ name }) => name);
  return {
    run: async () => {
      const matching = await filterByPattern(names, pattern, context);
      const others = names.filter((name) => !matching.has(name));
      const metrics = listMetrics({ 'Dataset.*.ColumnNamesPatternMatchRatio': (names.length - others.length) / names.length });
      return others.length === 0 ? passed(metrics) : failed(`${others.length} of ${names.length} column names do not match: ${others.slice(0, 10).join(', ')}${others.length > 10 ? ', …' : ''}.`, metrics);
    },
  };
};
