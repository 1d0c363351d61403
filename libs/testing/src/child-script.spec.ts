import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleScript, prepareMinistack, startScript, tempDir } from './index';

function makeScript(source: string): string {
  const entry = path.join(tempDir(), 'script.ts');
  writeFileSync(entry, source);
  return bundleScript(entry);
}

describe('a child script', () => {
  it('is TypeScript that plain Node runs, with arguments', async () => {
    const { ended } = startScript(makeScript('const n: number = 2; console.log(process.argv[2] + " " + n); process.exitCode = 3;'), ['hello']);
    expect(await ended).toEqual({ code: 3, signal: null, stdout: 'hello 2\n', stderr: '' });
  });
  it('can be waited for, and killed', async () => {
    const child = startScript(makeScript("console.log('ready now'); setInterval(() => undefined, 1000);"), []);
    expect(await child.printed('ready')).toBe('ready now');
    child.kill('SIGKILL');
    expect(await child.ended).toMatchObject({ code: null, signal: 'SIGKILL' });
    await expect(child.printed('never')).rejects.toThrow('ended without printing never');
  });
});

describe('prepareMinistack', () => {
  it('says why there is no server where there is no Python', () => {
    expect(prepareMinistack({ pythons: ['no-such-python'] })).toEqual({ available: false, reason: 'no Python 3.10 or newer on this machine' });
  });
  it('says why there is no server where its packages cannot be had, in CI too', () => {
    const before = { ...process.env };
    Object.assign(process.env, { CI: 'true', PIP_NO_INDEX: '1' });
    try {
      expect(prepareMinistack({ packages: ['no-such-package==1'] })).toEqual({ available: false, reason: expect.stringMatching(/^no (ministack [\d.]+ to be had: .+|Python 3\.10 or newer on this machine)$/) });
    } finally {
      process.env = before;
    }
  });
});
