/** Rules on what the source's files hold: every header name and every file has exactly one place to go. */
import { quoteText } from '../config-problem';
import { type ConfigRule, listNames, listRepeats, type NamedPart, problemAt } from './rule';

export const delimiterSeparates: ConfigRule = ({ format }) => {
  const delimiter = format?.delimiter;
  return delimiter !== undefined && ['"', '\n', '\r', '\0'].includes(delimiter)
    ? [problemAt(['format', 'delimiter'], 'a character that is no quote, line break or NUL', quoteText(delimiter))]
    : [];
};

export const nullTokensAreUnique: ConfigRule = ({ format }) => {
  const tokens = format?.null_tokens ?? [];
  return tokens.flatMap((token, index) =>
    token !== undefined && tokens.indexOf(token) < index ? [problemAt(['format', 'null_tokens', index], 'a text that is not in the list yet', quoteText(token))] : [],
  );
};

export const tableNamesAreUnique: ConfigRule = ({ tables }) =>
  listRepeats('a table name', (tables ?? []).map((table, index) => ({ path: ['tables', index, 'name'], name: table?.name })));

export const memberPatternsAreUnique: ConfigRule = ({ tables }) =>
  listRepeats('a member pattern', (tables ?? []).flatMap((table, index) => listNames(['tables', index, 'members'], table?.members)));

export const memberPatternsAreRelative: ConfigRule = ({ tables }) =>
  (tables ?? []).flatMap((table, index) =>
    listNames(['tables', index, 'members'], table?.members).flatMap(({ path, name }) =>
      name !== undefined && (/^\/|\\|^[A-Za-z]:/.test(name) || name.split('/').includes('..')) ? [problemAt(path, 'a pattern for names inside an archive, with / between folders', quoteText(name))] : [],
    ),
  );

export const columnNamesAreUnique: ConfigRule = ({ tables }) =>
  (tables ?? []).flatMap((table, index) =>
    listRepeats('a column name', (table?.columns ?? []).map((column, at) => ({ path: ['tables', index, 'columns', at, 'name'], name: column?.name }))),
  );

/** Header names are compared without regard to case and outer spaces, so that is how they must differ. */
/** What DuckDB's reader of Parquet calls the place of a row in its file. */
export const columnNamesAreFree: ConfigRule = ({ tables }) =>
  (tables ?? []).flatMap((table, index) =>
    (table?.columns ?? []).flatMap((column, place) =>
      column?.name === 'file_row_number' ? [problemAt(['tables', index, 'columns', place, 'name'], 'another name: the engine keeps this one for itself', quoteText(column.name))] : [],
    ),
  );

export const headerNamesLeadToOneColumn: ConfigRule = ({ tables }) =>
  (tables ?? []).flatMap((table, index) =>
    listRepeats(
      'a source name or alias',
      (table?.columns ?? []).flatMap((column, at): NamedPart[] => [
        { path: ['tables', index, 'columns', at, 'source'], name: column?.source?.trim() },
        ...listNames(['tables', index, 'columns', at, 'aliases'], column?.aliases?.map((alias) => alias?.trim())),
      ]),
    ),
  );

export const headerNamesAreNotBlank: ConfigRule = ({ tables }) =>
  (tables ?? []).flatMap((table, index) =>
    (table?.columns ?? []).flatMap((column, at) =>
      [{ path: ['tables', index, 'columns', at, 'source'], name: column?.source }, ...listNames(['tables', index, 'columns', at, 'aliases'], column?.aliases)].flatMap(({ path, name }) =>
        name !== undefined && name !== '' && name.trim() === '' ? [problemAt(path, 'a name that is not all spaces', quoteText(name))] : [],
      ),
    ),
  );

/** Without a header line a column is known by its place: aliases mean nothing, and only the last columns can be absent. */
export const columnsWithoutHeaderAreKnownByPlace: ConfigRule = ({ format, tables }) => {
  if (format?.header !== false) return [];
  return (tables ?? []).flatMap((table, index) => {
    const columns = table?.columns ?? [];
    return columns.flatMap((column, at) => [
      ...(column?.aliases?.length ? [problemAt(['tables', index, 'columns', at, 'aliases'], 'no aliases where format.header is false', `${column.aliases.length}`)] : []),
      ...(column?.optional === true && columns.slice(at + 1).some((later) => later?.optional === false)
        ? [problemAt(['tables', index, 'columns', at, 'optional'], 'optional columns last where format.header is false', 'a required column behind this one')]
        : []),
    ]);
  });
};

export const someColumnIsRequired: ConfigRule = ({ tables }) =>
  (tables ?? []).flatMap((table, index) => {
    const columns = table?.columns ?? [];
    return columns.length > 0 && columns.every((column) => column?.optional === true)
      ? [problemAt(['tables', index, 'columns'], 'at least one column that is not optional, by which a file is recognised', 'optional ones only')]
      : [];
  });

export const tableRules: readonly ConfigRule[] = [
  delimiterSeparates,
  nullTokensAreUnique,
  tableNamesAreUnique,
  memberPatternsAreUnique,
  memberPatternsAreRelative,
  columnNamesAreUnique,
  columnNamesAreFree,
  headerNamesLeadToOneColumn,
  headerNamesAreNotBlank,
  columnsWithoutHeaderAreKnownByPlace,
  someColumnIsRequired,
];
