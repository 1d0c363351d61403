/** What one state found out in full, kept in the lake for the states after it; the state machine's own document stays small. */
import { PermanentError } from '@inlet/errors';
import type { QualityResult } from '@inlet/manifest';
import type { BronzeReport, SilverReport } from './plan';
import type { ObjectStore } from './ports';

/** Names that begin with `_` are skipped by Athena, Glue and Spark. */
export const REPORT_NAME = '_report.json';
export const GATE_NAME = '_gate.json';

/** `_gate.json`: who judged a release, by which rules, and how. */
export interface GateDocument {
  /** `duckdb`; or `glue`, of the version that the config says, where the Spark job had Glue judge what it built. */
  engine: { name: string; version: string };
  /** The engine that judged the rules which the other one left open, and how many; absent where there are none. */
  completedBy?: { name: string; version: string; rules: number };
  /** ISO 8601. */
  judgedAt: string;
  /** Of the text of quality.dqdl, which is empty where there is none. */
  rulesetSha256: string;
  passed: boolean;
  reason: string | null;
  results: QualityResult[];
}

export async function writeReport(store: ObjectStore, key: string, report: BronzeReport | SilverReport | GateDocument): Promise<string> {
  await store.write(key, JSON.stringify(report));
  return key;
}

export const readBronzeReport = (store: ObjectStore, key: string) => readDocument<BronzeReport>(store, key);
export const readSilverReport = (store: ObjectStore, key: string) => readDocument<SilverReport>(store, key);
export const readGateResults = async (store: ObjectStore, key: string) => (await readDocument<GateDocument>(store, key)).results;

/** Reports and plans are written and read by one version of the code within one run; they are not parsed again. */
export async function readDocument<T>(store: ObjectStore, key: string): Promise<T> {
  const object = await store.read(key);
  if (object === undefined) {
    throw new PermanentError({ what: 'What an earlier state wrote is gone', where: key, expected: 'the object that this run wrote', found: 'nothing', next: 'Run the dataset again.' });
  }
  return JSON.parse(Buffer.from(object.body).toString('utf8')) as T;
}
