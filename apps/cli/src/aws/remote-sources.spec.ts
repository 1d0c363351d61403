import { checkRemoteSources } from './remote-sources';

describe('checkRemoteSources', () => {
  it('takes https, and http on the loopback', () => {
    const sources = ['https://host/a.zip', 'http://127.0.0.1:8080/a.zip', 'http://localhost/a', 'http://[::1]:1/a'];
    expect(checkRemoteSources(sources)).toEqual(sources);
    expect(checkRemoteSources([])).toEqual([]);
  });

  it.each([
    ['data/a.zip', /found a path on this machine/],
    ['/data/a.zip', /a path on this machine/],
    ['C:\\data\\a.zip', /found c/],
    ['file:///data/a.zip', /found file/],
    ['http://host/a.zip', /found http\b/],
    ['http://127.0.0.1.host/a.zip', /found http\b/],
    ['s3://bucket/a.zip', /found s3/],
  ])('refuses %s', (source, message) => {
    expect(() => checkRemoteSources(['https://host/ok', source])).toThrow(expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(message) }));
  });

  it('shows no secret of what it refuses', () => {
    expect(() => checkRemoteSources(['http://user:pass@host/a?apiKey=secret'])).toThrow(/^(?!.*(pass|secret))/);
  });
});
