/** The content hash of a table: the same for the same rows in any order, on any engine. */
import { hashCanonicalJson } from './canonical-json';

/**
 * What an engine computes over the business columns (those not beginning with `_`): each row is written as text, hashed with MD5,
 * and the two 64-bit halves are summed over all rows. Sums do not depend on order, and unlike XOR they see a row that doubled.
 */
export interface TableHashParts {
  columns: readonly { name: string; type: string }[];
  rows: number;
  /** Decimal text: the sums exceed 2^53. */
  sumHigh: string;
  sumLow: string;
}

/** SHA-256 (hex) over columns, row count and sums. */
export function finishTableHash(parts: TableHashParts): string {
  const columns = parts.columns.map(({ name, type }) => [name, type]);
  return hashCanonicalJson({ columns, rows: parts.rows, sums: [parts.sumHigh, parts.sumLow] });
}
