/**
 * Reads the headers of a tar in a file, and passes over what is between them: ustar, with the extended headers of POSIX and GNU.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises';

import { archiveError } from './archive-error.js';
import { extensionOf, hasChecksum, headerOf, isEmpty } from './tar-header.js';
import type { TarEntry } from './tar-header.js';

const blockSize = 512;
/** Names and links come in extended headers. */
const longestExtension = 2 ** 20;
/** Docker writes some hundred. */
const mostEntries = 100_000;

/** Whether the first block of a file is the header of a tar. */
export function beginsTar(block: Buffer): boolean {
  return block.length >= blockSize && (isEmpty(block) || hasChecksum(block));
}

/** @param archive - names it in errors */
export async function* tarEntries(file: FileHandle, archive: string): AsyncGenerator<TarEntry> {
  const { size: end } = await file.stat();
  let extension: Partial<TarEntry> = {};
  let at = 0;
  for (let count = 0; ; count++) {
    if (count > mostEntries) throw wrong(archive, `has more than ${mostEntries} entries`);
    const block = await readAt(file, at, blockSize);
    if (block.length < blockSize) throw wrong(archive, 'ends without the mark of its end: it was cut off');
    if (isEmpty(block)) return;
    if (!hasChecksum(block)) throw wrong(archive, `has a damaged header at byte ${at}`);
    const header = headerOf(block, at + blockSize);
    const { type, offset } = header;
    const isExtension = 'xgLK'.includes(type);
    // Links and folders have no content, whatever their size says.
    const hasContent = !'12345'.includes(type);
    const size = hasContent ? ((isExtension ? undefined : extension.size) ?? header.size) : 0;
    if (!Number.isSafeInteger(size) || size < 0) throw wrong(archive, `has an entry with a wrong size at byte ${at}`);
    if (offset + size > end) throw wrong(archive, 'ends inside an entry: it was cut off');
    at = offset + Math.ceil(size / blockSize) * blockSize;
    if (!isExtension) {
      yield { ...header, ...extension, size };
      extension = {};
      continue;
    }
    if (size > longestExtension) throw wrong(archive, 'has an extended header of more than 1 MiB');
    const found = extensionOf(type, await readAt(file, offset, size));
    if (found === undefined) throw wrong(archive, 'has an extended header that does not decode');
    extension = { ...extension, ...found };
  }
}

/** As much as there is. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function wrong(archive: string, what: string): Error {
  return archiveError(`${archive} ${what}`, 'Save or copy the archive again.');
}
