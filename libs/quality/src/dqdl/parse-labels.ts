/** `labels = [ "key" = "value" ]` and `DefaultLabels = [ … ]`, with the limits that AWS sets. */
import type { ParseContext } from './parse-context';
import type { Label } from './ruleset';
import { unquote, type Position } from './token';
import type { TokenReader } from './token-reader';

export const MAX_LABELS = 10;
export const MAX_LABEL_KEY_LENGTH = 128;
export const MAX_LABEL_VALUE_LENGTH = 256;

/** What follows the word `labels` or `DefaultLabels`, which is taken. Throws Unreadable. */
export function parseLabels(context: ParseContext): Label[] {
  const { reader, defaultLabels } = context;
  const { position } = reader;
  reader.expect('=', { what: 'Labels are incomplete', expected: ['`=`'] });
  reader.expect('[', { what: 'Labels are incomplete', expected: ['`[`'] });
  const labels: Label[] = [];
  if (!reader.isAt(']')) {
    do labels.push(parseLabel(reader));
    while (reader.skip(','));
  }
  reader.expect(']', { what: 'Labels are not ended', expected: ['`,`', '`]`'] });
  checkCount(context, labels.length, defaultLabels.length, position);
  checkLabels(context, labels);
  return labels;
}

function parseLabel(reader: TokenReader): Label {
  const key = reader.expect('text', { what: 'A label has no key', expected: ['a key in double quotes that does not look like a date or time'] });
  reader.expect('=', { what: 'A label has no value', expected: ['`=`'] });
  const value = reader.expect('text', { what: 'A label has no value', expected: ['a value in double quotes that does not look like a date or time'] });
  return { key: unquote(key.source), value: unquote(value.source), position: key.position };
}

/** A label that replaces a default one counts beside it. */
function checkCount({ problems }: ParseContext, count: number, defaults: number, position: Position): void {
  if (count === 0) problems.add({ position, what: 'Labels are empty', found: 'no label', expected: ['at least one label'] });
  if (count + defaults <= MAX_LABELS) return;
  const found = defaults === 0 ? `${count} labels` : `${count} labels beside ${defaults} default ones`;
  problems.add({ position, what: 'A rule has too many labels', found, expected: [`at most ${MAX_LABELS}`] });
}

function checkLabels({ problems }: ParseContext, labels: readonly Label[]): void {
  const seen = new Set<string>();
  for (const { key, value, position } of labels) {
    if (seen.has(key)) problems.add({ position, what: 'A label key stands twice', found: `"${key.slice(0, MAX_LABEL_KEY_LENGTH)}"`, expected: ['keys that differ'] });
    seen.add(key);
    if (key === '' || value === '') problems.add({ position, what: 'A label is empty', found: key === '' ? 'no key' : 'no value', expected: ['a key and a value'] });
    if (key.length > MAX_LABEL_KEY_LENGTH) problems.add({ position, what: 'A label key is too long', found: `${key.length} characters`, expected: [`at most ${MAX_LABEL_KEY_LENGTH}`] });
    if (value.length > MAX_LABEL_VALUE_LENGTH) problems.add({ position, what: 'A label value is too long', found: `${value.length} characters`, expected: [`at most ${MAX_LABEL_VALUE_LENGTH}`] });
  }
}
