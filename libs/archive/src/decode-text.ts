/** Text in the encodings that sources use, as the UTF-8 that everything after this reads; no byte is ever dropped or replaced. */
import { isAscii as isAllAscii } from 'node:buffer';
import { UnsupportedFormatError } from '@inlet/errors';

export type TextEncoding = 'utf-8' | 'windows-1252' | 'latin-1' | 'utf-16le';

/** Turns chunks of one text into UTF-8; a chunk may end in the middle of a character. */
export interface TextDecoding {
  /** `atStart` is set for the first chunk, which is at least three bytes long unless the text is shorter. */
  decode(chunk: Buffer, atStart: boolean): Buffer;
  /** What remains once all chunks have been given. */
  end(): Buffer;
}

const NOTHING = Buffer.alloc(0);
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16LE_BOM = Buffer.from([0xff, 0xfe]);
const UTF16BE_BOM = Buffer.from([0xfe, 0xff]);

/** Bytes 0x80 to 0x9F of windows-1252, as the WHATWG Encoding Standard has them: the five that are undefined are C1 controls of the same number. */
const WINDOWS_1252_HIGH = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

const DECODINGS: Record<TextEncoding, (where: string) => TextDecoding> = {
  'utf-8': () => ({ decode: (chunk, atStart) => (atStart && startsWithUtf8Bom(chunk) ? chunk.subarray(3) : chunk), end: () => NOTHING }),
  'windows-1252': () => ({
    decode: (chunk) => decodeSingleBytes(chunk, (text) => text.replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252_HIGH.charAt(character.charCodeAt(0) - 0x80))),
    end: () => NOTHING,
  }),
  'latin-1': () => ({ decode: (chunk) => decodeSingleBytes(chunk, (text) => text), end: () => NOTHING }),
  'utf-16le': decodeUtf16,
};

export function checkEncoding(encoding: string, where: string): TextEncoding {
  if (Object.hasOwn(DECODINGS, encoding)) return encoding as TextEncoding;
  const expected = Object.keys(DECODINGS).join(', ');
  throw new UnsupportedFormatError({ what: 'The encoding is not known', where, expected, found: encoding, next: 'Correct format.encoding in config/dataset.json.' });
}

export function openDecoding(encoding: TextEncoding, where: string): TextDecoding {
  return DECODINGS[encoding](where);
}

export function startsWithUtf8Bom(head: Buffer): boolean {
  return head.subarray(0, 3).equals(UTF8_BOM);
}

/** Names UTF-16 text, recognised by its byte order mark, where another encoding is due. */
export function findOtherEncoding(head: Buffer, encoding: TextEncoding): string | undefined {
  const start = head.subarray(0, 2);
  if (start.equals(UTF16BE_BOM)) return 'big-endian UTF-16 text';
  return encoding !== 'utf-16le' && start.equals(UTF16LE_BOM) ? 'UTF-16 text (format.encoding "utf-16le")' : undefined;
}

function decodeSingleBytes(chunk: Buffer, translate: (text: string) => string): Buffer {
  return isAllAscii(chunk) ? chunk : Buffer.from(translate(chunk.toString('latin1')), 'utf8');
}

function decodeUtf16(where: string): TextDecoding {
  const decoder = new TextDecoder('utf-16le', { fatal: true });
  const decode = (chunk?: Buffer) => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }), 'utf8');
    } catch {
      const found = 'half a character';
      throw new UnsupportedFormatError({ what: 'The text is not UTF-16', where, expected: 'valid UTF-16LE', found, next: 'Correct format.encoding in config/dataset.json, or fetch the file again.' });
    }
  };
  return { decode: (chunk) => decode(chunk), end: () => decode() };
}
