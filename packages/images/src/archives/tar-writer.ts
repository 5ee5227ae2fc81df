/**
 * Writes tars: the same bytes for the same files, whoever writes them and when.
 *
 * @module
 */
const blockSize = 512;
/** As much as eleven octal digits can say. */
const largestOctal = 8 ** 11 - 1;

/** The block before the content of a file, or of a folder where there is no size. */
export function tarHeader(name: string, size?: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for a tar`);
  const block = Buffer.alloc(blockSize);
  block.write(name, 0);
  block.write(size === undefined ? '0000755\0' : '0000644\0', 100);
  // Owner, group and time are 0.
  block.write('0000000\0'.repeat(2), 108);
  writeSize(block, size ?? 0);
  block.write('00000000000\0', 136);
  block.write(size === undefined ? '5' : '0', 156);
  block.write('ustar\x0000', 257);
  block.write('        ', 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** What follows the content of a file. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}

export const tarEnd = Buffer.alloc(2 * blockSize);

function writeSize(block: Buffer, size: number): void {
  if (size <= largestOctal) {
    block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  } else {
    // As GNU writes it: a bit, and the number itself.
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(size), 128);
  }
}
