import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '@inlet/testing';
import { packageDomain } from './package-domain';

const domains = path.resolve(__dirname, '../../../domains');
const read = (dir: string, name: string) => readFileSync(path.join(dir, name), 'utf8');

function readAll(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(names.map((entry) => [path.join(path.relative(dir, entry.parentPath), entry.name), read(entry.parentPath, entry.name)]));
}

describe('packageDomain', () => {
  it('writes the same bytes for the same domain, and other bytes for another model', async () => {
    const dir = tempDir();
    await packageDomain(path.join(domains, 'cder'), path.join(dir, 'a'));
    await packageDomain(path.join(domains, 'cder'), path.join(dir, 'b'));
    expect(readAll(path.join(dir, 'a'))).toEqual(readAll(path.join(dir, 'b')));

    cpSync(path.join(domains, 'cder'), path.join(dir, 'cder'), { recursive: true });
    writeFileSync(path.join(dir, 'cder/models/products.sql'), `${read(path.join(domains, 'cder'), 'models/products.sql')}-- changed\n`);
    await packageDomain(path.join(dir, 'cder'), path.join(dir, 'c'));
    expect(JSON.parse(read(path.join(dir, 'c'), 'pipeline.json')).fingerprint).not.toBe(JSON.parse(read(path.join(dir, 'a'), 'pipeline.json')).fingerprint);
    expect(read(path.join(dir, 'c'), 'state-machine.asl.json')).toBe(read(path.join(dir, 'a'), 'state-machine.asl.json'));
  });
  it('orders models as they read each other', async () => {
    const dir = tempDir();
    await packageDomain(path.join(domains, 'cder'), dir);
    const { buildOrder } = JSON.parse(read(dir, 'pipeline.json')) as { buildOrder: string[] };
    expect(buildOrder.indexOf('products')).toBeLessThan(buildOrder.indexOf('ingredients'));
    expect(buildOrder.indexOf('products')).toBeLessThan(buildOrder.indexOf('pharm_classes'));
  });
  it('refuses a model that reads what is not there', async () => {
    const dir = tempDir();
    cpSync(path.join(domains, 'nsde'), path.join(dir, 'nsde'), { recursive: true });
    writeFileSync(path.join(dir, 'nsde/models/elements.sql'), 'select * from bronze.nothing');
    await expect(packageDomain(path.join(dir, 'nsde'), path.join(dir, 'out'))).rejects.toMatchObject({ name: 'ModelError' });
  });
});
