export { createLocalDeadLetters } from './dead-letters';
export { createLocalStore } from './local-store';
export { checkKey, checkPrefix, compareKeys } from './object-key';
export { isProcessAlive, thisProcessOwner } from './run-owner';
export { createScratchDir, removeStaleScratchDirs } from './scratch-dir';
export { SqliteFile, type SqliteFileOptions } from './sqlite-file';
export { describeStorageError } from './storage-error';
