/** How many Glue workers a release takes: decided here, from its bytes, because a job makes no decisions. */

/** Expanded text that one worker of a type reads, types and sorts within memory, by its share of vCPUs; a G.1X has 4 and 16 GB. */
const BYTES_PER_WORKER: Readonly<Record<string, number>> = { 'G.025X': 500e6, 'G.1X': 2e9, 'G.2X': 4e9, 'G.4X': 8e9, 'G.8X': 16e9 };

/** Glue's own limit for a job, less the driver. */
const MOST_WORKERS = 299;

/** `bytes` of expanded text; one worker is the driver's. Throws RangeError for a worker type that Glue does not have. */
export function planWorkers({ bytes, fewest, workerType }: { bytes: number; fewest: number; workerType: string }): number {
  const each = BYTES_PER_WORKER[workerType];
  if (each === undefined) throw new RangeError(`no Glue worker type ${workerType}`);
  return Math.min(MOST_WORKERS, Math.max(fewest, Math.ceil(bytes / each) + 1));
}
