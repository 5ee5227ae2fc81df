// What comes before the content of a file in the transport form: its attributes, and the streams of its metadata in their order.
import { largestMetadata } from '../formats/backup-stream.js';
import { encodeExtendedAttributes } from '../formats/extended-attributes.js';
import type { WindowsMetadata } from '../formats/pax-keys.js';
import { encodeReparseData } from '../formats/reparse-data.js';
import { streamId, writeHeader } from '../formats/stream-header.js';
import { rebuild, Refusal } from './refusal.js';
import type { TarEntry } from './archive/header-batch.js';

const directory = 0x10;
const reparsePoint = 0x400;

/** FILE_ATTRIBUTE_* of an entry: as its header has them, or those of its type. Refuses those of another type. */
export function attributesOf({ type }: TarEntry, { attributes, isMountPoint }: WindowsMetadata): number {
  const value = attributes ?? (type === 'directory' ? directory : 0);
  const isDirectory = (value & directory) !== 0;
  const mayBeDirectory = type === 'symlink' ? !isMountPoint || isDirectory : isDirectory === (type === 'directory');
  const mayBeLink = type === 'symlink' || ((value & reparsePoint) === 0 && !isMountPoint);
  if (mayBeDirectory && mayBeLink) return value;
  const text = `0x${value.toString(16)}${isMountPoint ? ' and MSWINDOWS.mountpoint' : ''}`;
  throw new Refusal(`is a ${type} with the attributes ${text}, which contradict that`, rebuild);
}

/** Whether these are the attributes of a directory, which a reparse point tells by nothing else. */
export function isDirectory(attributes: number): boolean {
  return (attributes & directory) !== 0;
}

/** What comes before the content of the file at `path`. A registry hive has nothing there: it is as it was. */
export function headOf(path: string, attributes: number, metadata: WindowsMetadata, entry: TarEntry): Buffer {
  const { type, linkname, size } = entry;
  if (path.startsWith('Hives/')) {
    if (type === 'symlink') throw new Refusal('is a reparse point among the registry hives', rebuild);
    return Buffer.alloc(0);
  }
  const { securityDescriptor, extendedAttributes, isMountPoint } = metadata;
  const word = Buffer.allocUnsafe(4);
  word.writeUInt32LE(attributes);
  const parts: Uint8Array[] = [word];
  if (securityDescriptor !== undefined) parts.push(...metadataStream(streamId.security, securityDescriptor));
  if (extendedAttributes.length > 0) {
    parts.push(...metadataStream(streamId.extendedAttributes, encodeExtendedAttributes(extendedAttributes)));
  }
  if (type === 'symlink') {
    if (linkname === '') throw new Refusal('is a link without a target', rebuild);
    const kind = isMountPoint ? 'mountPoint' : 'symlink';
    parts.push(...metadataStream(streamId.reparse, encodeReparseData({ kind, target: linkname })));
  }
  if (type === 'file') parts.push(writeHeader({ id: streamId.data, attributes: 0, size, name: '' }));
  return Buffer.concat(parts);
}

/** A header, and the data after it. */
function metadataStream(id: number, data: Uint8Array): Uint8Array[] {
  const most = largestMetadata[id]!;
  if (data.length > most) {
    throw new Refusal(`has ${data.length} bytes of metadata in one stream, more than ${most}`, rebuild);
  }
  return [writeHeader({ id, attributes: 0, size: data.length, name: '' }), data];
}
