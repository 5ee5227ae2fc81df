// The metadata of Windows in the extended header of a tar entry: MSWINDOWS.*, LIBARCHIVE.creationtime and the times.
import type { ExtendedAttribute } from './extended-attributes.js';
import { quoted } from '../../shortened.js';
import type { FileTimes } from './file-time.js';
import { fileTimeOfPax, paxTime } from './file-time.js';
import { FormatError } from './format-error.js';
import { checkSecurityDescriptor } from './security-descriptor.js';

/** The metadata of a file of Windows in an extended header. */
export interface WindowsMetadata {
  /** FILE_ATTRIBUTE_*; absent when the header does not say. */
  readonly attributes?: number;
  /** Self-relative. */
  readonly securityDescriptor?: Uint8Array | undefined;
  readonly isMountPoint: boolean;
  /** In the order of the header. */
  readonly extendedAttributes: readonly ExtendedAttribute[];
  readonly times: FileTimes;
}

const key = {
  attributes: 'MSWINDOWS.fileattr',
  securityDescriptor: 'MSWINDOWS.rawsd',
  legacyDescriptor: 'MSWINDOWS.sd',
  mountPoint: 'MSWINDOWS.mountpoint',
  extendedAttribute: 'MSWINDOWS.xattr.',
  creation: 'LIBARCHIVE.creationtime',
} as const;

/** In Base64: far more than Windows has. */
const longestDescriptor = 2 ** 18;

/**
 * Reads the records of an entry. A time that is missing is the time of writing: never a time of its own, as the zero of
 * some language.
 *
 * @param write - the time in the entry's plain header, as FILETIME, for where no record has it
 * @throws {@link FormatError}
 */
export function decodePax(records: Readonly<Record<string, string>>, write: bigint): WindowsMetadata {
  const time = (name: string, otherwise: bigint): bigint => {
    const text = records[name];
    return text === undefined ? otherwise : fileTimeOfPax(text);
  };
  const written = time('mtime', write);
  const attributes = records[key.attributes];
  const securityDescriptor = descriptorIn(records);
  // Not by spreading: that took longer than all else here.
  const metadata: { -readonly [Key in keyof WindowsMetadata]: WindowsMetadata[Key] } = {
    isMountPoint: key.mountPoint in records,
    extendedAttributes: decodeExtendedAttributeRecords(records),
    times: {
      creation: time(key.creation, written),
      access: time('atime', written),
      write: written,
      change: time('ctime', written),
    },
  };
  if (attributes !== undefined) metadata.attributes = decodeAttributes(attributes);
  if (securityDescriptor !== undefined) metadata.securityDescriptor = securityDescriptor;
  return metadata;
}

/**
 * The records for an entry, all but `mtime`, `path`, `linkpath` and `size`, which the header decides about. In the order that a
 * header has them in, but for extended attributes.
 */
export function encodePax(metadata: WindowsMetadata): Record<string, string> {
  const { attributes, securityDescriptor, isMountPoint, extendedAttributes, times } = metadata;
  const records: Record<string, string> = {};
  records[key.creation] = paxTime(times.creation);
  if (attributes !== undefined) records[key.attributes] = String(attributes);
  if (isMountPoint) records[key.mountPoint] = '1';
  if (securityDescriptor !== undefined) records[key.securityDescriptor] = encodeDescriptor(securityDescriptor);
  for (const { name, value } of extendedAttributes) {
    records[key.extendedAttribute + Buffer.from(name, 'latin1').toString()] = base64(value);
  }
  records.atime = paxTime(times.access);
  records.ctime = paxTime(times.change);
  return records;
}

/** The records of the times that an alternate stream has, too. */
export function encodeTimes({ access, change }: FileTimes): Record<string, string> {
  return { atime: paxTime(access), ctime: paxTime(change) };
}

/** Why the name of an extended attribute cannot be the key of a record; `undefined` when it can. */
export function unwritableName(name: string): string | undefined {
  if (name.includes('=')) return 'its name has an equals sign, which ends the key of a PAX record';
  const bytes = Buffer.from(name, 'latin1');
  return Buffer.from(bytes.toString()).equals(bytes) ? undefined : 'its name is not UTF-8';
}

function decodeAttributes(text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Infinity;
  if (value > 0xffffffff) throw new FormatError(`${key.attributes} is ${quoted(text)}, not a number of 32 bits`);
  return value;
}

function decodeExtendedAttributeRecords(records: Readonly<Record<string, string>>): ExtendedAttribute[] {
  const found: ExtendedAttribute[] = [];
  for (const name in records) {
    if (!name.startsWith(key.extendedAttribute)) continue;
    found.push({
      name: Buffer.from(name.slice(key.extendedAttribute.length)).toString('latin1'),
      value: decodeBase64(records[name]!, name),
    });
  }
  return found;
}

/** Reads a security descriptor in Base64. Throws {@link FormatError}. */
export function decodeDescriptor(raw: string): Uint8Array {
  if (raw.length > longestDescriptor) throw new FormatError(`${key.securityDescriptor} has more than 256 KiB`);
  const bytes = decodeBase64(raw, key.securityDescriptor);
  checkSecurityDescriptor(bytes);
  return bytes;
}

function descriptorIn(records: Readonly<Record<string, string>>): Uint8Array | undefined {
  const raw = records[key.securityDescriptor];
  if (raw !== undefined) return decodeDescriptor(raw);
  if (key.legacyDescriptor in records) {
    throw new FormatError(
      `it has ${key.legacyDescriptor}, the text form of old tars, without ${key.securityDescriptor}`,
    );
  }
  return undefined;
}

/** The last one that was encoded, and its text. */
let lastEncoded: { readonly bytes: Buffer; readonly text: string } | undefined;

function encodeDescriptor(bytes: Uint8Array): string {
  if (lastEncoded?.bytes.equals(bytes) !== true) lastEncoded = { bytes: Buffer.from(bytes), text: base64(bytes) };
  return lastEncoded.text;
}

function decodeBase64(text: string, name: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (base64(bytes) !== text) throw new FormatError(`${name} is not Base64`);
  return bytes;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
