/** The only source of variety in a sample release: a hash of integers, the same on every machine. */

/** A well-spread unsigned 32-bit number for `n` under `key` (MurmurHash3's finaliser). */
export function mix(key: number, n: number): number {
  let h = Math.imul(n ^ key, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The key under which a seed's hashes are made, so that neighbouring seeds have nothing in common. */
export function keyOfSeed(seed: number): number {
  return mix(0x1f123bb5, seed | 0);
}
