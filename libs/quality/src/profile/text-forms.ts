/** What a text column's values can be read as, by forms that DuckDB and Spark read alike; looser ones are left out on purpose. */
import { quoteText } from '@inlet/sql';

export interface TextForm {
  /** The rule's condition: `= "Date" with format = "MM/dd/yyyy"`. */
  condition: string;
  /** Of the whole text, for RE2 and JavaScript alike. */
  pattern: string;
  /** NULL where the text in `value` has the form but says nothing, as `2024-02-30`. */
  cast?: (value: string) => string;
}

const DATE_FORMATS: readonly { format: string; pattern: string; strptime: string }[] = [
  { format: 'yyyy/MM/dd', pattern: '[0-9]{4}/[0-9]{2}/[0-9]{2}', strptime: '%Y/%m/%d' },
  { format: 'MM/dd/yyyy', pattern: '[0-9]{2}/[0-9]{2}/[0-9]{4}', strptime: '%m/%d/%Y' },
  { format: 'dd/MM/yyyy', pattern: '[0-9]{2}/[0-9]{2}/[0-9]{4}', strptime: '%d/%m/%Y' },
  { format: 'MM-dd-yyyy', pattern: '[0-9]{2}-[0-9]{2}-[0-9]{4}', strptime: '%m-%d-%Y' },
  { format: 'dd-MM-yyyy', pattern: '[0-9]{2}-[0-9]{2}-[0-9]{4}', strptime: '%d-%m-%Y' },
];

/** The narrowest first. A number that begins with a needless zero is a code, and has no form. */
export const TEXT_FORMS: readonly TextForm[] = [
  { condition: '= "Boolean"', pattern: '[Tt]rue|[Ff]alse|TRUE|FALSE' },
  { condition: '= "Integer"', pattern: '-?(0|[1-9][0-9]{0,8})' },
  { condition: '= "Long"', pattern: '-?(0|[1-9][0-9]{0,17})' },
  { condition: '= "Double"', pattern: '-?(0|[1-9][0-9]{0,17})([.][0-9]{1,18})?' },
  { condition: '= "Date"', pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2}', cast: (value) => `try_cast(${value} AS DATE)` },
  { condition: '= "Timestamp"', pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?', cast: (value) => `try_cast(${value} AS TIMESTAMP)` },
  ...DATE_FORMATS.map(({ format, pattern, strptime }) => ({
    condition: `= "Date" with format = "${format}"`,
    pattern,
    cast: (value: string) => `try_strptime(${value}, ${quoteText(strptime)})`,
  })),
];

/** The forms that all of these few texts have: those worth counting over all rows. */
export function listFormsOf(texts: readonly string[]): TextForm[] {
  return TEXT_FORMS.filter(({ pattern }) => texts.every((text) => new RegExp(`^(?:${pattern})$`).test(text)));
}

/** SQL that is true where the text in `value` has the form. */
export function testForm({ pattern, cast }: TextForm, value: string): string {
  const matches = `regexp_full_match(${value}, ${quoteText(pattern)})`;
  return cast === undefined ? matches : `(${matches} AND ${cast(value)} IS NOT NULL)`;
}
