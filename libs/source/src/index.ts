export { createFileSource } from './file-source';
export { createHttpSource, type HttpSourceOptions } from './http-source';
export { createSource } from './create-source';
export { safeFileName } from './file-name';
