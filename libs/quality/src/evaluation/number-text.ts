/** Numbers as Spark reads them from texts: with Java's suffixes, and with names for what is not finite. */
import { quoteText } from '@inlet/sql';
import { stripText } from './strip-text';

const SHAPE = '^(?:[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?[dDfF]?|(?i:[+-]?inf(?:inity)?|nan))$';

/** Whether Spark reads a DOUBLE from a text. */
export function isDoubleText(text: string): string {
  return `CASE WHEN regexp_full_match(${text}, '-?[0-9]+(?:\\.[0-9]+)?') THEN TRUE ELSE regexp_matches(${stripText(text)}, ${quoteText(SHAPE)}) END`;
}

/** The DOUBLE that Spark reads from a text; NULL where it reads none. */
export function parseDouble(text: string): string {
  return `CASE WHEN ${isDoubleText(text)} THEN TRY_CAST(regexp_replace(${stripText(text)}, '([0-9.])[dDfF]$', '\\1') AS DOUBLE) END`;
}
