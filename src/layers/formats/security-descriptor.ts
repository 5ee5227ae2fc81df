// Validates a self-relative SECURITY_DESCRIPTOR.
import { FormatError } from './format-error.js';

const fixedSize = 20;
const selfRelative = 0x8000;

/** Throws {@link FormatError} when revision, form or an offset is wrong. What the entries mean is the host's matter. */
export function checkSecurityDescriptor(bytes: Uint8Array): void {
  if (bytes.length < fixedSize) throw new FormatError(`a security descriptor has ${bytes.length} bytes, less than 20`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint8(0) !== 1) throw new FormatError(`a security descriptor has the revision ${view.getUint8(0)}`);
  if ((view.getUint16(2, true) & selfRelative) === 0)
    throw new FormatError('a security descriptor is not self-relative');
  for (let at = 4; at < fixedSize; at += 4) {
    const offset = view.getUint32(at, true);
    if (offset !== 0 && (offset < fixedSize || offset + 8 > bytes.length)) {
      throw new FormatError(`a security descriptor of ${bytes.length} bytes has a part at ${offset}`);
    }
  }
}
