/** Loaded by rollback alone: what stands behind it is more than a command that only reads should load. */
export { rollback } from '@inlet/pipeline';
