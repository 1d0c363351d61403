/** The one lock of a local lake, which every change of what is visible is made under. */
import type { DatabaseSync } from 'node:sqlite';
import { SqliteFile } from './sqlite-file';
import { locksPath } from './temp-folder';

/** Lock with `exclusively`; the file holds nothing. */
export function createLock(root: string, options: { waitMs?: number } = {}): SqliteFile {
  return new SqliteFile({ path: locksPath(root), setUp: fillFirstPage, repair: 'Delete it while nothing runs: it holds no data.', ...options });
}

/** In an empty file every transaction would write the first page, and with it a journal; in this one they write nothing. */
function fillFirstPage(database: DatabaseSync): void {
  if (database.prepare('PRAGMA user_version').get()?.['user_version'] === 0) database.exec('PRAGMA user_version = 1');
}
