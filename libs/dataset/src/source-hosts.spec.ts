import { listSourceHosts } from './source-hosts';

describe('listSourceHosts', () => {
  it('names each host once: those of the sources, and those that the config adds', () => {
    const source = (source_url: string) => ({ name: 's', source_url, headers: {}, members: ['*'] });
    const sources = [source('https://a.example.org/x.zip'), source('https://a.example.org/y.zip'), source('file:///z.zip')];
    expect(listSourceHosts({ sources, source_hosts: ['b.example.org'] })).toEqual(['a.example.org', 'b.example.org']);
  });
});
