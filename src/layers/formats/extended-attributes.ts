// FILE_FULL_EA_INFORMATION: a list of names, flags and values.
import { FormatError } from './format-error.js';
import { quoted } from '../../shortened.js';

/** An extended attribute of a file. */
export interface ExtendedAttribute {
  /** A character per byte. */
  readonly name: string;
  readonly value: Uint8Array;
  /** 0x80: the file is not to be opened by who does not understand its attributes. Default 0. */
  readonly flags?: number;
}

const headerSize = 8;

/** The bytes of the list, in the given order. No attributes are no bytes. */
export function encodeExtendedAttributes(attributes: readonly ExtendedAttribute[]): Buffer {
  return Buffer.concat(
    attributes.map(({ name, value, flags = 0 }, index) => {
      if (name === '' || name.length > 255 || /[^\x01-\xff]/.test(name)) {
        throw new FormatError(`an extended attribute has the name ${quoted(name)}`);
      }
      if (value.length > 0xffff) {
        throw new FormatError(`the extended attribute ${name} has ${value.length} bytes, more than 65535`);
      }
      const size = Math.ceil((headerSize + name.length + 1 + value.length) / 4) * 4;
      const entry = Buffer.alloc(size);
      entry.writeUInt32LE(index === attributes.length - 1 ? 0 : size, 0);
      entry.writeUInt8(flags, 4);
      entry.writeUInt8(name.length, 5);
      entry.writeUInt16LE(value.length, 6);
      entry.write(name, headerSize, 'latin1');
      entry.set(value, headerSize + name.length + 1);
      return entry;
    }),
  );
}

/** Reads the list. Throws {@link FormatError}. */
export function decodeExtendedAttributes(bytes: Uint8Array): Required<ExtendedAttribute>[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Required<ExtendedAttribute>[] = [];
  for (let at = 0; at < buffer.length;) {
    if (buffer.length - at < headerSize) throw new FormatError('a list of extended attributes ends inside an entry');
    const next = buffer.readUInt32LE(at);
    const nameAt = at + headerSize;
    const valueAt = nameAt + buffer.readUInt8(at + 5) + 1;
    const end = valueAt + buffer.readUInt16LE(at + 6);
    if (end > (next === 0 ? buffer.length : Math.min(at + next, buffer.length)) || buffer[valueAt - 1] !== 0) {
      throw new FormatError('an extended attribute is longer than its entry');
    }
    found.push({
      name: buffer.toString('latin1', nameAt, valueAt - 1),
      value: Buffer.from(buffer.subarray(valueAt, end)),
      flags: buffer.readUInt8(at + 4),
    });
    if (next === 0) break;
    at += next;
  }
  return found;
}
