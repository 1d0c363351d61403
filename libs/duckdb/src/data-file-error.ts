/** What DuckDB says of a file that it cannot read, in a sentence that quotes none of the file's values. */
import { InletError, UsageError } from '@inlet/errors';
import { duckDbMessage } from './database';

interface Fault {
  expected?: string;
  found: string;
  next: string;
}

/** An UsageError that names the file; what is one of our own errors already stays as it is. */
export function describeUnreadable(error: unknown, file: string): unknown {
  if (error instanceof InletError) return error;
  return new UsageError({ what: 'The data file cannot be read', where: file, ...explainFault(duckDbMessage(error)), cause: error });
}

function explainFault(message: string): Fault {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const place = line === undefined ? '' : ` on line ${line}`;
  const [, expected, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? [];
  if (expected !== undefined && found !== undefined) return { expected: `${expected} ${fields(expected)} a line`, found: `${found}${place}`, next: 'Mend the line, or quote the field that holds a delimiter.' };
  if (/unicode|not utf-8/i.test(message)) return { expected: 'UTF-8', found: 'bytes of another encoding', next: 'Convert it first, as with `iconv -f windows-1252 -t utf-8`.' };
  if (/unterminated quote/i.test(message)) return { expected: 'a closing quote', found: `none${place}`, next: 'Close the quote, or double a quote that is part of a value.' };
  if (/Error when sniffing/.test(message)) return { expected: 'the same number of fields on every line', found: 'lines that disagree, or quotes out of place', next: 'Look at its first lines.' };
  if (/Error when converting column "/.test(message)) return { expected: 'values of one type in a column', found: `another${place}`, next: 'Use --all-text to keep every value as text.' };
  return { found: tellBriefly(message), next: 'Look at what should have written it; a cut or damaged file must be fetched again.' };
}

const fields = (count: string) => (count === '1' ? 'field' : 'fields');

/** The first line, without DuckDB's word for its kind and without the file's name, which the error has already. */
function tellBriefly(message: string): string {
  const [first = ''] = message.split('\n');
  return first.replace(/^[A-Z][\w ]* Error: /, '').replace(/ in file "[^"]*",?/, '').replace(/File '[^']*'/, 'the file').trim() || 'no reason given';
}
