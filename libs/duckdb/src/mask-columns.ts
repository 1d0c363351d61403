/** Masks columns as they are written. The salt is bound to one statement, and no other that DuckDB could quote in an error has it. */
import { randomUUID } from 'node:crypto';
import type { MaskConfig } from '@inlet/dataset';
import { requireMaskSalt, type EngineContext, type SilverTablePlan } from '@inlet/pipeline';
import { quoteName, quoteText } from '@inlet/sql';
import type { Database } from './database';

const REDACTED = '[redacted]';

const FINDING = '_finding';
const WITHHELD = '…';
/** Stands in no text: what is looked for where there is nothing to look for. */
const NOTHING = 'chr(57344)';

/**
 * A finding is told in reports and published with its row. What it quotes is left out, for that may be a value as it came, and so are the row's
 * own values; those of one character stay, since any text has them.
 */
function withhold(columns: readonly string[]): string {
  const unquoted = `regexp_replace(${FINDING}, '"[^"]*"', '"${WITHHELD}"', 'g')`;
  return columns.map((column) => `${quoteName(column)}::varchar`).reduce((text, value) => `replace(${text}, case when length(${value}) > 1 then ${value} else ${NOTHING} end, '${WITHHELD}')`, unquoted);
}

export class ColumnMasker {
  /** A table of one row with the salt, under a name that no model can know. */
  #saltTable: string | undefined;

  constructor(
    private readonly db: Database,
    private readonly secrets: EngineContext['secrets'],
  ) {}

  /** ` replace (…)` for a SELECT of the model's columns, or nothing. Throws ConfigError where a hash has no salt. */
  async compile({ masks = {}, pii = [] }: Pick<SilverTablePlan, 'masks' | 'pii'>, columns: readonly { name: string }[]): Promise<string> {
    const replacements: string[] = [];
    for (const [column, mask] of Object.entries(masks)) replacements.push(`${await this.#compileMask(quoteName(column), mask)} as ${quoteName(column)}`);
    const secret = columns.map(({ name }) => name).filter((name) => name !== FINDING && (pii.includes(name) || Object.hasOwn(masks, name)));
    if (secret.length > 0 && !Object.hasOwn(masks, FINDING) && columns.some(({ name }) => name === FINDING)) replacements.push(`${withhold(secret)} as ${FINDING}`);
    return replacements.length === 0 ? '' : ` replace (${replacements.join(', ')})`;
  }

  async #compileMask(column: string, { method, text = REDACTED, keep_first: first = 0, keep_last: last = 0 }: MaskConfig): Promise<string> {
    const value = `${column}::varchar`;
    if (method === 'redact') return `case when ${column} is not null then ${quoteText(text)} end`;
    if (method === 'hash') return `case when ${column} is not null then sha256((select salt from ${await this.#keepSalt()}) || ${value}) end`;
    const length = `length(${value})`;
    const stars = `repeat('*', ${length} - ${first + last})`;
    return `case when ${length} <= ${first + last} then repeat('*', ${length}) else left(${value}, ${first}) || ${stars} || right(${value}, ${last}) end`;
  }

  async #keepSalt(): Promise<string> {
    if (this.#saltTable !== undefined) return this.#saltTable;
    const salt = await requireMaskSalt(this.secrets);
    const table = quoteName(`salt_${randomUUID()}`);
    await this.db.run(`create temp table ${table} (salt varchar)`);
    await this.db.run(`insert into ${table} values ($1)`, [salt]);
    this.#saltTable = table;
    return table;
  }
}
