/** Column types: what a DuckDB type that lies in a Parquet file is called in Glue and Athena. */

/**
 * Types whose Parquet form Athena reads back as the same values. DuckDB writes small unsigned integers and BIT in forms that fit a wider
 * Hive type, and HUGEINT as DOUBLE. Not here, because Athena cannot read their Parquet form, or not without damage to large values: TIME,
 * INTERVAL, UUID, UINTEGER, UBIGINT, BIGNUM and UNION.
 * https://docs.aws.amazon.com/athena/latest/ug/data-types.html, https://duckdb.org/docs/stable/data/parquet/overview.html
 */
const SCALARS: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'tinyint',
  SMALLINT: 'smallint',
  INTEGER: 'int',
  BIGINT: 'bigint',
  HUGEINT: 'double',
  UHUGEINT: 'double',
  UTINYINT: 'int',
  USMALLINT: 'int',
  FLOAT: 'float',
  DOUBLE: 'double',
  VARCHAR: 'string',
  JSON: 'string',
  BIT: 'string',
  BLOB: 'binary',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
};

/** What Hive allows as the name of a struct's field without quotes, which Glue does not know. */
const FIELD_NAME = /^\w+$/;

/** `DECIMAL(18,3)[]` becomes `array<decimal(18,3)>`; undefined for a type that Athena has no reading of. */
export function toHiveType(duckDbType: string): string | undefined {
  const reader = new TypeReader(duckDbType);
  const type = reader.readType();
  return reader.isAtEnd() ? type : undefined;
}

/** Reads types as DuckDB prints them: `STRUCT("a" INTEGER, "b c" MAP(VARCHAR, DATE)[])[3]`. */
class TypeReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.trim();
  }

  isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  readType(): string | undefined {
    let type = this.#readUnit();
    while (type !== undefined && this.#take(/\[\d*\]/y) !== undefined) type = `array<${type}>`;
    return type;
  }

  #readUnit(): string | undefined {
    if (this.#take(/STRUCT\s*\(/iy)) return this.#readStruct();
    if (this.#take(/MAP\s*\(/iy)) return this.#readMap();
    if (this.#take(/ENUM\s*\((?:\s*'(?:[^']|'')*'\s*,?)*\)/iy)) return 'string';
    const decimal = this.#take(/DECIMAL\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)/iy);
    if (decimal) return `decimal(${decimal[1]},${decimal[2]})`;
    const name = this.#take(/[A-Z]\w*(?: WITH TIME ZONE)?/iy)?.[0].toUpperCase();
    return name === undefined || !Object.hasOwn(SCALARS, name) ? undefined : SCALARS[name];
  }

  #readStruct(): string | undefined {
    const fields: string[] = [];
    do {
      this.#take(/\s+/y);
      const name = this.#readName();
      this.#take(/\s+/y);
      const type = this.readType();
      if (name === undefined || type === undefined) return undefined;
      fields.push(`${name.toLowerCase()}:${type}`);
    } while (this.#take(/\s*,/y));
    return this.#take(/\s*\)/y) ? `struct<${fields.join(',')}>` : undefined;
  }

  #readName(): string | undefined {
    const quoted = this.#take(/"((?:[^"]|"")*)"/y)?.[1]?.replaceAll('""', '"');
    const name = quoted ?? this.#take(/\w+/y)?.[0];
    return name !== undefined && FIELD_NAME.test(name) ? name : undefined;
  }

  #readMap(): string | undefined {
    const key = this.readType();
    const value = this.#take(/\s*,\s*/y) && this.readType();
    if (key === undefined || value === undefined) return undefined;
    return this.#take(/\s*\)/y) ? `map<${key},${value}>` : undefined;
  }

  /** The match of a sticky pattern here, and moves past it. */
  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }
}
