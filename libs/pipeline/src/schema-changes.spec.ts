import type { ReleaseTable } from '@inlet/manifest';
import { findSchemaChanges } from './index';

const table = (...columns: [string, string | undefined, string][]): ReleaseTable => ({
  name: 't',
  layer: 'bronze',
  rows: 1,
  files: [],
  columns: [],
  quarantined: 0,
  superseded: 0,
  inferred: { sampledRows: 1, columns: columns.map(([column, sourceName, inferredType]) => ({ column, sourceName, inferredType, nullShare: 0 })) },
});

describe('findSchemaChanges', () => {
  it('tells added, removed, renamed and retyped columns', () => {
    const before = table(['a', 'A', 'integer'], ['b', 'B', 'text'], ['c', 'C', 'integer'], ['d', undefined, 'empty']);
    const after = table(['a', 'A', 'text'], ['c', 'C new', 'integer'], ['d', 'D', 'text']);
    expect(findSchemaChanges([before], [after])).toEqual([
      { table: 't', column: 'b', change: 'removed' },
      { table: 't', column: 'a', change: 'retyped', from: 'integer', to: 'text' },
      { table: 't', column: 'c', change: 'renamed', from: 'C', to: 'C new' },
      { table: 't', column: 'd', change: 'added' },
    ]);
  });
  it('says nothing of a column that was empty on one side, or of a first release', () => {
    expect(findSchemaChanges([table(['a', 'A', 'empty'])], [table(['a', 'A', 'text'])])).toEqual([]);
    expect(findSchemaChanges([], [table(['a', 'A', 'text'])])).toEqual([]);
  });
});
