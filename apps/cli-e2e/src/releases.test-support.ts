/** Small releases as files on disk and behind addresses, in every disguise that the specs need. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CDER_DIRECTORIES, generateCderRelease, type CderDirectory } from '@inlet/cder-samples';
import { generateNsdeRelease, NSDE_MEMBER_NAME, type NsdeReleaseOptions } from '@inlet/nsde-samples';
import { writeSampleZip, type SampleZipOptions } from '@inlet/samples';
import { serve, status, tempDir, type Behaviour } from '@inlet/testing';
import { crc32, deflateRawSync } from 'node:zlib';

export interface Member {
  name: string;
  content: string | Buffer;
}

export const SEED = 77;
/** Rows of a release unless a test says otherwise. */
export const ROWS = 120;

/** The text of an NSDE release. */
export function nsdeCsv(options: Partial<NsdeReleaseOptions> = {}): string {
  return Buffer.concat([...generateNsdeRelease({ rows: ROWS, seed: SEED, quirks: false, ...options })]).toString('utf8');
}

/** A zip of the members as ordinary programs write it. */
export async function writeZip(members: readonly Member[], options: SampleZipOptions & { name?: string; folder?: string } = {}): Promise<string> {
  const { name = 'release.zip', folder = tempDir(), ...zipOptions } = options;
  const zipPath = path.join(folder, name);
  await writeSampleZip(zipPath, members.map(({ name: member, content }) => ({ name: member, content: () => [Buffer.from(content)] })), zipOptions);
  return zipPath;
}

/** A zip of one NSDE release. */
export function writeNsde(text: string | Buffer, options: SampleZipOptions & { name?: string; folder?: string } = {}): Promise<string> {
  return writeZip([{ name: NSDE_MEMBER_NAME, content: text }], options);
}

/** A plain file. */
export function writeText(name: string, text: string | Buffer): string {
  const folder = tempDir();
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

/** The members of the three zips of a small NDC directory. */
export function cderMembers(options: { products?: number; release?: number; quirks?: boolean } = {}): Record<CderDirectory, Member[]> {
  const { products = 60, release = 1, quirks = false } = options;
  const members = generateCderRelease({ products, seed: SEED, release, quirks });
  return Object.fromEntries(
    CDER_DIRECTORIES.map((directory) => [directory, members[directory].map(({ name, content }) => ({ name, content: Buffer.concat([...content()]) }))]),
  ) as Record<CderDirectory, Member[]>;
}

/** A server with a memory: answers 304 to whoever has this version already. */
export function serveVersion(file: Buffer, etag: string): Behaviour {
  return (request, response) => (request.headers['if-none-match'] === etag ? status(304, { etag }) : serve(file, { etag }))(request, response);
}

/** Another behaviour for each path; 404 for all else. */
export function route(behaviours: Record<string, Behaviour>): Behaviour {
  return (request, response) => (behaviours[(request.url ?? '').replace(/\?.*$/s, '')] ?? status(404))(request, response);
}

/** A zip of one member, written by hand so that its fields may lie. */
export function craftZip(member: Member & { flags?: number; declaredBytes?: number }): Buffer {
  const content = Buffer.from(member.content);
  const data = deflateRawSync(content);
  const name = Buffer.from(member.name);
  const header = (signature: number, length: number, at: number) => {
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32LE(signature, 0);
    bytes.writeUInt16LE(20, at);
    bytes.writeUInt16LE(member.flags ?? 0, at + 2);
    bytes.writeUInt16LE(8, at + 4);
    bytes.writeUInt32LE(crc32(content), at + 10);
    bytes.writeUInt32LE(data.length, at + 14);
    bytes.writeUInt32LE(member.declaredBytes ?? content.length, at + 18);
    bytes.writeUInt16LE(name.length, at + 22);
    return bytes;
  };
  const local = Buffer.concat([header(0x04034b50, 30, 4), name, data]);
  const central = Buffer.concat([header(0x02014b50, 46, 6), name]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
