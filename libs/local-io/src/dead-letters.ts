/** Dead letters of a lake on one machine: a small file for each failed run, so that its input can be run again. */
import { PermanentError } from '@inlet/errors';
import type { DeadLetter, DeadLetterBox, ObjectStore, ReceivedDeadLetter } from '@inlet/pipeline';

/** Older ones go: a person who has let a hundred failures of a dataset lie wants the newest. */
const KEPT_PER_DATASET = 100;

const prefixOf = (dataset: string) => `dead-letters/${dataset}/`;

/** Keeps letters as `dead-letters/<dataset>/<time>-<execution id>.json` below the lake's root, oldest first by name. */
export function createLocalDeadLetters(store: ObjectStore): DeadLetterBox {
  const listKeys = async (dataset: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of store.list(prefixOf(dataset))) keys.push(key);
    return keys;
  };
  return {
    async send(letter: DeadLetter): Promise<void> {
      const time = letter.at.replace(/[^0-9TZ]/g, '');
      await store.write(`${prefixOf(letter.dataset)}${time}-${letter.executionId.replace(/[^A-Za-z0-9-]/g, '-')}.json`, `${JSON.stringify(letter, null, 2)}\n`);
      const keys = await listKeys(letter.dataset);
      await store.delete(keys.slice(0, Math.max(0, keys.length - KEPT_PER_DATASET)));
    },
    async receive(dataset: string): Promise<ReceivedDeadLetter | undefined> {
      const [key] = await listKeys(dataset);
      const found = key === undefined ? undefined : await store.read(key);
      if (key === undefined || found === undefined) return undefined;
      return { letter: parseLetter(Buffer.from(found.body).toString('utf8'), store.uri(key)), remove: () => store.delete([key]) };
    },
  };
}

function parseLetter(text: string, where: string): DeadLetter {
  try {
    const letter = JSON.parse(text) as Partial<DeadLetter>;
    if (typeof letter.dataset === 'string' && typeof letter.input === 'object' && letter.input !== null && typeof letter.error?.message === 'string') return letter as DeadLetter;
  } catch {
    // No JSON.
  }
  throw new PermanentError({ what: 'A dead letter cannot be read', where, expected: 'the JSON that a failed run wrote', found: 'something else', next: 'Delete the file, and run the dataset again.' });
}
