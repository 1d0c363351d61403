export { createDuckDbEngine } from './engine';
export { Database, type DatabaseOptions } from './database';
export { openLakeQuery, type LakeQuery, type QueryResult } from './lake-query';
