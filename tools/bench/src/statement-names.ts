/** SQL statements short enough for a table, and the same for the same kind of statement in every run. */

const MAX_CHARS = 90;

/** One line, without the paths of this run, cut in the middle: how a statement begins and ends tells it apart. */
export function shortenStatement(sql: string): string {
  const line = sql
    .replace(/'[^']*[/\\][^']*'/g, "'…'")
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= MAX_CHARS) return line;
  const half = Math.floor((MAX_CHARS - 3) / 2);
  return `${line.slice(0, half)} … ${line.slice(-half)}`;
}
