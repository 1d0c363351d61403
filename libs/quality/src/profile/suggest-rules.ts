/** Proposes a ruleset for data that nobody has described: rules that hold for it today, each with the figures that it rests on. */
import type { CheckContext } from '../evaluation/check';
import { writeEscapes } from '../dqdl';
import { classifyQuoted } from '../dqdl/token';
import { type ClosedSet, findClosedSets } from './closed-sets';
import { type ColumnProfile, type Profile, profileColumns, type Query } from './profile-columns';
import { outerBounds, roundDown, wholeBand } from './margins';
import { findUniqueColumns, isKeyName } from './unique-columns';

export interface Suggestion {
  /** One rule of DQDL. */
  rule: string;
  /** What was measured, in a phrase; of a pii column never a value. */
  figures: string;
}

/** What is known when a column's rules are written. */
interface Findings {
  rows: number;
  pii: ReadonlySet<string>;
  unique: ReadonlySet<string>;
  primaryKey: string | undefined;
  sets: ReadonlyMap<string, ClosedSet>;
  /** Words that cannot name a column without quotes. */
  reserved: ReadonlySet<string>;
}

/** Codes have at most so many characters, and lengths that differ by no more than this. */
const LONGEST_CODE = 40;
const CODE_LENGTHS = 6;

/** The rules hold for these rows. Scans a few times, and once for each column that may be unique. */
export async function suggestRules({ primary, query, pii = new Set() }: Pick<CheckContext, 'primary' | 'query' | 'pii'>): Promise<Suggestion[]> {
  const profile = await profileColumns(primary, query);
  const unique = (await findUniqueColumns(profile, primary, query)).filter(canBeNamed);
  const findings: Findings = {
    rows: profile.rows,
    pii,
    unique: new Set(unique),
    primaryKey: unique.find(isKeyName) ?? unique[0],
    sets: await findClosedSets(profile.columns, primary, query, pii),
    reserved: await listReservedWords(query),
  };
  return [...suggestForTable(profile), ...profile.columns.flatMap((column) => suggestForColumn(column, findings))];
}

async function listReservedWords(query: Query): Promise<Set<string>> {
  const words = await query("SELECT keyword_name AS word FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'");
  return new Set(words.map(({ word }) => String(word)));
}

function suggestForTable({ rows, columns }: Profile): Suggestion[] {
  const suggestions: Suggestion[] = [];
  if (rows > 0) {
    const { below, above } = wholeBand(rows);
    suggestions.push({ rule: `RowCount between ${below} and ${above}`, figures: `${rows} rows; half to double of it` });
  }
  suggestions.push({ rule: `ColumnCount = ${columns.length}`, figures: `${columns.length} columns` });
  const pattern = NAME_PATTERNS.find((candidate) => columns.every(({ name }) => new RegExp(candidate).test(name)));
  if (pattern !== undefined) suggestions.push({ rule: `ColumnNamesMatchPattern "${pattern}"`, figures: 'every name is written so' });
  return suggestions;
}

const NAME_PATTERNS = ['^[a-z][a-z0-9_]*$', '^[A-Z][A-Z0-9_]*$', '^[A-Za-z][A-Za-z0-9_]*$'];

function suggestForColumn(column: ColumnProfile, findings: Findings): Suggestion[] {
  if (column.values === 0 || !canBeNamed(column.name)) return [];
  return [suggestCompleteness(column, findings), suggestUniqueness(column, findings), suggestForm(column, findings), suggestSet(column, findings), suggestLength(column, findings), ...suggestRange(column, findings)].flatMap(
    (suggestion) => suggestion ?? [],
  );
}

/** DQDL takes what looks like a date or a time of day for one, even where a column's name is due, and Spark backticks for quotes. */
function canBeNamed(name: string): boolean {
  return classifyQuoted(quote(name)) === 'text' && !name.includes('`');
}

function suggestCompleteness({ name, values }: ColumnProfile, { rows, primaryKey }: Findings): Suggestion | null {
  if (name === primaryKey) return null;
  if (values === rows) return { rule: `IsComplete ${quote(name)}`, figures: `no NULL in ${rows} rows` };
  const share = shareWithMargin(values, rows);
  return share === null ? null : { rule: `Completeness ${quote(name)} >= ${share}`, figures: `${rows - values} of ${rows} rows are NULL, ${Math.floor((values / rows) * 10_000) / 10_000} are not` };
}

