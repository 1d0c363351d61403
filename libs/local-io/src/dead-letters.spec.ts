import type { DeadLetter } from '@inlet/pipeline';
import { memoryStore } from '@inlet/testing';
import { createLocalDeadLetters } from './index';

const letter = (at: string, over: Partial<DeadLetter> = {}): DeadLetter => ({
  dataset: 'nsde',
  executionId: 'e/1',
  input: { force: true, sources: ['/tmp/a.zip'] },
  error: { name: 'ModelError', message: 'no such column' },
  at,
  ...over,
});

describe('createLocalDeadLetters', () => {
  it('gives back the oldest letter of a dataset, again and again until it is removed', async () => {
    const box = createLocalDeadLetters(memoryStore());
    const [older, newer, other] = [letter('2026-11-20T21:00:00.000Z'), letter('2026-11-20T21:00:01.000Z', { executionId: 'e2' }), letter('2026-11-19T21:00:00.000Z', { dataset: 'cder' })];
    for (const each of [newer, older, other]) await box.send(each);
    expect((await box.receive('nsde'))?.letter).toEqual(older);
    const received = await box.receive('nsde');
    expect(received?.letter).toEqual(older);
    await received?.remove();
    expect((await box.receive('nsde'))?.letter).toEqual(newer);
    await (await box.receive('nsde'))?.remove();
    expect(await box.receive('nsde')).toBeUndefined();
    expect((await box.receive('cder'))?.letter).toEqual(other);
  });
  it('keeps the newest hundred', async () => {
    const store = memoryStore();
    const box = createLocalDeadLetters(store);
    for (let n = 0; n < 103; n += 1) await box.send(letter(new Date(Date.UTC(2026, 10, 20) + n * 1000).toISOString()));
    const kept: string[] = [];
    for await (const { key } of store.list('dead-letters/')) kept.push(key);
    expect(kept).toHaveLength(100);
    expect((await box.receive('nsde'))?.letter.at).toBe('2026-11-20T00:00:03.000Z');
  });
  it.each(['{', '[]', '{"dataset":"nsde"}'])('says which file is no letter: %s', async (text) => {
    const store = memoryStore();
    await store.write('dead-letters/nsde/1.json', text);
    await expect(createLocalDeadLetters(store).receive('nsde')).rejects.toThrow(/dead-letters\/nsde\/1\.json.*Delete the file/s);
  });
});
