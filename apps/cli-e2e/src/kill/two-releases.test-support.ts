/** Two releases of NSDE, turn and turn about, each time in another zip: always something to fetch and to publish, and only two answers that a reader may get. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { NsdeReleaseOptions } from '@inlet/nsde-samples';
import { writeNsdeRelease } from '@inlet/samples';
import { present, tempDir } from '@inlet/testing';
import { printedJson, runInlet } from './processes.test-support';
import { readOnce } from './reader.test-support';

export type ReleaseNumber = 1 | 2;

export const otherThan = (release: ReleaseNumber): ReleaseNumber => (release === 1 ? 2 : 1);

const ROWS = 300;
const FIRST_ZIPPED_AT_MS = Date.parse('2026-01-15T12:00:00Z');
/** The step of a zip's times. */
const ZIP_TIME_MS = 2000;

export interface Zips {
  /** The release in a zip whose bytes no other zip has. */
  zip(release: ReleaseNumber, changes?: Partial<NsdeReleaseOptions>): Promise<string>;
  /** As zip, without its end. */
  brokenZip(release: ReleaseNumber): Promise<string>;
}

export function createZips(): Zips {
  const folder = tempDir();
  let count = 0;
  const zip: Zips['zip'] = async (release, changes = {}) => {
    count += 1;
    const file = path.join(folder, `release-${release}-zip-${count}.zip`);
    await writeNsdeRelease(file, { rows: ROWS, seed: 6, release, ...changes }, { mtime: new Date(FIRST_ZIPPED_AT_MS + count * ZIP_TIME_MS) });
    return file;
  };
  return {
    zip,
    brokenZip: async (release) => {
      const file = await zip(release);
      writeFileSync(file, readFileSync(file).subarray(0, -100));
      return file;
    },
  };
}

/** What a reader is answered when a release is published, each found out in a lake of its own. */
export async function readAnswers(zips: Zips): Promise<Record<ReleaseNumber, string>> {
  const answers = [];
  for (const release of [1, 2] as const) {
    const root = path.join(tempDir(), 'lake');
    await publish(root, await zips.zip(release));
    answers.push(await readOnce(root));
  }
  if (answers[0] === answers[1]) throw new Error(`the two releases cannot be told apart: ${answers[0]}`);
  return { 1: present(answers[0]), 2: present(answers[1]) };
}

export interface PrintedRun {
  runId: string;
  outcome: string;
  reason: string | null;
  error?: { name: string; message: string };
}

/** A run of the command line from beginning to end, with its exit code. */
export async function runToEnd(root: string, source: string, ...options: string[]): Promise<PrintedRun & { code: number | null; stderr: string }> {
  const ended = await runInlet('run', 'nsde', '--source', source, '--lake', root, '--json', ...options);
  return { ...printedJson<PrintedRun>(ended), code: ended.code, stderr: ended.stderr };
}

export async function publish(root: string, source: string): Promise<void> {
  expect(await runToEnd(root, source)).toMatchObject({ outcome: 'published', code: 0 });
}