function suggestUniqueness({ name }: ColumnProfile, { rows, primaryKey, unique }: Findings): Suggestion | null {
  if (name === primaryKey) return { rule: `IsPrimaryKey ${quote(name)}`, figures: `${rows} different values in ${rows} rows, and no NULL` };
  return unique.has(name) ? { rule: `IsUnique ${quote(name)}`, figures: `${rows} different values in ${rows} rows` } : null;
}

function suggestForm({ name, values, form }: ColumnProfile, { rows }: Findings): Suggestion | null {
  if (form === null) return null;
  const share = values === rows ? '' : shareWithMargin(values, rows);
  if (share === null) return null;
  const threshold = share === '' ? '' : ` with threshold >= ${share}`;
  return { rule: `ColumnDataType ${quote(name)} ${form.condition}${threshold}`, figures: values === rows ? `each of ${values} texts reads so` : `each of ${values} texts reads so; ${rows - values} of ${rows} rows have none` };
}

function suggestSet({ name, values }: ColumnProfile, { rows, sets }: Findings): Suggestion | null {
  const set = sets.get(name);
  if (set === undefined) return null;
  const operands = [...set.values.map((value) => (value === '' ? 'EMPTY' : quote(value))), ...(values < rows ? ['NULL'] : [])];
  return { rule: `ColumnValues ${quote(name)} in [${operands.join(', ')}]`, figures: `${set.values.length} different values in ${values}, the rarest ${set.rarest} times` };
}

function suggestLength(column: ColumnProfile, findings: Findings): Suggestion | null {
  const { name, lengths, form } = column;
  if (lengths === null || form !== null || findings.sets.has(name)) return null;
  const { shortest, longest } = lengths;
  if (longest === 0 || longest > LONGEST_CODE || longest - shortest > CODE_LENGTHS) return null;
  const where = concernsValues(column, findings);
  if (where === null) return null;
  const condition = shortest === longest ? `= ${longest}` : `between ${shortest - 1} and ${longest + 1}`;
  const measured = shortest === longest ? `${longest} characters each` : `${shortest} to ${longest} characters`;
  return { rule: `ColumnLength ${quote(name)} ${condition}${where}`, figures: `${measured}, in ${column.values} values` };
}

function suggestRange(column: ColumnProfile, findings: Findings): Suggestion[] {
  const { name, range, kind, distinct, values } = column;
  const isNumbering = kind === 'integer' && values > 1 && distinct >= 0.8 * values;
  if (range === null || findings.pii.has(name) || isNumbering || findings.unique.has(name)) return [];
  const bounds = outerBounds(range);
  const where = concernsValues(column, findings);
  if (bounds === null || where === null) return [];
  const figures = `${shorten(range.lowest)} to ${shorten(range.highest)} in ${values} values, and a tenth of the range on either side`;
  const rule = (condition: string) => ({ rule: `ColumnValues ${quote(name)} ${condition}${where}`, figures });
  return bounds.lower === '0' ? [rule('>= 0'), rule(`<= ${bounds.upper}`)] : [rule(`between ${bounds.lower} and ${bounds.upper}`)];
}

/** The `where` that leaves NULLs out; null where the column's name would need quotes, which engines write differently. */
function concernsValues({ name, values }: ColumnProfile, { rows, reserved }: Findings): string | null {
  if (values === rows) return '';
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name.toLowerCase()) ? ` where "${name} is not null"` : null;
}

/** Below the share by a hundredth, or three standard errors where that is more; null where nothing is left. */
function shareWithMargin(values: number, rows: number): string | null {
  const share = values / rows;
  const lower = roundDown(share - Math.max(0.01, 3 * Math.sqrt((share * (1 - share)) / rows)));
  return lower > 0 ? lower.toFixed(2) : null;
}

function shorten(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function quote(text: string): string {
  return `"${writeEscapes(text)}"`;
}
