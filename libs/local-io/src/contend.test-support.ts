/** A process of its own for the tests between processes: `contend.cjs <root> <what> <argument>`. */
import { PreconditionFailedError } from '@inlet/errors';
import { createLock } from './lake-lock';
import { createLocalStore } from './local-store';

const [root = '', what = '', argument = ''] = process.argv.slice(2);
const store = createLocalStore({ root });

async function increment(times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const found = await store.read('counter');
    const next = String(Number(Buffer.from(found?.body ?? '').toString()) + 1);
    try {
      await store.write('counter', next, found === undefined ? { ifAbsent: true } : { ifMatch: found.etag });
      done += 1;
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
    }
  }
}

/** Holds the lake's lock, in the midst of a change, until it is killed. */
async function holdLock(): Promise<void> {
  await createLock(root).exclusively(() => {
    process.stdout.write('holding\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
}

/** Writes documents of one repeated letter over and over, until it is killed. */
async function writeForever(letter: string): Promise<void> {
  for (let round = 0; ; round += 1) {
    await store.write('doc', letter.repeat(200_000));
    if (round === 0) process.stdout.write('writing\n');
  }
}

async function main(): Promise<void> {
  if (what === 'increment') return increment(Number(argument));
  if (what === 'hold-lock') return holdLock();
  if (what === 'write-forever') return writeForever(argument);
  throw new Error(`unknown: ${what}`);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
