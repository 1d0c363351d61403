/** Members flow past once: counted, checked, hashed, and where they are kept turned into UTF-8 and written. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { MissingMemberError } from '@inlet/errors';
import type { ExtractedMember, ExtractRequest } from '@inlet/pipeline';
import { corruptError, unsupportedError } from './archive-errors';
import { tooManyBytesError } from './archive-limits';
import { findOtherEncoding, openDecoding, startsWithUtf8Bom, type TextEncoding } from './decode-text';
import { assignFileNames } from './entry-path';
import { findForeignFormat, HEAD_BYTES } from './file-format';
import { LineCounter } from './line-counter';
import { TextFile } from './text-file';

/** A member as its archive describes it. */
export interface OpenMember {
  name: string;
  sizeBytes: number;
  /** Known for members of a zip. */
  crc32?: number;
  /** Set for a plain file: where its bytes already lie on disk. */
  originalPath?: string;
  open(): Promise<AsyncIterable<Buffer>>;
}

export interface ExpandRequest extends ExtractRequest {
  encoding: TextEncoding;
  /** Of the archive, for errors. */
  fileName: string;
}

const PROGRESS_BYTES = 8_000_000;

/** In the order asked for. One after the other: inflating and hashing already share two cores. */
export async function expandMembers(available: readonly OpenMember[], request: ExpandRequest): Promise<ExtractedMember[]> {
  const members = request.members.map((name) => findMember(name, available, request.fileName));
  const kept = assignFileNames(request.keep.map((name) => findMember(name, members, request.fileName).name));
  if (kept.size > 0) await mkdir(request.targetDir, { recursive: true });
  const tally = new Tally(request, members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const extracted: ExtractedMember[] = [];
  for (const member of members) {
    const fileName = kept.get(member.name);
    const keptPath = fileName === undefined ? undefined : path.join(request.targetDir, fileName);
    extracted.push(await expandMember(member, keptPath, { request, tally }));
  }
  tally.report();
  return extracted;
}

function findMember(name: string, available: readonly OpenMember[], fileName: string): OpenMember {
  const member = available.find((candidate) => candidate.name === name);
  if (member) return member;
  const found = available.map((candidate) => candidate.name).slice(0, 20).join(', ');
  throw new MissingMemberError({ what: 'The archive lacks a member', where: fileName, expected: name, found, next: 'Correct the members of the table in config/dataset.json.' });
}

/** Bytes of the whole archive so far, held against the limit even where the archive's own word was a lie. */
class Tally {
  #bytes = 0;
  #reportedBytes = 0;

  constructor(
    private readonly request: ExpandRequest,
    private readonly totalBytes: number,
  ) {}

  add(bytes: number): void {
    this.request.signal?.throwIfAborted();
    this.#bytes += bytes;
    if (this.#bytes > this.request.limits.maxExpandedBytes) throw tooManyBytesError('more than that', this.request.limits, this.request.fileName);
    if (this.#bytes - this.#reportedBytes >= PROGRESS_BYTES) this.report();
  }

  report(): void {
    this.#reportedBytes = this.#bytes;
    this.request.onProgress?.({ bytes: this.#bytes, totalBytes: this.totalBytes });
  }
}

interface Expansion {
  request: ExpandRequest;
  tally: Tally;
}

async function expandMember(member: OpenMember, keptPath: string | undefined, expansion: Expansion): Promise<ExtractedMember> {
  const { request } = expansion;
  const where = member.originalPath === undefined ? `${request.fileName}: ${member.name}` : request.fileName;
  const chunks = withWholeHead(checkBytes(member, await member.open(), { ...expansion, where }));
  const hash = createHash('sha256');
  const sink: Sink = keptPath === undefined ? new CountingSink() : new TextSink(keptPath, member.originalPath, request.encoding, where);
  try {
    let sizeBytes = 0;
    for await (const chunk of chunks) {
      await sink.take(chunk, sizeBytes === 0);
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
    const { path: writtenPath, lines } = await sink.end();
    return { name: member.name, sha256: hash.digest('hex'), sizeBytes, path: writtenPath, lines };
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

/** Passes chunks on, and throws when they are not what the archive promised. */
async function* checkBytes(member: OpenMember, chunks: AsyncIterable<Buffer>, { tally, where }: Expansion & { where: string }): AsyncGenerator<Buffer, void, void> {
  let sizeBytes = 0;
  let crc = 0;
  for await (const chunk of chunks) {
    tally.add(chunk.length);
    sizeBytes += chunk.length;
    if (sizeBytes > member.sizeBytes) throw corruptError(where, `more than the ${member.sizeBytes} bytes that were announced`);
    if (member.crc32 !== undefined) crc = crc32(chunk, crc);
    yield chunk;
  }
  if (sizeBytes < member.sizeBytes) throw corruptError(where, `${sizeBytes} of the ${member.sizeBytes} bytes that were announced`);
  if (member.crc32 !== undefined && crc !== member.crc32) throw corruptError(where, 'content that does not match its checksum');
}

/** The same bytes, the first chunk being long enough to tell what kind of file this is. */
async function* withWholeHead(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === undefined) yield chunk;
    else {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) continue;
      yield head;
      head = undefined;
    }
  }
  if (head !== undefined && head.length > 0) yield head;
}

interface Sink {
  take(chunk: Buffer, atStart: boolean): Promise<void>;
  end(): Promise<{ path?: string; lines: number }>;
  discard(): Promise<void>;
}

/** For members that are only hashed. */
class CountingSink implements Sink {
  readonly #lines = new LineCounter();

  async take(chunk: Buffer): Promise<void> {
    this.#lines.add(chunk);
  }
  async end(): Promise<{ lines: number }> {
    return { lines: this.#lines.total() };
  }
  async discard(): Promise<void> {
    // Nothing was made.
  }
}

/** For members that are kept: text as UTF-8, which for a plain file in UTF-8 is the file itself. */
class TextSink implements Sink {
  readonly #lines = new LineCounter();
  readonly #decoding;
  #file?: TextFile;
  #inPlace = false;

  constructor(
    private readonly keptPath: string,
    private readonly originalPath: string | undefined,
    private readonly encoding: TextEncoding,
    private readonly where: string,
  ) {
    this.#decoding = openDecoding(encoding, where);
  }

  async take(chunk: Buffer, atStart: boolean): Promise<void> {
    if (atStart) {
      this.#checkFormat(chunk);
      this.#inPlace = this.originalPath !== undefined && this.encoding === 'utf-8' && !startsWithUtf8Bom(chunk);
    }
    await this.#put(this.#decoding.decode(chunk, atStart));
  }

  async end(): Promise<{ path: string; lines: number }> {
    await this.#put(this.#decoding.end());
    const lines = this.#lines.total();
    if (this.#inPlace && this.originalPath !== undefined) return { path: this.originalPath, lines };
    this.#file ??= await TextFile.create(this.keptPath);
    await this.#file.close();
    return { path: this.keptPath, lines };
  }

  async discard(): Promise<void> {
    await this.#file?.discard();
  }

  async #put(text: Buffer): Promise<void> {
    if (text.length === 0) return;
    if (!this.#inPlace) {
      this.#file ??= await TextFile.create(this.keptPath);
      await this.#file.write(text);
    }
    this.#lines.add(text);
  }

  #checkFormat(head: Buffer): void {
    const found = findForeignFormat(head, { zipIsForeign: true }) ?? findOtherEncoding(head, this.encoding);
    if (found) throw unsupportedError(this.where, `${this.encoding} text`, found);
  }
}
