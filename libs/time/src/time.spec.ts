import fc from 'fast-check';
import { buildRunId, fixedClock, formatBytes, formatDuration, formatVersion, isRunId, systemClock } from './index';

describe('buildRunId', () => {
  it('joins the UTC start second and the first 12 hex digits of the release', () => {
    expect(buildRunId(new Date('2026-11-20T21:00:00.999Z'), '0f3a'.repeat(16))).toBe('20261120T210000Z-0f3a0f3a0f3a');
  });

  it('is deterministic, and sorts as time does', () => {
    const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    const sha = fc.stringMatching(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(date, date, sha, (a, b, sha256) => {
        expect(buildRunId(a, sha256)).toBe(buildRunId(new Date(a), sha256));
        expect(isRunId(buildRunId(a, sha256))).toBe(true);
        const [first, second] = [a, b].map((at) => Math.floor(at.getTime() / 1000)) as [number, number];
        if (first < second) expect(buildRunId(a, sha256) < buildRunId(b, sha256)).toBe(true);
      }),
    );
  });
});

describe('formats', () => {
  it.each([[0, '0 ms'], [812, '812 ms'], [4100, '4.1 s'], [59_949, '59.9 s'], [59_960, '1 min 00 s'], [125_000, '2 min 05 s']])('%d ms reads %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
  it.each([[950, '950 B'], [3_804_700, '3.8 MB'], [999_960, '1.0 MB'], [77_000_000_000, '77.0 GB']])('%d bytes reads %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
  it('takes the version from the UTC day', () => {
    expect(formatVersion(new Date('2026-11-20T23:59:59Z'))).toBe('2026-11-20');
  });
});

describe('clocks', () => {
  it('a fixed clock moves only when told, or slept on', async () => {
    const clock = fixedClock('2026-11-20T21:00:00Z');
    await clock.sleep(2000);
    clock.advance(500);
    expect(clock.now().toISOString()).toBe('2026-11-20T21:00:02.500Z');
  });
  it('sleep ends early with the reason of its signal', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(new Error('stop'));
    await expect(sleeping).rejects.toThrow('stop');
  });
});
