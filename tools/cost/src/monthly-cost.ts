/** What a month costs: a pure function from what is used and the list prices to lines that add up. */
import type { ListPrices } from './list-prices';

export const HOURS_PER_MONTH = 730;
const BYTES_PER_GB = 1e9;

/** What the base stack is used for, whatever the datasets are. */
export interface BaseUse {
  alertEmails: number;
  athenaTbScanned: number;
  /** Interface endpoints times the zones that they are in; 0 without a network. */
  endpointZones: number;
  natGateways: number;
}

/** One function in one run: how long it takes, of which memory and scratch space. */
export interface FunctionUse {
  name: string;
  memoryMb: number;
  storageMb: number;
  /** Invocations per run, and seconds of all of them together. */
  invocations: number;
  seconds: number;
}

/** One kind of run: how many there are of it, and what each takes. */
export interface RunUse {
  runs: number;
  transitions: number;
  functions: readonly FunctionUse[];
  s3Writes: number;
  s3Reads: number;
  ledgerWrites: number;
  ledgerReads: number;
  logBytes: number;
}

export interface DatasetUse {
  dataset: string;
  unchanged: RunUse;
  published: RunUse;
  /** The hourly measurement of freshness, which is no run. */
  measured: RunUse;
  /** Raw bytes that come in a day, and how long they are kept. */
  rawBytesPerDay: number;
  rawDays: number;
  /** Bronze, silver and gold that are there at any time. */
  tableBytes: number;
  /** Metrics that the dataset's alarms watch. */
  alarmMetrics: number;
  logRetentionMonths: number;
  /** Zero where DuckDB does all the work. */
  glueDpuHours: number;
}

export interface CostLine {
  what: string;
  /** How the sum comes about, in figures. */
  how: string;
  usd: number;
}

const line = (what: string, how: string, usd: number): CostLine => ({ what, how, usd });
const format = (count: number) => count.toLocaleString('en-US', { maximumFractionDigits: count < 10 ? 3 : 0 });

export function totalUsd(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}

/** What is paid before a dataset is there. */
export function costOfBase({ alertEmails, athenaTbScanned, endpointZones, natGateways }: BaseUse, prices: ListPrices): CostLine[] {
  const lines = [
    line('KMS key', '1 key', prices.kms.keyMonth),
    line('Athena', `${format(athenaTbScanned)} TB scanned`, athenaTbScanned * prices.athena.tbScanned),
    line('Notifications by e-mail', `${format(alertEmails)} messages`, (alertEmails / 1e5) * prices.messages.emailsPerHundredThousand),
  ];
  if (endpointZones > 0) {
    lines.push(line('Interface endpoints', `${endpointZones} endpoint zones × ${HOURS_PER_MONTH} h`, endpointZones * HOURS_PER_MONTH * prices.network.interfaceEndpointZoneHour));
  }
  if (natGateways > 0) lines.push(line('NAT gateway', `${natGateways} × ${HOURS_PER_MONTH} h, without traffic`, natGateways * HOURS_PER_MONTH * prices.network.natHour));
  return lines;
}

/** What one dataset adds. */
export function costOfDataset(use: DatasetUse, prices: ListPrices): CostLine[] {
  const runs = [use.unchanged, use.published, use.measured];
  const sum = (count: (run: RunUse) => number) => runs.reduce((total, run) => total + run.runs * count(run), 0);
  return [
    costOfFunctions(runs, prices),
    costOfTransitions(sum(({ transitions }) => transitions), prices),
    ...costOfObjects(use, { writes: sum(({ s3Writes }) => s3Writes), reads: sum(({ s3Reads }) => s3Reads) }, prices),
    costOfLedger({ writes: sum(({ ledgerWrites }) => ledgerWrites), reads: sum(({ ledgerReads }) => ledgerReads) }, prices),
    ...costOfWatching(use, sum(({ logBytes }) => logBytes), prices),
    costOfMessages(use, prices),
    ...(use.glueDpuHours > 0 ? [line('Spark on Glue', `${format(use.glueDpuHours)} DPU-hours`, use.glueDpuHours * prices.glue.dpuHour)] : []),
  ];
}

function costOfFunctions(runs: readonly RunUse[], { lambda }: ListPrices): CostLine {
  let gbSeconds = 0;
  let storageGbSeconds = 0;
  let requests = 0;
  for (const { runs: count, functions } of runs) {
    for (const { memoryMb, storageMb, invocations, seconds } of functions) {
      gbSeconds += count * seconds * (memoryMb / 1024);
      storageGbSeconds += count * seconds * Math.max(0, storageMb / 1000 - lambda.freeStorageGb);
      requests += count * invocations;
    }
  }
  const usd = gbSeconds * lambda.gbSecondArm64 + storageGbSeconds * lambda.storageGbSecond + (requests / 1e6) * lambda.requestsPerMillion;
  return line('Lambda', `${format(gbSeconds)} GB-s of memory, ${format(storageGbSeconds)} GB-s of scratch space, ${format(requests)} requests`, usd);
}

