/** Lets people write `nsde.elements` for Athena as they do on one machine: a dataset's schema becomes its Glue database. */
import { quoteName } from '@inlet/sql';

interface Token {
  kind: 'word' | 'quoted' | 'other';
  /** A word in lower case, or what stands between quotes, or the character. */
  text: string;
  start: number;
  end: number;
}

/** Strings, comments and white space are passed over. What is none of these is one character. */
const LEXEME = /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|\s+)|"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*|\d[\p{L}\p{N}_.]*)|[\s\S]/gu;

/** Athena's name for the catalog of Glue. */
const CATALOG = 'awsdatacatalog';

/** Words that begin a table's place, and those that end a list of tables. */
const TABLE_FOLLOWS = new Set(['from', 'join', 'describe', 'desc', 'table']);
const LIST_ENDS = new Set(['select', 'where', 'group', 'having', 'order', 'limit', 'offset', 'fetch', 'window', 'union', 'except', 'intersect', 'values']);
/** First words of what may stand in brackets and have a FROM of its own; `extract(day from x)` has none. */
const QUERY_BEGINS = new Set(['select', 'with', 'from', 'table', 'values']);

/**
 * `select … from nsde.elements` becomes `select … from "inlet_nsde"."elements"` for the datasets given (id to database; `-` in an id is `_` in
 * SQL). Only where a table may stand, and for `nsde.elements.ndc11` where that table is read; all else is left as it is, byte for byte.
 */
export function qualifyTables(sql: string, databases: Readonly<Record<string, string>>): string {
  const bySchema = new Map(Object.entries(databases).map(([dataset, database]) => [dataset.replaceAll('-', '_'), database]));
  const tokens = readTokens(sql);
  const places = findTablePlaces(tokens);
  const nameAt = (index: number) => readQualifiedName(tokens, index, bySchema);
  const read = new Set([...places].flatMap((index) => nameAt(index)?.key ?? []));
  const parts: string[] = [];
  let copied = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    const name = nameAt(index);
    // A column is only taken for one of a table that this statement reads: `nsde.a.b` may also be a field of an alias's column.
    if (name === undefined || !(places.has(index) || (name.isColumn && read.has(name.key)))) continue;
    parts.push(sql.slice(copied, name.start), name.replacement);
    copied = name.end;
  }
  return parts.join('') + sql.slice(copied);
}

export interface NamedTable {
  database: string;
  table: string;
}

/** Tables of these databases that a statement reads, each once, as Athena names them: `inlet_nsde.elements`, with or without the catalog before it. */
export function listTables(sql: string, databases: readonly string[]): NamedTable[] {
  const known = new Map(databases.map((database) => [database, database]));
  const tokens = readTokens(sql);
  const found = new Map<string, NamedTable>();
  for (const place of findTablePlaces(tokens)) {
    const isUnderCatalog = tokens[place]?.text.toLowerCase() === CATALOG && isDot(tokens[place + 1]);
    const name = readQualifiedName(tokens.slice(isUnderCatalog ? place + 2 : place, place + 6), 0, known);
    if (name !== undefined) found.set(name.key, { database: name.database, table: name.table });
  }
  return [...found.values()];
}

function readTokens(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(LEXEME)) {
    const [all, passed, quoted, word] = match;
    if (passed !== undefined) continue;
    const kind = quoted !== undefined ? 'quoted' : word !== undefined ? 'word' : 'other';
    const text = quoted?.replaceAll('""', '"') ?? word?.toLowerCase() ?? all;
    tokens.push({ kind, text, start: match.index, end: match.index + all.length });
  }
  return tokens;
}

/** One pair of brackets, or the whole statement. */
interface Frame {
  /** Whether a FROM in it begins a list of tables. */
  holdsQuery: boolean;
  inTables: boolean;
}

/** Indexes of the tokens at which the name of a table begins. */
function findTablePlaces(tokens: readonly Token[]): Set<number> {
  const places = new Set<number>();
  const frames: Frame[] = [{ holdsQuery: true, inTables: false }];
  let expected = false;
  tokens.forEach((token, index) => {
    const frame = frames.at(-1) ?? { holdsQuery: true, inTables: false };
    if (expected && (token.kind === 'quoted' || (token.kind === 'word' && !TABLE_FOLLOWS.has(token.text)))) places.add(index);
    if (token.kind === 'other') {
      if (token.text === '(') frames.push(openFrame(tokens[index + 1], expected));
      if (token.text === ')' && frames.length > 1) frames.pop();
      expected = (token.text === '(' && expected) || (token.text === ',' && frame.inTables);
      return;
    }
    const isKeyword = token.kind === 'word' && !isDot(tokens[index - 1]) && !isDot(tokens[index + 1]);
    expected = isKeyword && frame.holdsQuery && TABLE_FOLLOWS.has(token.text) && !(token.text === 'from' && isDistinctFrom(tokens, index));
    if (expected) frame.inTables = true;
    else if (isKeyword && LIST_ENDS.has(token.text)) frame.inTables = false;
  });
  return places;
}

function openFrame(first: Token | undefined, inTables: boolean): Frame {
  const begins = first?.kind === 'word' && QUERY_BEGINS.has(first.text);
  return { holdsQuery: begins || inTables || first?.text === '(', inTables: inTables && !begins };
}

/** `a is distinct from nsde.b` compares; it reads no table. */
function isDistinctFrom(tokens: readonly Token[], index: number): boolean {
  return tokens[index - 1]?.text === 'distinct' && ['is', 'not'].includes(tokens[index - 2]?.text ?? '');
}

function readQualifiedName(tokens: readonly Token[], index: number, bySchema: ReadonlyMap<string, string>) {
  const [before, schema, dot, table, after] = [tokens[index - 1], tokens[index], tokens[index + 1], tokens[index + 2], tokens[index + 3]];
  if (schema === undefined || table === undefined || schema.kind === 'other' || table.kind === 'other' || !isDot(dot) || isDot(before)) return undefined;
  const database = bySchema.get(schema.text.toLowerCase());
  if (database === undefined) return undefined;
  const name = table.text.toLowerCase();
  return { key: `${database}.${name}`, database, table: name, isColumn: after?.text === '.', start: schema.start, end: table.end, replacement: `${quoteName(database)}.${quoteName(name)}` };
}

const isDot = (token: Token | undefined) => token?.kind === 'other' && token.text === '.';
