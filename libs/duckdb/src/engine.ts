/** The Engine port on embedded DuckDB. */
import type { Engine } from '@inlet/pipeline';
import { buildBronze } from './build-bronze';
import { buildSilver } from './build-silver';

export function createDuckDbEngine(): Engine {
  return { name: 'duckdb', buildBronze, buildSilver };
}
