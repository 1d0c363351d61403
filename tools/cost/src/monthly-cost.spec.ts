import fc from 'fast-check';
import { LIST_PRICES } from './list-prices';
import { costOfBase, costOfDataset, daysByClass, type DatasetUse, type RunUse, totalUsd } from './monthly-cost';

const idle: RunUse = { runs: 0, transitions: 0, functions: [], s3Writes: 0, s3Reads: 0, ledgerWrites: 0, ledgerReads: 0, logBytes: 0 };
const nothing: DatasetUse = { dataset: 'nothing', unchanged: idle, published: idle, measured: idle, rawBytesPerDay: 0, rawDays: 0, tableBytes: 0, alarmMetrics: 0, logRetentionMonths: 0, glueDpuHours: 0 };
const usdOf = (use: DatasetUse, what: string) => costOfDataset(use, LIST_PRICES).find((line) => line.what === what)?.usd;

describe('costOfDataset', () => {
  /** 100 runs of one function: 2 GB of memory, 10.512 GB of scratch space, 3 seconds in 2 invocations. */
  const published: RunUse = {
    runs: 100,
    transitions: 14,
    functions: [{ name: 'transform', memoryMb: 2048, storageMb: 10_512, invocations: 2, seconds: 3 }],
    s3Writes: 20,
    s3Reads: 50,
    ledgerWrites: 10,
    ledgerReads: 20,
    logBytes: 1e7,
  };
  const use: DatasetUse = { ...nothing, published, rawBytesPerDay: 1e9, rawDays: 100, tableBytes: 5e9, alarmMetrics: 6, logRetentionMonths: 2, glueDpuHours: 10 };

  it.each([
    // 600 GB-s * 0.0000133334 + 3000 GB-s * 0.0000000309 + 200 / 1e6 * 0.20
    ['Lambda', 0.00800004 + 0.0000927 + 0.00004],
    // 1400 transitions at 0.025 a thousand
    ['Step Functions', 0.035],
    // 1 GB a day: 30 GB at 0.023, 60 GB at 0.0125, 10 GB at 0.004
    ['S3: raw files', 0.69 + 0.75 + 0.04],
    ['S3: tables', 0.115],
    // 2000 writes, 5000 reads
    ['S3: requests', 0.01 + 0.002],
    ['CloudTrail: data events', 0.007],
    ['KMS: requests', 0.021],
    // 2000 write units, 4000 read units
    ['DynamoDB', 0.00125 + 0.0005],
    ['CloudWatch: alarms', 0.6],
    // 1 GB at 0.50, kept for two months at 0.03
    ['CloudWatch: logs', 0.5 + 0.06],
    // 100 schedules, events and messages
    ['EventBridge, SNS', 0.0001 + 0.0001 + 0.00005],
    ['X-Ray', 0.0005],
    ['Spark on Glue', 4.4],
  ])('costs for %s what it costs by hand', (what, usd) => {
    expect(usdOf(use, what)).toBeCloseTo(usd, 9);
  });

  it('charges an unused dataset for its dashboard and its metric alone', () => {
    const charged = costOfDataset(nothing, LIST_PRICES).filter(({ usd }) => usd > 0);
    expect(charged.map(({ what }) => what)).toEqual(['CloudWatch: dashboard', 'CloudWatch: own metric']);
    expect(totalUsd(charged)).toBeCloseTo(3 + 0.3, 9);
  });

  it('charges for Spark only where it is used', () => {
    expect(usdOf(nothing, 'Spark on Glue')).toBeUndefined();
  });

  it('never costs less for more runs', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (a, b) => {
        const cost = (runs: number) => totalUsd(costOfDataset({ ...use, published: { ...published, runs } }, LIST_PRICES));
        expect(cost(Math.max(a, b))).toBeGreaterThanOrEqual(cost(Math.min(a, b)));
      }),
    );
  });
});

describe('daysByClass', () => {
  it('puts every day into one class', () => {
    fc.assert(
      fc.property(fc.nat(2000), (days) => {
        const { standard, infrequent, glacierInstant } = daysByClass(days);
        expect(standard + infrequent + glacierInstant).toBe(days);
        expect(standard).toBeLessThanOrEqual(30);
        expect(infrequent).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('costOfBase', () => {
  it('is the key, what Athena scans and the e-mails', () => {
    expect(totalUsd(costOfBase({ alertEmails: 50_000, athenaTbScanned: 0.5, endpointZones: 0, natGateways: 0 }, LIST_PRICES))).toBeCloseTo(1 + 2.5 + 1, 9);
  });

  it('adds each endpoint in each zone, and the NAT gateway, by the hour', () => {
    const quiet = { alertEmails: 0, athenaTbScanned: 0 };
    expect(totalUsd(costOfBase({ ...quiet, endpointZones: 10, natGateways: 0 }, LIST_PRICES))).toBeCloseTo(1 + 73, 9);
    expect(totalUsd(costOfBase({ ...quiet, endpointZones: 0, natGateways: 1 }, LIST_PRICES))).toBeCloseTo(1 + 32.85, 9);
  });
});
