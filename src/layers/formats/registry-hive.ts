// Validates the first block of a registry hive (regf).

/** What is wrong with a hive. A host answers "catastrophic failure" to the first, and accepts the second. */
export interface HiveFindings {
  /** The hive cannot be used. */
  readonly damage?: string;
  /** The hive was in use when it was saved. */
  readonly warning?: string;
}

/** Bytes that {@link checkHive} wants to see. */
export const hiveHeaderSize = 512;

const blockSize = 4096;

/**
 * @param header - the first {@link hiveHeaderSize} bytes of the file, fewer only when it has no more
 * @param size - of the file
 */
export function checkHive(header: Uint8Array, size: number): HiveFindings {
  if (size === 0) return { damage: 'is empty' };
  const buffer = Buffer.from(header.buffer, header.byteOffset, header.length);
  if (buffer.toString('latin1', 0, 4) !== 'regf') return { damage: 'does not begin with "regf"' };
  if (size % blockSize !== 0 || buffer.length < hiveHeaderSize) {
    return { damage: `has ${size} bytes, which is not a multiple of ${blockSize}` };
  }
  const [stored, computed] = [buffer.readUInt32LE(0x1fc), checksum(buffer)];
  if (stored !== computed) return { damage: `has the checksum ${hex(stored)} where ${hex(computed)} is right` };
  if (buffer.readUInt32LE(4) !== buffer.readUInt32LE(8)) return { warning: 'was saved while it was loaded' };
  return {};
}

function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < 0x1fc; at += 4) sum ^= header.readUInt32LE(at);
  sum >>>= 0;
  if (sum === 0) return 1;
  return sum === 0xffffffff ? 0xfffffffe : sum;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
