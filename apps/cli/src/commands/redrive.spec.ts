/** redrive on a real local lake, with real runs of the smallest sample. */
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLocalDeadLetters } from '@inlet/local-io';
import { tempDir } from '@inlet/testing';
import { captureContext } from '../capture.test-support';
import { openStore } from '../local-lake';
import { runCommandLine } from '../main';

const workspace = path.resolve(__dirname, '../../../..');
const sample = path.join(workspace, 'domains/nsde/samples/synthetic-nsde-release-1.zip');

function setUp() {
  const lake = path.join(tempDir(), 'lake');
  const inlet = async (...args: string[]) => {
    const context = captureContext({ cwd: workspace });
    await runCommandLine(context, [...args, '--lake', lake]);
    return { code: context.exitCode, stdout: context.stdout.text, stderr: context.stderr.text };
  };
  return { lake, inlet, letters: createLocalDeadLetters(openStore(lake)) };
}

describe('inlet redrive', () => {
  it('runs a failed run\'s input again once its source is mended, and takes the letter out', async () => {
    const { inlet, letters } = setUp();
    const source = path.join(tempDir(), 'nsde.zip');
    writeFileSync(source, 'PK no zip');
    expect((await inlet('run', 'nsde', '--source', source, '--quiet')).code).toBe(1);
    expect((await letters.receive('nsde'))?.letter).toMatchObject({ dataset: 'nsde', input: { sources: [source], force: false }, error: { name: 'CorruptArchiveError' } });

    copyFileSync(sample, source);
    const again = await inlet('redrive', 'nsde', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'published', dataset: 'nsde' });
    expect(again.stderr).toContain('CorruptArchiveError');
    expect(await letters.receive('nsde')).toBeUndefined();
    expect((await inlet('redrive', 'nsde')).stdout).toBe('nsde has no dead letter\n');
  });
  it('leaves one letter, the new run\'s, when the run fails again', async () => {
    const { inlet, letters } = setUp();
    const source = path.join(tempDir(), 'missing.zip');
    await inlet('run', 'nsde', '--source', source, '--quiet');
    const first = (await letters.receive('nsde'))?.letter;
    expect((await inlet('redrive', 'nsde', '--quiet')).code).toBe(1);
    const second = await letters.receive('nsde');
    expect(second?.letter).toMatchObject({ input: { sources: [source] } });
    expect(second?.letter.executionId).not.toBe(first?.executionId);
    await second?.remove();
    expect(await letters.receive('nsde')).toBeUndefined();
  });
  it('takes a letter out without a run', async () => {
    const { inlet, letters } = setUp();
    await inlet('run', 'nsde', '--source', '/no/such.zip', '--quiet');
    const { code, stdout } = await inlet('redrive', 'nsde', '--drop');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Dropped the dead letter') });
    expect(await letters.receive('nsde')).toBeUndefined();
  });
  it.each([
    [{ sources: ['https://host/a.zip?token=…'] }, /whole URL of its source/],
    [{ forced: true }, /asked for wrongly/],
  ])('says why %j cannot be run again, how to take it out, and keeps it', async (input, why) => {
    const { inlet, letters } = setUp();
    await letters.send({ dataset: 'nsde', executionId: 'e1', input, error: { name: 'X', message: 'm' }, at: '2026-11-20T21:00:00.000Z' });
    const { code, stderr } = await inlet('redrive', 'nsde');
    expect(code).toBe(2);
    expect(stderr).toMatch(why);
    expect(stderr).toContain('redrive nsde --drop');
    expect(await letters.receive('nsde')).toBeDefined();
  });
});
