/** The reader of the kill tests: runs beside everything, and must never see anything but one of the known releases. */
import path from 'node:path';
import { openTestLake } from '../lake.test-support';
import { bundleEngineScript, printedJson, startScript } from './processes.test-support';
import { RELEASE_QUESTION } from './release-question.test-support';

export interface Readings {
  /** How often each answer was given. */
  answers: Record<string, number>;
  errors: string[];
}

export interface Reader {
  /** Ends the reader; all that it has read. */
  stop(): Promise<Readings>;
}

/** Starts a process that reads `lakeRoot` in a loop. The lake has a release already. */
export function startReader(lakeRoot: string): Reader {
  const child = startScript(bundleEngineScript(path.join(__dirname, 'read-loop.test-support.ts')), lakeRoot);
  return {
    stop: async () => {
      child.endInput();
      return printedJson<Readings>(await child.ended);
    },
  };
}

/** What the lake answers now, as the reader is answered. */
export async function readOnce(lakeRoot: string): Promise<string> {
  const lake = openTestLake(lakeRoot);
  try {
    return (await lake.query(RELEASE_QUESTION)).map(({ answer }) => String(answer)).join();
  } finally {
    await lake.close();
  }
}
