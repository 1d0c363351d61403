/** What a model must keep to, beyond being SQL, and the errors of those that do not. */
import { InletError, ModelError, PermanentError, RowsUnaccountedError } from '@inlet/errors';
import type { SilverTablePlan } from '@inlet/pipeline';
import { duckDbMessage } from './database';

export interface ModelColumn {
  name: string;
  type: string;
}

/** The name under which DuckDB gives the position of a row in its file; no column of a file may have it. */
const POSITION_COLUMN = 'file_row_number';

/** Throws ModelError: a model has its key, with a parent or a table to split also the lineage, what its config masks or calls personal, and nothing that a Parquet file would change or hide. */
export function checkModelColumns(plan: SilverTablePlan, columns: readonly ModelColumn[]): void {
  const lineage = plan.parent === undefined && plan.splits === undefined ? [] : ['_source', '_member', '_line'];
  const names = columns.map(({ name }) => name);
  const missing = [...plan.key, ...lineage].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw modelError(plan, {
      what: `The model ${plan.name} lacks columns`,
      expected: `its key${lineage.length > 0 ? ' and the lineage of its parent' : ''}: ${missing.join(', ')}`,
      found: names.join(', '),
      next: 'Add the columns to the SELECT, or correct `key` in config/dataset.json.',
    });
  }
  const hidden = [...Object.keys(plan.masks ?? {}), ...(plan.pii ?? [])].filter((name) => !names.includes(name));
  if (hidden.length > 0) {
    throw modelError(plan, {
      what: `The model ${plan.name} lacks columns that are to be masked or never shown`,
      expected: hidden.join(', '),
      found: names.join(', '),
      next: 'Correct `masks` and `pii` in config/dataset.json: a column that goes by another name would be shown as it is.',
    });
  }
  const wide = columns.find(({ type }) => /\bU?HUGEINT\b/.test(type));
  if (wide) {
    throw modelError(plan, {
      what: `The model ${plan.name} has a column that Parquet cannot hold exactly`,
      expected: 'integers of 64 bits at most',
      found: `${wide.name} as ${wide.type}, which is what sum() of integers gives`,
      next: `Cast it: (…)::bigint or (…)::decimal(38, 0) as ${wide.name}.`,
    });
  }
  if (names.some((name) => name.toLowerCase() === POSITION_COLUMN)) {
    throw modelError(plan, { what: `The model ${plan.name} uses a reserved name`, expected: `another name than ${POSITION_COLUMN}`, found: POSITION_COLUMN, next: 'Rename the column.' });
  }
}

/** What DuckDB says before it has looked at any value. */
const STATIC_KINDS = ['Binder', 'Parser', 'Catalog', 'Not implemented'];

/** Memory that runs out is not the model's fault, and neither is a full disk. With `hidesValues`, nothing is told that may be a value. */
export function describeModelFailure(plan: SilverTablePlan, error: unknown, hidesValues = false): unknown {
  const message = duckDbMessage(error);
  const [, kind] = /^([A-Z][A-Za-z ]*) Error: /.exec(message) ?? [];
  if (kind === undefined || kind === 'IO') return error;
  if (kind === 'Out of Memory') {
    const next = 'Raise engine.memory_mb in config/dataset.json, or lower engine.threads.';
    return new PermanentError({ what: `The model ${plan.name} needs more memory than the engine may use`, found: message.split('\n', 1)[0], next, cause: error });
  }
  return modelError(plan, {
    what: `The model ${plan.name} cannot be run`,
    expected: 'SQL that DuckDB and the declared macros understand',
    ...(hidesValues && !STATIC_KINDS.includes(kind)
      ? { found: `${kind} Error, of which no more is told: it may hold a value, and there are personal columns` }
      : { found: message.split('\n', 1)[0] ?? '', cause: error }),
    next: 'Correct the SQL and run again.',
  });
}

/** The error of a build with personal columns, whatever step it comes from. */
export function hidePersonalValues(plan: SilverTablePlan, error: unknown): unknown {
  return error instanceof InletError ? error : describeModelFailure(plan, error, true);
}

/** An ordering is only ever used on rows that share their key; a wrong one must not wait for those. */
export function describeOrderFailure(plan: SilverTablePlan, error: unknown): unknown {
  const message = duckDbMessage(error);
  if (!/^(Binder|Parser|Catalog) Error: /.test(message)) return error;
  return new ModelError({
    what: `Rows of ${plan.name} that share their key cannot be put in order`,
    where: `order_by of the model ${plan.name}`,
    expected: 'ordering terms over columns of the model',
    found: `${plan.orderBy.join(', ')}: ${message.split('\n', 1)[0] ?? ''}`,
    next: 'Correct `order_by` in config/dataset.json.',
    cause: error,
  });
}

export function unaccounted(plan: SilverTablePlan, counts: { parentRows: number; kept: number; quarantined: number }): RowsUnaccountedError {
  const { parentRows, kept, quarantined } = counts;
  const others = kept + quarantined === parentRows ? ', but not one for one' : '';
  return new RowsUnaccountedError({
    what: `The model ${plan.name} lost or doubled rows`,
    where: `models/${plan.name}.sql`,
    expected: `each of the ${parentRows} rows of bronze.${plan.parent ?? '?'} exactly once`,
    found: `${kept} built and ${quarantined} quarantined${others}`,
    next: 'Mark rows with _problem instead of filtering them, or take `parent` out of the model\'s config if it is not one-to-one.',
  });
}

export function doubled(plan: SilverTablePlan, rows: number): RowsUnaccountedError {
  return new RowsUnaccountedError({
    what: `The model ${plan.name} lost or doubled rows`,
    where: `models/${plan.name}.sql`,
    expected: `each row of bronze.${plan.parent ?? '?'} exactly once`,
    found: `${rows} ${rows === 1 ? 'row' : 'rows'} more than once`,
    next: 'Look at the joins of the model, or take `parent` out of its config if it is not one-to-one.',
  });
}

function modelError(plan: SilverTablePlan, parts: Omit<ConstructorParameters<typeof ModelError>[0], 'where'>): ModelError {
  return new ModelError({ ...parts, where: `models/${plan.name}.sql` });
}
