// What NTFS keeps of a file beside its content, for the files that stand in for those of Windows.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FileRecord {
  readonly isFolder: boolean;
  readonly attributes: number;
  /** Creation, access, write, change. */
  readonly times: readonly string[];
  /** Reparse tag, or 0. */
  readonly tag: number;
  /** Streams of a backup before and after the content. */
  readonly before: Buffer;
  readonly after: Buffer;
  readonly hasData: boolean;
}

const nothing = Buffer.alloc(0);

/** By the identity of a file, so that its names share one. In a folder where several threads use them. */
export class Records {
  readonly #folder: string | undefined;
  readonly #known = new Map<string, FileRecord>();

  constructor(folder?: string) {
    this.#folder = folder;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  }

  of(place: string): FileRecord {
    const key = keyOf(place);
    const stored = this.#folder === undefined ? this.#known.get(key) : read(join(this.#folder, key));
    return stored ?? fresh(statSync(place).isDirectory());
  }

  /** Begins anew, also where a file that is gone had the identity. */
  make(place: string, isFolder: boolean): void {
    if (existsSync(place)) this.change(place, fresh(isFolder));
  }

  change(place: string, record: FileRecord): void {
    const key = keyOf(place);
    if (this.#folder === undefined) this.#known.set(key, record);
    else writeFileSync(join(this.#folder, key), JSON.stringify(record));
  }
}

/** A backup stream taken apart. */
export interface SplitStream {
  readonly before: Buffer;
  readonly data: Buffer | undefined;
  readonly after: Buffer;
  readonly tag: number;
  /** Where each header, and each data, begins. */
  readonly starts: readonly number[];
}

export function splitStream(stream: Buffer): SplitStream {
  const before: Buffer[] = [];
  const after: Buffer[] = [];
  const starts: number[] = [];
  let data: Buffer | undefined;
  let tag = 0;
  for (let at = 0; at < stream.length;) {
    const dataAt = at + 20 + stream.readUInt32LE(at + 16);
    const end = dataAt + Number(stream.readBigInt64LE(at + 8));
    if (end > stream.length) throw new Error('the backup stream is cut off');
    starts.push(at, dataAt);
    const id = stream.readUInt32LE(at);
    if (id === 8) tag = stream.readUInt32LE(dataAt);
    if (id === 1) data = stream.subarray(dataAt, end);
    else (id === 4 ? after : before).push(stream.subarray(at, end));
    at = end;
  }
  return { before: Buffer.concat(before), data, after: Buffer.concat(after), tag, starts };
}

/** The backup stream of a file, as Windows gives it: an empty file has no DATA. */
export function streamsOf(
  { before, after }: Pick<FileRecord, 'before' | 'after'>,
  content: Buffer,
  withSecurity: boolean,
): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt32LE(1);
  header.writeBigInt64LE(BigInt(content.length), 8);
  const data = content.length === 0 ? [] : [header, content];
  return Buffer.concat([withSecurity ? before : withoutSecurity(before), ...data, after]);
}

function withoutSecurity(streams: Buffer): Buffer {
  const { starts } = splitStream(streams);
  const headers = starts.filter((_, index) => index % 2 === 0);
  const pieces = headers.map((at, index) => streams.subarray(at, headers[index + 1] ?? streams.length));
  return Buffer.concat(pieces.filter((piece) => piece.readUInt32LE() !== 3));
}

function fresh(isFolder: boolean): FileRecord {
  const attributes = isFolder ? 0x10 : 0x20;
  const times = ['1', '1', '1', '1'];
  return { isFolder, attributes, times, tag: 0, before: nothing, after: nothing, hasData: false };
}

function keyOf(place: string): string {
  const { dev, ino } = statSync(place, { bigint: true });
  return `${dev}-${ino}`;
}

interface Stored extends Omit<FileRecord, 'before' | 'after'> {
  readonly before: { readonly data: number[] };
  readonly after: { readonly data: number[] };
}

function read(file: string): FileRecord | undefined {
  if (!existsSync(file)) return undefined;
  const stored = JSON.parse(readFileSync(file, 'utf8')) as Stored;
  return { ...stored, before: Buffer.from(stored.before.data), after: Buffer.from(stored.after.data) };
}
