/** What may stand before the rules: metadata, data sources, variables and default labels, in this order. */
import { findNearest } from '@inlet/dataset';
import type { ParseContext } from './parse-context';
import { parseLabels } from './parse-labels';
import { Unreadable } from './problems';
import { readEscapes, type DictionaryEntry, type TextValue, type Variable } from './ruleset';
import { describeToken, unquote } from './token';
import type { TokenReader } from './token-reader';

export const SECTION_NAMES = ['Metadata', 'DataSources', 'DefaultLabels', 'Rules', 'Analyzers'];

/** AWS's parser refuses other keys. */
const METADATA_KEYS = ['Version'];
export const PRIMARY_SOURCE = 'Primary';
export const ADDITIONAL_SOURCES = 'AdditionalDataSources';

export interface Header {
  metadata: readonly DictionaryEntry[];
  dataSources: readonly DictionaryEntry[];
  variables: readonly Variable[];
}

/** Variables and default labels go into the context too. Throws Unreadable. */
export function parseHeader(context: ParseContext): Header {
  const { reader } = context;
  const metadata = reader.skip('Metadata') ? parseDictionary(context, METADATA_KEYS) : [];
  const dataSources = reader.skip('DataSources') ? parseDictionary(context, [PRIMARY_SOURCE, ADDITIONAL_SOURCES]) : [];
  for (const { key, value, position } of dataSources) {
    if (readEscapes(key) === ADDITIONAL_SOURCES && typeof value === 'string') {
      context.problems.add({ position, what: `${ADDITIONAL_SOURCES} is no list`, found: 'one text', expected: ['a list of texts: `[ "name" ]`'] });
    }
  }
  while (reader.isAt('name')) parseVariable(context);
  if (reader.skip('DefaultLabels')) context.defaultLabels.push(...parseLabels(context));
  return { metadata, dataSources, variables: [...context.variables.values()] };
}

function parseDictionary({ reader, problems }: ParseContext, keys: readonly string[]): DictionaryEntry[] {
  reader.expect('=', { what: 'A section is incomplete', expected: ['`=`'] });
  reader.expect('{', { what: 'A section is incomplete', expected: ['`{`'] });
  const entries: DictionaryEntry[] = [];
  do {
    const token = reader.expect('text', { what: 'A key is missing', expected: keys.map((key) => `"${key}"`) });
    const key = unquote(token.source);
    if (!keys.includes(readEscapes(key))) {
      problems.add({ position: token.position, what: 'A key is unknown', found: describeToken(token), expected: keys.map((known) => `"${known}"`), nearest: findNearest(key, keys) });
    }
    reader.expect(':', { what: 'A key has no value', expected: ['`:`'] });
    entries.push({ key, value: parseDictionaryValue(reader), position: token.position });
  } while (reader.skip(','));
  reader.expect('}', { what: 'A section is not ended', expected: ['`,`', '`}`'] });
  return entries;
}

function parseDictionaryValue(reader: TokenReader): string | string[] {
  const text = { what: 'A value is missing', expected: ['a text in double quotes that does not look like a date or time'] };
  if (!reader.skip('[')) return unquote(reader.expect('text', { ...text, expected: [...text.expected, '`[`'] }).source);
  const values: string[] = [];
  do values.push(unquote(reader.expect('text', text).source));
  while (reader.skip(','));
  reader.expect(']', { what: 'A list is not ended', expected: ['`,`', '`]`'] });
  return values;
}

/** `name = "text"` or `name = ["text", NULL]`. A problem with the value is reported, and the name is known all the same. */
function parseVariable(context: ParseContext): void {
  const { reader, problems, variables } = context;
  const { source: name, position } = reader.take();
  if (!reader.skip('=')) {
    problems.add({ position, what: 'A section or variable is not begun', found: `\`${name.slice(0, 40)}\``, expected: ['`Rules =`', '`Analyzers =`', 'a variable: `name = "text"`'], nearest: findNearest(name, SECTION_NAMES) });
    throw new Unreadable();
  }
  const value = parseVariableValue(reader, name);
  const report = (what: string, expected: string) => problems.add({ position, what, found: `\`${name.slice(0, 40)}\``, expected: [expected] });
  if (/^[._]/.test(name)) report('A variable\'s name begins wrongly', 'a letter or digit first');
  if (variables.has(name)) report('A variable is defined twice', 'another name');
  if (listTexts(value).some((text) => /\$[a-zA-Z_][a-zA-Z0-9_.]*/.test(text))) report('A variable refers to a variable', 'a text without `$` before a name');
  if (!variables.has(name)) variables.set(name, { name, value, position });
}

function parseVariableValue(reader: TokenReader, name: string): TextValue | TextValue[] {
  if (!reader.skip('[')) return parseTextValue(reader, name, ['`[`']);
  const values: TextValue[] = [];
  do values.push(parseTextValue(reader, name, []));
  while (reader.skip(','));
  if (!reader.isAt(']')) reader.refuse({ what: 'A list is not ended', expected: ['`,`', '`]`', ...hintAtSection(name)] });
  reader.take();
  return values;
}

function parseTextValue(reader: TokenReader, name: string, more: readonly string[]): TextValue {
  const { type } = reader.peek();
  if (type === 'text') return { kind: 'text', text: unquote(reader.take().source) };
  if (type !== 'NULL' && type !== 'EMPTY' && type !== 'WHITESPACES_ONLY') {
    const expected = ['a text in double quotes that does not look like a date or time', '`NULL`', '`EMPTY`', '`WHITESPACES_ONLY`', ...more, ...hintAtSection(name)];
    return reader.refuse({ what: 'A variable has no text as its value', expected });
  }
  reader.take();
  return { kind: 'keyword', keyword: type };
}

/** A section's name, misspelt, reads as a variable's. */
function hintAtSection(name: string): string[] {
  const section = findNearest(name, SECTION_NAMES);
  return section === undefined ? [] : [`\`${section} =\` in place of \`${name} =\``];
}

function listTexts(value: TextValue | readonly TextValue[]): string[] {
  const values: readonly TextValue[] = 'kind' in value ? [value] : value;
  return values.map((one) => (one.kind === 'text' ? one.text : ''));
}
