/**
 * The files of an archive, whether that is a folder or a tar. Nothing outside of it is ever read.
 *
 * @module
 */
import { archiveError } from './archive-error.js';

export interface ArchiveFiles {
  /** Names the archive in errors. */
  readonly name: string;
  /** Bytes of a file; undefined where there is none. */
  sizeOf(path: string): Promise<number | undefined>;
  /** The bytes of a file from `offset` on. */
  read(path: string, offset?: number): AsyncIterable<Uint8Array>;
  /** Some names of files, to say what the archive is where it is none of images. */
  names(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** More links than this are a circle. */
export const mostLinks = 10;

/**
 * The path of a file in an archive as it is written everywhere: parts with slashes between them.
 *
 * @throws ImageError: it leads out of the archive, or means another file elsewhere
 */
export function checkedPath(archive: string, path: string): string {
  const parts = path.replace(/\/$/, '').split('/');
  const plain = parts.filter((part) => part !== '.' && part !== '');
  const isWrong = path.startsWith('/') || path.length > 4096 || plain.length === 0 || !plain.every(isPlain);
  if (!isWrong) return plain.join('/');
  throw archiveError(
    `${archive} has or names the file ${JSON.stringify(path.slice(0, 200))}, which is outside of it or has no plain name`,
    'Save the image again by the tool that has it.',
  );
}

function isPlain(part: string): boolean {
  return part !== '..' && !/[\\:\0]/.test(part);
}

/** The whole of a small file; undefined where there is none. */
export async function readSmall(files: ArchiveFiles, path: string, most: number): Promise<Buffer | undefined> {
  const size = await files.sizeOf(path);
  if (size === undefined) return undefined;
  if (size > most) {
    const remedy = 'Save the image again by the tool that has it.';
    throw archiveError(`${files.name}: ${path} has ${size} bytes, and at most ${most} are read`, remedy);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of files.read(path)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
