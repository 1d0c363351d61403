export { createDuckDbEngine } from './engine';
export { Database, type DatabaseOptions } from './database';
export { openLakeQuery, type LakeQuery, type QueryResult } from './lake-query';
export { openCheckFiles, READABLE_FORMATS, type CheckedFile, type CheckFiles, type CheckFilesOptions, type FailedRowsRequest, type RowCondition } from './check-file';
