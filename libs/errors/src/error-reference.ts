/** What each error name means to the person who reads it in an alarm or a run's record. The reference page is made from this, and no name can be left out. */
import type * as errors from './index';

type Exports = typeof errors;

/** The names under which an InletError class is exported. */
export type ErrorName = { [Name in keyof Exports]: Exports[Name] extends typeof errors.InletError ? Name : never }[keyof Exports];

export type ErrorGroup = 'Sources' | 'Archives' | 'Tables and models' | 'Publishing and coordination' | 'Commands and configuration' | 'Families';

export interface ErrorEntry {
  group: ErrorGroup;
  /** One sentence: when it is raised. */
  meaning: string;
  /** One sentence: what to do or run next. */
  next: string;
}

export const ERROR_REFERENCE: Readonly<Record<ErrorName, ErrorEntry>> = {
  SourceNotFoundError: {
    group: 'Sources',
    meaning: 'The server answers 404 or 410, or the file given with `--source` does not exist.',
    next: 'Look up where the file is published now and correct `source_url`, or correct the path.',
  },
  SourceRefusedError: {
    group: 'Sources',
    meaning: 'The server or the file system refuses: 401, 403 or another status that is no answer, a certificate that is not trusted, endless redirects, or no permission to read.',
    next: 'Open the address in a browser; if it works there, set `User-Agent` and `From` in the source\'s headers.',
  },
  HtmlInsteadOfDataError: {
    group: 'Sources',
    meaning: 'A web page came where a data file was due, whatever the status said.',
    next: 'Read the page in a browser: it usually says why the server refuses or where the file has gone.',
  },
  EmptyBodyError: {
    group: 'Sources',
    meaning: 'The server sent no bytes, or the file has none.',
    next: 'Run again later; if it stays empty, ask the publisher.',
  },
  ShortBodyError: {
    group: 'Sources',
    meaning: 'Every attempt at the download ended before the length that the server had announced.',
    next: 'Run again later; if it goes on, fetch the file by hand and give it with `--source`.',
  },
  SourceTooLargeError: {
    group: 'Sources',
    meaning: 'The file is larger than `limits.max_source_bytes`.',
    next: 'Raise the limit in `config/dataset.json` if the size is right.',
  },
  UnsafeUrlError: {
    group: 'Sources',
    meaning: 'The address, or one that it redirects to, is of a kind that must not be followed.',
    next: 'Use an http, https or file URL, and the final address where the redirect is the trouble.',
  },
  SourceUnavailableError: {
    group: 'Sources',
    meaning: 'The server answered 429 or 5xx, broke the connection or stalled in every attempt, or a local file changed while it was read.',
    next: 'Run again later, and check that the address answers from this machine.',
  },

  CorruptArchiveError: {
    group: 'Archives',
    meaning: 'The zip is damaged, empty, cut short or no zip at all.',
    next: 'Fetch it again; if it is damaged at its source too, the publisher must mend it.',
  },
  ArchiveTooLargeError: {
    group: 'Archives',
    meaning: 'The zip has more members, expands to more bytes, or expands by a larger factor than `limits` allow.',
    next: 'Raise the limit that the message names if the archive is sound.',
  },
  UnsafeEntryPathError: {
    group: 'Archives',
    meaning: 'A member\'s path leads out of its folder, or the member is a link.',
    next: 'Do not unpack the archive by hand; ask the publisher what it is.',
  },
  UnsupportedFormatError: {
    group: 'Archives',
    meaning: 'The archive is encrypted, packed in a way that is not read, of another kind than zip, or in another encoding than configured.',
    next: 'Repack it as an ordinary zip, or correct `format` in `config/dataset.json`.',
  },
  MissingMemberError: {
    group: 'Archives',
    meaning: 'No member or file matches the patterns of a table.',
    next: 'Give the right file with `--source`, or correct the table\'s `members`.',
  },
  AmbiguousMemberError: {
    group: 'Archives',
    meaning: 'Several members of one archive match the patterns of one table.',
    next: 'Make the table\'s `members` narrower.',
  },

  ContractViolationError: {
    group: 'Tables and models',
    meaning: 'The file has an unknown column, lacks a required one, names one twice, or has no header line.',
    next: 'If the source has really changed, add the column, an alias or `optional` to `config/dataset.json`.',
  },
  ModelError: {
    group: 'Tables and models',
    meaning: 'A model\'s SQL cannot be run, reads a table that does not exist, lacks its key, or is part of a circle.',
    next: 'Correct the file in `models/` that the message names.',
  },
  RowsUnaccountedError: {
    group: 'Tables and models',
    meaning: 'A one-to-one model did not build, quarantine or supersede each row of its bronze table exactly once, or a model that splits rows gave none for a row that is not empty by rule.',
    next: 'Mark rows with `_problem` instead of filtering them, or correct `parent` or `splits` in the model\'s config.',
  },

  AlreadyRunningError: {
    group: 'Publishing and coordination',
    meaning: 'Another run of the dataset holds its lease, and its process may still be alive.',
    next: 'Wait for it to end (`inlet status` shows it), or end that process.',
  },
  PreconditionFailedError: {
    group: 'Publishing and coordination',
    meaning: 'A conditional write found another version of the object than the one it was made for.',
    next: 'Run again: it begins from the newer version.',
  },
  PublishConflictError: {
    group: 'Publishing and coordination',
    meaning: 'Another release was published while this one was built, so that to publish it would be to publish over the other.',
    next: 'Run again: it compares with the newer release.',
  },
  CorruptManifestError: {
    group: 'Publishing and coordination',
    meaning: 'The manifest of a dataset is no manifest.',
    next: 'Restore the object from an earlier version of it; the tables themselves are untouched.',
  },
  UnknownReleaseError: {
    group: 'Publishing and coordination',
    meaning: 'There is no such release to roll back to, or files of it are gone.',
    next: 'Choose one that `inlet history <dataset>` lists as published.',
  },
  InterruptedError: {
    group: 'Publishing and coordination',
    meaning: 'The run was stopped by Ctrl-C or a signal, before anything was published.',
    next: 'Run it again when ready.',
  },

  ConfigError: {
    group: 'Commands and configuration',
    meaning: 'There is no such dataset, or the files of its folder have problems; all of them are listed.',
    next: 'Correct what is listed, as the configuration\'s reference page says; `inlet doctor` checks every dataset.',
  },
  RulesetError: {
    group: 'Commands and configuration',
    meaning: 'A ruleset is no DQDL that AWS Glue would accept; each problem is listed with its line, its column and what could stand there.',
    next: 'Correct what is listed.',
  },
  UsageError: {
    group: 'Commands and configuration',
    meaning: 'A command was called with arguments that make no sense.',
    next: 'Call it with `--help`.',
  },
  QueryError: {
    group: 'Commands and configuration',
    meaning: 'The SQL of `inlet query` is wrong, or asks for more than to read the published lake.',
    next: 'Correct the SQL; `inlet query "show all tables"` lists what there is to ask.',
  },

  TransientError: {
    group: 'Families',
    meaning: 'Storage or the lake\'s lock is busy or briefly out of order.',
    next: 'Run again.',
  },
  PermanentError: {
    group: 'Families',
    meaning: 'What has no name of its own and would fail the same way again, such as a full disk.',
    next: 'Do what the message says.',
  },
  InletError: {
    group: 'Families',
    meaning: 'The base of all of them; never raised by itself.',
    next: 'Report it, if it ever appears.',
  },
};
