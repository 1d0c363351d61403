/** The quarantine of a table of which no row was kept back: without rows, so that what asks for it does not break on a good day. */
import type { ReleaseTable } from '@inlet/manifest';
import { LINEAGE } from './silver-model';

export interface EmptyQuarantine {
  name: string;
  /** The published table whose columns it has, beside `_rule` and `_reason`: the bronze one that its model reads row by row, or else its own. */
  like: Pick<ReleaseTable, 'name' | 'layer'>;
  /** Where records may be unreadable, their text has a column as well. */
  hasRaw: boolean;
}

/** Of each silver and gold table of a release that has none of its own. */
export function listEmptyQuarantines(tables: readonly ReleaseTable[]): EmptyQuarantine[] {
  const kept = new Set(tables.filter(({ layer }) => layer === 'quarantine').map(({ name }) => name));
  const built = tables.filter(({ name, layer }) => (layer === 'silver' || layer === 'gold') && !kept.has(name));
  return built.map((table) => {
    const parent = findParent(table, tables);
    return { name: table.name, like: parent ?? table, hasRaw: parent !== undefined && parent.files.some(({ firstLine }) => typeof firstLine !== 'number') };
  });
}

/** A release does not say which table a model reads row by row, but its rows do: each of them is here, or lost to another of its key. */
function findParent({ name, columns, parents, rows, quarantined, superseded }: ReleaseTable, tables: readonly ReleaseTable[]): ReleaseTable | undefined {
  const hasLineage = LINEAGE.every((wanted) => columns.some((column) => column.name === wanted));
  if (!hasLineage || parents !== undefined) return undefined;
  const candidates = tables.filter((table) => table.layer === 'bronze' && table.rows === rows + quarantined + superseded);
  return candidates.length === 1 ? candidates[0] : candidates.find((table) => table.name === name);
}
