/** How the source's columns differ from the last release's. */
import type { InferredColumn, ReleaseTable, SchemaChange } from '@inlet/manifest';

/** A column is renamed when the source publishes it under another of its names; retyped when its values look different. */
export function findSchemaChanges(before: readonly ReleaseTable[], after: readonly ReleaseTable[]): SchemaChange[] {
  return after
    .filter(({ layer }) => layer === 'bronze')
    .flatMap((table) => {
      const old = before.find(({ layer, name }) => layer === 'bronze' && name === table.name);
      return old ? compareColumns(table.name, published(old), published(table)) : [];
    });
}

const published = (table: ReleaseTable) => (table.inferred?.columns ?? []).filter(({ sourceName }) => sourceName !== undefined);

function compareColumns(table: string, before: readonly InferredColumn[], after: readonly InferredColumn[]): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const old of before) if (!after.some(({ column }) => column === old.column)) changes.push({ table, column: old.column, change: 'removed' });
  for (const column of after) {
    const old = before.find((candidate) => candidate.column === column.column);
    if (old === undefined) changes.push({ table, column: column.column, change: 'added' });
    else changes.push(...compareColumn(table, old, column));
  }
  return changes;
}

function compareColumn(table: string, old: InferredColumn, column: InferredColumn): SchemaChange[] {
  const changes: SchemaChange[] = [];
  if (old.sourceName !== column.sourceName) changes.push({ table, column: column.column, change: 'renamed', from: old.sourceName, to: column.sourceName });
  const isSilent = old.inferredType === 'empty' || column.inferredType === 'empty';
  if (!isSilent && old.inferredType !== column.inferredType) changes.push({ table, column: column.column, change: 'retyped', from: old.inferredType, to: column.inferredType });
  return changes;
}