function costOfTransitions(transitions: number, { stepFunctions }: ListPrices): CostLine {
  return line('Step Functions', `${format(transitions)} transitions`, (transitions / 1000) * stepFunctions.transitionsPerThousand);
}

/** Days in each storage class, as the lifecycle of the raw bucket has it: 30 days, until the 90th day, and from then on. */
export function daysByClass(days: number): { standard: number; infrequent: number; glacierInstant: number } {
  return { standard: Math.min(days, 30), infrequent: Math.min(Math.max(days - 30, 0), 60), glacierInstant: Math.max(days - 90, 0) };
}

function costOfRawFiles({ rawBytesPerDay, rawDays }: DatasetUse, { s3 }: ListPrices): CostLine {
  const gb = rawBytesPerDay / BYTES_PER_GB;
  const { standard, infrequent, glacierInstant } = daysByClass(rawDays);
  const usd = gb * (standard * s3.standardGbMonth + infrequent * s3.infrequentGbMonth + glacierInstant * s3.glacierInstantGbMonth);
  return line('S3: raw files', `${format(gb * rawDays)} GB after ${rawDays} days, in three storage classes`, usd);
}

function costOfObjects(use: DatasetUse, { writes, reads }: { writes: number; reads: number }, prices: ListPrices): CostLine[] {
  const { s3, kms, cloudtrail } = prices;
  const requests = writes + reads;
  const tableGb = use.tableBytes / BYTES_PER_GB;
  return [
    costOfRawFiles(use, prices),
    line('S3: tables', `${format(tableGb)} GB`, tableGb * s3.standardGbMonth),
    line('S3: requests', `${format(writes)} writes, ${format(reads)} reads`, (writes / 1000) * s3.writesPerThousand + (reads / 1000) * s3.readsPerThousand),
    line('CloudTrail: data events', `${format(requests)} events`, (requests / 1e5) * cloudtrail.dataEventsPerHundredThousand),
    // With a bucket key, S3 asks far less often than once per object.
    line('KMS: requests', `${format(requests)} at most`, (requests / 1e4) * kms.requestsPerTenThousand),
  ];
}

/** Writes and reads count twice: most of them are transactions. */
function costOfLedger({ writes, reads }: { writes: number; reads: number }, { dynamodb }: ListPrices): CostLine {
  const usd = ((2 * writes) / 1e6) * dynamodb.writesPerMillion + ((2 * reads) / 1e6) * dynamodb.readsPerMillion;
  return line('DynamoDB', `${format(2 * writes)} write units, ${format(2 * reads)} read units`, usd);
}

function costOfWatching({ alarmMetrics, logRetentionMonths, unchanged, published, measured }: DatasetUse, logBytes: number, { cloudwatch, xray }: ListPrices): CostLine[] {
  const logGb = logBytes / BYTES_PER_GB;
  const traces = unchanged.runs + published.runs + measured.runs;
  return [
    line('CloudWatch: alarms', `${alarmMetrics} metrics`, alarmMetrics * cloudwatch.alarmMetricMonth),
    line('CloudWatch: dashboard', '1', cloudwatch.dashboardMonth),
    line('CloudWatch: own metric', '1', cloudwatch.customMetricMonth),
    line('CloudWatch: logs', `${format(logGb)} GB written, kept for ${logRetentionMonths === 1 ? 'a month' : `${logRetentionMonths} months`}`, logGb * cloudwatch.logGbIngested + logGb * logRetentionMonths * cloudwatch.logGbMonth),
    line('X-Ray', `${format(traces)} traces`, (traces / 1e6) * xray.tracesPerMillion),
  ];
}

/** The schedule of the runs, the hourly measurement, and what is told of a release. */
function costOfMessages({ unchanged, published, measured }: DatasetUse, { eventbridge, messages }: ListPrices): CostLine {
  const schedules = unchanged.runs + published.runs + measured.runs;
  const usd = (schedules / 1e6) * eventbridge.schedulesPerMillion + (published.runs / 1e6) * (eventbridge.eventsPerMillion + messages.snsPerMillion);
  return line('EventBridge, SNS', `${format(schedules)} schedules, ${format(published.runs)} events and messages`, usd);
}
