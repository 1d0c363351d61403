/** What turns bytes into tables in this run: two runs of one release under one fingerprint build the same tables. */
import { fingerprintPipeline, type Dataset } from '@inlet/dataset';
import { buildMacros } from '@inlet/sql';
import type { PipelineDeps } from './run';
import { digestMaskSalt, needsMaskSalt, requireMaskSalt } from './secrets';

/** The salt of masks included. Throws ConfigError where a mask needs one and there is none. */
export async function fingerprintRun({ secrets }: Pick<PipelineDeps, 'secrets'>, dataset: Dataset): Promise<string> {
  const { config } = dataset;
  const maskSaltDigest = needsMaskSalt(config) ? digestMaskSalt(await requireMaskSalt(secrets)) : undefined;
  return fingerprintPipeline(dataset, { macros: buildMacros(config.format.null_tokens), maskSaltDigest });
}
