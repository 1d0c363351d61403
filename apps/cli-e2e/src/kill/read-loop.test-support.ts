/** A reader in a process of its own: asks the same question over and over until its input ends, then tells all that it was answered: `read-loop.cjs <lake>`. */
import path from 'node:path';
import { openLakeQuery } from '@inlet/duckdb';
import { createLocalStore } from '@inlet/local-io';
import { RELEASE_QUESTION } from './release-question.test-support';

const [lakeRoot = ''] = process.argv.slice(2);
const PAUSE_MS = 60;

async function askOnce(): Promise<string> {
  const lake = await openLakeQuery({ store: createLocalStore({ root: lakeRoot }), scratchDir: path.join(lakeRoot, 'tmp'), datasets: ['nsde'] });
  try {
    const answers: string[] = [];
    for await (const [answer] of (await lake.run(RELEASE_QUESTION)).rows) answers.push(String(answer));
    return answers.join();
  } finally {
    lake.close();
  }
}

async function main(): Promise<void> {
  const answers: Record<string, number> = {};
  const errors: string[] = [];
  let isAsked = true;
  process.stdin.once('end', () => (isAsked = false)).resume();
  while (isAsked) {
    try {
      const answer = await askOnce();
      answers[answer] = (answers[answer] ?? 0) + 1;
    } catch (error) {
      errors.push(String(error));
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  process.stdout.write(`${JSON.stringify({ answers, errors })}\n`);
}

void main();
