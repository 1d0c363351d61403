/** Tells tests exactly what a synthetic release of the NDC directory holds and how two of them differ, without reading them. */
import { CDER_DIRECTORIES, PACKAGE_COLUMNS, PRODUCT_COLUMNS, type CderDirectory, type PackageColumn, type ProductColumn } from './cder-columns';
import type { CderQuirk, CderRecord } from './cder-quirks';
import { directoryRecords } from './directory-records';

export interface PackageKey {
  productId: string;
  ndcPackageCode: string;
}

export interface CderChanges {
  products: { added: string[]; removed: string[]; changed: { productId: string; column: ProductColumn; from: string; to: string }[] };
  packages: { added: PackageKey[]; removed: PackageKey[]; changed: (PackageKey & { column: PackageColumn; from: string; to: string })[] };
}

interface ReleasePair {
  products: number;
  seed: number;
  from: number;
  to: number;
}

/**
 * The difference between two releases of one seed and size, by directory, with or without quirks (records with quirks never change).
 * Each step from a release to the next replaces one product in every `max(50, floor(n / 50))` of a directory's n, with its packages, and edits one value of one more.
 */
export function describeCderChanges(pair: ReleasePair): Record<CderDirectory, CderChanges> {
  const [finished, unfinished, excluded] = CDER_DIRECTORIES.map((directory) => describeDirectory(directory, pair)) as [CderChanges, CderChanges, CderChanges];
  return { finished, unfinished, excluded };
}

function describeDirectory(directory: CderDirectory, { products, seed, from, to }: ReleasePair): CderChanges {
  const records = directoryRecords({ directory, products, seed, quirks: false });
  const touched = new Set<number>();
  for (let transition = Math.min(from, to); transition < Math.max(from, to); transition++) {
    for (const slot of records.slotsTouchedBy(transition)) touched.add(slot);
  }
  const changes: CderChanges = { products: { added: [], removed: [], changed: [] }, packages: { added: [], removed: [], changed: [] } };
  for (const slot of [...touched].sort((a, b) => a - b)) noteDifference(changes, records.recordAt(slot, from), records.recordAt(slot, to));
  return changes;
}

function noteDifference({ products, packages }: CderChanges, before: CderRecord, after: CderRecord): void {
  const productId = after.product.PRODUCTID;
  if (before.product.PRODUCTID !== productId) {
    products.removed.push(before.product.PRODUCTID);
    products.added.push(productId);
    packages.removed.push(...packageKeys(before));
    packages.added.push(...packageKeys(after));
    return;
  }
  for (const column of PRODUCT_COLUMNS) {
    const [from, to] = [before.product[column], after.product[column]];
    if (from !== to) products.changed.push({ productId, column, from, to });
  }
  for (const [index, one] of after.packages.entries()) {
    for (const column of PACKAGE_COLUMNS) {
      const [from, to] = [before.packages[index]?.[column] ?? '', one[column]];
      if (from !== to) packages.changed.push({ productId, ndcPackageCode: one.NDCPACKAGECODE, column, from, to });
    }
  }
}

function packageKeys({ packages }: CderRecord): PackageKey[] {
  return packages.map((one) => ({ productId: one.PRODUCTID, ndcPackageCode: one.NDCPACKAGECODE }));
}

export interface CderQuirkPlace {
  directory: CderDirectory;
  productId: string;
}

/**
 * Which products of a release with `quirks` have which quirk; the same in every release of its seed and size. Each directory has every quirk once in
 * `max(50, floor(n / 50))` of its n products (the unfinished one has no classes), so 300 finished products show all of them.
 */
export function describeCderQuirks(options: { products: number; seed: number }): Partial<Record<CderQuirk, CderQuirkPlace[]>> {
  const places: Partial<Record<CderQuirk, CderQuirkPlace[]>> = {};
  for (const directory of CDER_DIRECTORIES) {
    const records = directoryRecords({ directory, ...options, quirks: true });
    for (let slot = 0; slot < records.slots; slot++) {
      const quirk = records.quirkOf(slot);
      if (quirk) (places[quirk] ??= []).push({ directory, productId: records.recordAt(slot, 1).product.PRODUCTID });
    }
  }
  return places;
}
