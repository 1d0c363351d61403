/** The Engine port on embedded DuckDB. */
import { PermanentError } from '@inlet/errors';
import type { Engine } from '@inlet/pipeline';
import { buildBronze } from './build-bronze';
import { buildSilver } from './build-silver';
import { checkTables } from './check-tables';
import { countRecovered } from './count-recovered';
import { duckDbMessage } from './database';

/** Throws the named errors of tables and models, and PermanentError where disk or memory run out. */
export function createDuckDbEngine(): Engine {
  return {
    name: 'duckdb',
    buildBronze: (plan, context) => buildBronze(plan, context).catch((error: unknown) => throwNamed(error)),
    buildSilver: (plan, context) => buildSilver(plan, context).catch((error: unknown) => throwNamed(error)),
    checkTables: (plan, context) => checkTables(plan, context).catch((error: unknown) => throwNamed(error)),
    countRecovered: (plan, context) => countRecovered(plan, context).catch((error: unknown) => throwNamed(error)),
  };
}

/** What DuckDB or the file system says of the machine, as an error that tells what to do about it. */
function throwNamed(error: unknown): never {
  const [found = ''] = duckDbMessage(error).split('\n', 1);
  if (found.startsWith('Out of Memory Error: ')) {
    throw new PermanentError({ what: 'The engine needs more memory than it may use', found, next: 'Raise engine.memory_mb in config/dataset.json, or lower engine.threads.', cause: error });
  }
  if (found.startsWith('IO Error: ') || (error as NodeJS.ErrnoException).syscall !== undefined) {
    throw new PermanentError({ what: 'The engine cannot read or write its files', found, next: 'Check that the disk has room and that the lake may be written, then run it again.', cause: error });
  }
  throw error;
}
