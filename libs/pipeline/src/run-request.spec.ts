import { parseRunRequest } from './run-request';

const hosts = ['files.example.org', 'mirror.example.org:8443', '127.0.0.1:4566'];
const failure = (document: unknown, policy: Parameters<typeof parseRunRequest>[1] = { hosts }): { name: string; message: string } => {
  try {
    parseRunRequest(document, policy);
  } catch (error) {
    return error as Error;
  }
  throw new RangeError('nothing was thrown');
};

describe('parseRunRequest', () => {
  it.each([[{}], [undefined], [null], [{ force: false }]])('takes %j for the configured sources', (document) => {
    expect(parseRunRequest(document, { hosts })).toEqual({ force: false, engine: 'auto', sources: [] });
  });
  it('takes one file or several from the hosts that are allowed', () => {
    expect(parseRunRequest({ force: true, source_url: 'https://files.example.org/a.zip' }, { hosts })).toEqual({ force: true, engine: 'auto', sources: ['https://files.example.org/a.zip'] });
    const sources = ['https://mirror.example.org:8443/a.zip', 'http://127.0.0.1:4566/b.zip'];
    expect(parseRunRequest({ sources, engine: 'spark' }, { hosts })).toEqual({ force: false, engine: 'spark', sources });
  });
  it.each([
    ['https://elsewhere.example.org/a.zip', 'files.example.org'],
    ['https://files.example.org:444/a.zip', 'files.example.org:444'],
    ['https://files.example.org.evil.test/a.zip', 'evil.test'],
    ['http://files.example.org/a.zip', 'expected https'],
    ['http://127.0.0.1/a.zip', '127.0.0.1'],
    ['file:///etc/passwd', 'no host'],
    ['/etc/passwd', '(not a URL)'],
    ['https://me:pw@files.example.org/a.zip', 'without credentials'],
    ['https://files.example.org/a.zip?token=secret', 'without credentials'],
  ])('refuses %s', (source_url, said) => {
    const { name, message } = failure({ source_url });
    expect(name).toBe('UnsafeUrlError');
    expect(message).toContain(said);
    expect(message).not.toMatch(/secret|me:pw/);
    expect(failure({ sources: ['https://files.example.org/ok.zip', source_url] }).name).toBe('UnsafeUrlError');
  });
  it.each([['latest'], ['20261120T210000Z-0f3a5c7d9e1b']])('takes %s for the run to replay', (replay) => {
    expect(parseRunRequest({ replay, engine: 'spark', force: true }, { hosts })).toEqual({ force: true, engine: 'spark', sources: [], replay });
  });
  it.each([[{ replay: 'newest' }], [{ replay: '../../other/run' }], [{ replay: true }]])('refuses %j: no run is named so', (document) => {
    expect(failure(document)).toMatchObject({ name: 'UsageError', message: expect.stringContaining('"replay"?: "latest"') });
  });
  it.each([[{ source_url: 'https://files.example.org/a.zip' }], [{ sources: ['https://files.example.org/a.zip'] }]])('refuses a replay beside %j', (source) => {
    expect(failure({ replay: 'latest', ...source })).toMatchObject({ name: 'UsageError', message: expect.stringContaining('which fetches nothing') });
  });
  it('lets a person give their own run any file', () => {
    expect(parseRunRequest({ sources: ['/tmp/a.zip', 'http://host/?token=x'] }, { hosts: 'any' }).sources).toHaveLength(2);
  });
  it.each([[{ force: 'yes' }], [{ forced: true }], [[]], ['run'], [{ engine: 'athena' }], [{ sources: [1] }], [{ source_url: 'https://files.example.org/a', sources: ['https://files.example.org/b'] }]])('refuses %j, and says what is understood', (document) => {
    const { name, message } = failure(document);
    expect(name).toBe('UsageError');
    expect(message).toMatch(/source_url|source twice/);
  });
});
