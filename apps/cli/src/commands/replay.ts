/** `inlet replay`: an earlier run again from its bronze, now that a rule or a model is mended. */
import { LATEST_RUN } from '@inlet/pipeline';
import type { CliContext } from '../context';
import { openLake } from '../lake';
import type { ReplayOptions } from '../program';
import { runAndReport } from './run';

export async function replay(context: CliContext, dataset: string, options: ReplayOptions): Promise<void> {
  const lake = await openLake(context, options);
  const prepared = await lake.prepareRun(dataset, { engine: 'auto', replay: options.run ?? LATEST_RUN });
  return runAndReport(context, { lake, prepared }, options);
}
