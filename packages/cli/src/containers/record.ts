/**
 * What is known on disk of a container that `run` has made: enough to end it, and to remove what it has left, when its command was
 * killed.
 *
 * @module
 */
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface ContainerExit {
  /** Null when it cannot be known; `error` says why. */
  readonly exitCode: number | null;
  /** RFC 3339. */
  readonly time: string;
  readonly error?: string;
}

export interface ContainerRecord {
  readonly format: 1;
  readonly id: string;
  readonly owner: string;
  /** RFC 3339. */
  readonly created: string;
  /** As it was named; null for layers and for a document. */
  readonly image: string | null;
  readonly command: readonly string[];
  readonly detached: boolean;
  /** Whether it goes when it has ended. */
  readonly remove: boolean;
  readonly tty: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Only who can read this may attach. */
  readonly token: string;
  /** Where its writable layer is: with those of the images, or in the folder of the container. */
  readonly scratch: 'images' | 'container' | null;
  /** The ids that it has in the network service, or was to have. */
  readonly namespace?: string;
  readonly endpoint?: string;
  /** Of its first process, in the guest. */
  readonly pid?: number;
  readonly exit?: ContainerExit;
}

const fileName = 'container.json';
/** No record is so long; what is belongs to somebody else. */
const limit = 4 << 20;

/** Writes the record of a container into its folder: whole, or not at all. */
export async function writeRecord(folder: string, record: ContainerRecord): Promise<void> {
  const temporary = join(folder, `${fileName}.new`);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(record, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, fileName));
}

/** Undefined where there is none, or one that nobody has written whole. */
export async function readRecord(folder: string): Promise<ContainerRecord | undefined> {
  const path = join(folder, fileName);
  try {
    if ((await stat(path)).size > limit) return undefined;
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isRecord(parsed) ? parsed : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is ContainerRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { format, id, owner, created, command, labels, token } = value as Partial<
    Record<keyof ContainerRecord, unknown>
  >;
  const isText = [id, owner, created, token].every((each) => typeof each === 'string');
  return format === 1 && isText && Array.isArray(command) && typeof labels === 'object' && labels !== null;
}
