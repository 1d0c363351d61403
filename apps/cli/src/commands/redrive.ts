/** `inlet redrive`: runs the input of the oldest dead letter again, now that its cause is mended. */
import type { CliContext } from '../context';
import { requireKnownDataset } from '../datasets';
import { openLake } from '../lake';
import { writeJson, writeText } from '../output';
import type { RedriveOptions } from '../program';
import { escapeControl } from '../render/escape-control';
import { runAndReport } from './run';

export async function redrive(context: CliContext, dataset: string, options: RedriveOptions): Promise<void> {
  const lake = await openLake(context, options);
  await requireKnownDataset(lake.domainsDir, lake.store, dataset);
  const opened = await lake.openDeadLetter(dataset);
  if (opened === undefined) return options.json ? writeJson(context.stdout, { dataset, deadLetter: null }) : writeText(context.stdout, `${dataset} has no dead letter`);
  const { letter } = opened;
  const described = `${letter.at}, ${letter.error.name}: ${escapeControl(letter.error.message)}`;
  if (options.drop) {
    await opened.remove();
    return options.json ? writeJson(context.stdout, { dataset, dropped: letter }) : writeText(context.stdout, `Dropped the dead letter of ${described}`);
  }
  const prepared = await opened.prepareRun();
  if (options.quiet !== true) context.stderr.write(`Again: the run that failed ${described}\n`);
  return runAndReport(context, { lake, prepared }, options);
}
