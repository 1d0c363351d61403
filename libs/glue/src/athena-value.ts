/** Athena's values as JavaScript's: every value of a result arrives as text, beside its column's type. */
import type { ColumnInfo, Datum } from '@aws-sdk/client-athena';

export type AthenaValue = string | number | bigint | boolean | null;

export interface AthenaColumn {
  name: string;
  /** In the spelling of SQL: `BIGINT`, `DECIMAL(18,3)`, `VARCHAR`. */
  type: string;
}

export function describeColumn({ Name = '', Type = 'varchar', Precision, Scale }: ColumnInfo): AthenaColumn {
  const type = Type.toUpperCase();
  return { name: Name, type: type === 'DECIMAL' && Precision !== undefined ? `DECIMAL(${Precision},${Scale ?? 0})` : type };
}

/** Whole numbers stay exact, floating-point ones become numbers; decimals, dates and nested values stay the text that Athena prints. */
export function readValue(datum: Datum | undefined, { type }: AthenaColumn): AthenaValue {
  const text = datum?.VarCharValue;
  if (text === undefined) return null;
  switch (type) {
    case 'BOOLEAN':
      return text === 'true';
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'INT':
      return Number(text);
    case 'BIGINT':
      return /^-?\d+$/.test(text) ? BigInt(text) : text;
    case 'REAL':
    case 'FLOAT':
    case 'DOUBLE':
      return Number(text);
    default:
      return text;
  }
}
