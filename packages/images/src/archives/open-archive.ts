/**
 * Opens an archive of whatever form: a folder, a tar, a compressed tar, a stream of these.
 *
 * @module
 */
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { HcsArgumentError } from 'hostcompute';

import { closed } from '../store/file-streams.js';
import { archiveError } from './archive-error.js';
import type { ArchiveFiles } from './archive-files.js';
import { otherKind } from './archive-kind.js';
import { FolderFiles } from './folder-files.js';
import { decompressorOf, headSize, spool } from './spool.js';
import { beginsTar, readAt } from './tar-entries.js';
import { TarFiles } from './tar-files.js';

/**
 * @param place - a file for a tar that cannot be read where it is, which is removed in the end
 */
export async function openArchive(
  source: string | Readable,
  place: string,
  signal: AbortSignal,
): Promise<ArchiveFiles> {
  if (source instanceof Readable) return openSpooled('the stream', source, place, signal);
  if (typeof source !== 'string' || source === '') {
    throw new HcsArgumentError('source', 'must be the path of a file or folder, or a Readable of bytes', source);
  }
  const stats = await stat(source).catch((cause: unknown) => {
    throw archiveError(`${source} cannot be read: ${(cause as Error).message}`, 'Check the path.', cause);
  });
  if (stats.isDirectory()) return FolderFiles.open(source);
  if (!stats.isFile()) {
    const remedy = 'Pass a Readable of it, such as process.stdin.';
    throw new HcsArgumentError('source', 'must be a file or folder', source, remedy);
  }
  const file = await open(source, 'r');
  const head = await headOf(source, file);
  if (beginsTar(head)) return TarFiles.open(source, file, signal);
  await file.close();
  if (decompressorOf(head) === undefined) throw otherKind(source, head);
  const stream = createReadStream(source);
  try {
    return await openSpooled(source, stream, place, signal);
  } finally {
    await closed(stream);
  }
}

async function openSpooled(name: string, source: Readable, place: string, signal: AbortSignal): Promise<ArchiveFiles> {
  const remove = (): Promise<void> => rm(place, { force: true });
  try {
    await spool(name, source, place, signal);
    const file = await open(place, 'r');
    const head = await headOf(name, file);
    if (!beginsTar(head)) {
      await file.close();
      throw otherKind(name, head);
    }
    return withEnd(await TarFiles.open(name, file, signal), remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Closes the file where it cannot be read. */
async function headOf(name: string, file: FileHandle): Promise<Buffer> {
  try {
    return await readAt(file, 0, headSize);
  } catch (error) {
    await file.close();
    throw archiveError(`${name} cannot be read: ${(error as Error).message}`, 'Copy it to another disk.', error);
  }
}

function withEnd(files: ArchiveFiles, end: () => Promise<void>): ArchiveFiles {
  return {
    name: files.name,
    sizeOf: (path) => files.sizeOf(path),
    read: (path, offset) => files.read(path, offset),
    names: () => files.names(),
    close: async () => {
      await files.close();
      await end();
    },
  };
}
