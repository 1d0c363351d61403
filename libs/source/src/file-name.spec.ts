import fc from 'fast-check';
import { safeFileName } from './index';

describe('safeFileName', () => {
  it.each([
    ['https://h/a/Comprehensive_NDC.zip?x=/b.zip#c', 'Comprehensive_NDC.zip'],
    ['https://h/a%20b%2Fc.zip', 'a_b_c.zip'],
    ['https://h/100%.csv', '100_.csv'],
    ['https://h/', 'download'],
    ['https://h', 'download'],
    ['https://h/%2e%2e%2e', 'download'],
    ['https://h/%ff', '_ff'],
    ['file:///tmp/données.csv', 'donn_es.csv'],
    ['/tmp/a b.csv', 'a_b.csv'],
    [`https://h/${'a'.repeat(300)}.csv.zip`, `${'a'.repeat(146)}.zip`],
  ])('%s gives %s', (address, name) => {
    expect(safeFileName(address)).toBe(name);
  });

  it('gives a name that is safe as a key and as a file, for any address', () => {
    const isSafe = (name: string) => /^[A-Za-z0-9._-]{1,150}$/.test(name) && !/^\.+$/.test(name);
    fc.assert(fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string(), fc.string().map((text) => `https://h/${text}`)), (address) => isSafe(safeFileName(address))));
  });
});
