/** Zips for tests: sound ones by yazl, and written by hand where every field may lie. */
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync } from 'node:zlib';
import { ZipFile } from 'yazl';

export interface ZipMember {
  name: string;
  content: Buffer | string;
}

/** A zip as ordinary programs write it. */
export async function zip(members: readonly ZipMember[], options: { compress?: boolean; forceZip64Format?: boolean; mtime?: Date } = {}): Promise<Buffer> {
  const file = new ZipFile();
  for (const { name, content } of members) file.addBuffer(Buffer.from(content), name, options);
  file.end({ forceZip64Format: options.forceZip64Format ?? false, comment: '' });
  return buffer(file.outputStream);
}

export interface CraftedMember extends ZipMember {
  method?: number;
  flags?: number;
  externalAttributes?: number;
  /** In place of the truth, in both headers. */
  sizeBytes?: number;
  crc?: number;
  /** In place of the name, in the local header. */
  localName?: string;
  /** Bytes after the compressed data that count as part of it. */
  trailer?: Buffer;
}

/** A zip whose fields say what the test wants. */
export function craftZip(members: readonly CraftedMember[], entryCount = members.length): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const content = Buffer.from(member.content);
    const method = member.method ?? 8;
    const data = Buffer.concat([method === 8 ? deflateRawSync(content) : content, member.trailer ?? Buffer.alloc(0)]);
    const localName = Buffer.from(member.localName ?? member.name);
    const local = Buffer.concat([header(0x04034b50, 4, member, { content, data, method, name: localName }), localName, data]);
    const name = Buffer.from(member.name);
    const central = Buffer.alloc(46);
    header(0x02014b50, 6, member, { content, data, method, name }).copy(central);
    central.writeUInt16LE(0x031e, 4);
    central.writeUInt32LE(member.externalAttributes ?? 0, 38);
    central.writeUInt32LE(offset, 42);
    directory.push(central, name);
    parts.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entryCount, 8);
  end.writeUInt16LE(entryCount, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** The fields that both headers share, from `at` on; 30 bytes for a local header, the first 46 of a central one. */
function header(signature: number, at: number, member: CraftedMember, facts: { content: Buffer; data: Buffer; method: number; name: Buffer }): Buffer {
  const bytes = Buffer.alloc(at === 4 ? 30 : 46);
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt16LE(20, at);
  bytes.writeUInt16LE(member.flags ?? 0, at + 2);
  bytes.writeUInt16LE(facts.method, at + 4);
  bytes.writeUInt32LE(member.crc ?? crc32(facts.content), at + 10);
  bytes.writeUInt32LE(facts.data.length, at + 14);
  bytes.writeUInt32LE(member.sizeBytes ?? facts.content.length, at + 18);
  bytes.writeUInt16LE(facts.name.length, at + 22);
  return bytes;
}
