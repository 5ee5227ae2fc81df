// The entries of a tree as the addon reads them ahead: many at a time, with the first bytes of their files.
import { getSystemErrorMap } from 'node:util';

import { loadAddon } from '../../backend/load.js';
import type { NativeTree } from '../../backend/native-tree.js';
import { batchLayout as layout, entryFlag, entryKind, notYet } from '../../backend/native-tree.js';
import { sideFileSuffix } from '../formats/entry-name.js';
import type { FileTimes } from '../formats/file-time.js';
import type { DeferredReads, LayerFile } from './layer-file.js';
import type { TreeEntries, TreeEntry, TreeSource } from './tree-entries.js';

export class NativeSource implements TreeSource, DeferredReads, Disposable {
  readonly #native: NativeTree;
  readonly #batch: NativeBatch;

  private constructor(native: NativeTree) {
    this.#native = native;
    this.#batch = new NativeBatch(native);
  }

  /** `undefined` where the addon cannot be loaded, or has no such reader. */
  static open(root: string): NativeSource | undefined {
    let native: NativeTree;
    try {
      const { TreeReader } = loadAddon();
      if (TreeReader === undefined) return undefined;
      native = new TreeReader();
    } catch {
      return undefined;
    }
    return native.open(root, sideFileSuffix) === 0 ? new NativeSource(native) : undefined;
  }

  entries(path: string, isTransport: boolean): TreeEntries {
    this.#native.walk(path, isTransport);
    return this.#batch;
  }

  take(bytes: Uint8Array): number {
    let length: number;
    do length = this.#native.take(bytes, 0, bytes.length);
    while (length === notYet);
    if (length < 0) throw systemError(-length, 'read');
    return length;
  }

  [Symbol.dispose](): void {
    this.#native.end();
  }
}

/** A batch of entries, and the one of them that it stands at. */
class NativeBatch implements TreeEntries, TreeEntry {
  readonly #native: NativeTree;
  readonly #bytes = Buffer.from(new ArrayBuffer(layout.size));
  readonly #words = new Int32Array(this.#bytes.buffer);
  readonly #numbers = new Float64Array(this.#bytes.buffer);
  readonly #integers = new BigInt64Array(this.#bytes.buffer);
  #names = '';
  #count = 0;
  #at = -1;
  #nameIsUnicode = true;
  depth = 0;
  name = '';
  isDirectory = false;
  #kind = 0;
  #flags = 0;

  constructor(native: NativeTree) {
    this.#native = native;
  }

  next(): TreeEntry | undefined {
    if (++this.#at >= this.#count && !this.#fetch()) return undefined;
    this.depth = this.#word(layout.depth);
    this.#kind = this.#word(layout.kind);
    this.#flags = this.#word(layout.flags);
    this.isDirectory = this.#kind === entryKind.directory || this.#kind === entryKind.unlisted;
    const at = this.#word(layout.nameAt);
    const end = at + this.#word(layout.nameLength);
    if ((this.#flags & entryFlag.isAscii) !== 0) {
      this.name = this.#names.slice(at, end);
      this.#nameIsUnicode = true;
    } else {
      const bytes = this.#bytes.subarray(layout.namesAt + at, layout.namesAt + end);
      this.name = bytes.toString();
      this.#nameIsUnicode = !this.name.includes('\uFFFD') || Buffer.from(this.name).equals(bytes);
    }
    return this;
  }

  get isOther(): boolean {
    return this.#kind === entryKind.other;
  }

  get problem(): Error | undefined {
    return this.#kind === entryKind.unlisted ? systemError(this.#word(layout.error), 'scandir') : undefined;
  }

  get isUnicode(): boolean {
    return this.#nameIsUnicode;
  }

  get hasFile(): boolean {
    return (this.#flags & entryFlag.hasFile) !== 0;
  }

  open(): LayerFile {
    const error = this.#word(layout.error);
    if (error !== 0) throw systemError(error, 'open');
    const headAt = layout.namesAt + this.#word(layout.headAt);
    const head = this.#bytes.subarray(headAt, headAt + this.#word(layout.headLength));
    const size = this.#numbers[(this.#at * layout.entrySize + layout.fileSize) / 8]!;
    const identity = this.#word(layout.links) > 1 ? this.#identity() : undefined;
    return new NativeFile(this.#native, this.#word(layout.file), head, size, identity, this);
  }

  folderTimes(): FileTimes {
    const error = this.#word(layout.error);
    if (error !== 0) throw systemError(error, 'stat');
    return this.times();
  }

  /** Of the entry that it stands at. */
  times(): FileTimes {
    const at = (this.#at * layout.entrySize + layout.times) / 8;
    const times = this.#integers;
    return { creation: times[at]!, access: times[at + 1]!, write: times[at + 2]!, change: times[at + 3]! };
  }

  #identity(): string {
    const at = (this.#at * layout.entrySize + layout.device) / 8;
    return `${this.#integers[at]!}:${this.#integers[at + 1]!}`;
  }

  #word(offset: number): number {
    return this.#words[(this.#at * layout.entrySize + offset) >> 2]!;
  }

  #fetch(): boolean {
    this.#at = 0;
    do this.#count = this.#native.next(this.#bytes);
    while (this.#count === notYet);
    if (this.#count === 0) return false;
    this.#at = this.#count - 1;
    const end = this.#word(layout.nameAt) + this.#word(layout.nameLength);
    this.#at = 0;
    this.#names = this.#bytes.toString('latin1', layout.namesAt, layout.namesAt + end);
    return true;
  }
}

/** A file of which the first bytes are in a batch, and which is still open where there are more. */
class NativeFile implements LayerFile {
  readonly #native: NativeTree;
  readonly #file: number;
  readonly head: Buffer;
  readonly #batch: NativeBatch;
  readonly size: number;
  readonly identity: string | undefined;

  constructor(
    native: NativeTree,
    file: number,
    head: Buffer,
    size: number,
    identity: string | undefined,
    batch: NativeBatch,
  ) {
    this.#native = native;
    this.#file = file;
    this.head = head;
    this.size = size;
    this.identity = identity;
    this.#batch = batch;
  }

  get times(): FileTimes {
    return this.#batch.times();
  }

  read(position: number, length: number): Uint8Array {
    if (this.hasRead(position, length)) return this.head.subarray(position, position + length);
    const bytes = Buffer.alloc(Math.min(length, Math.max(0, this.size - position)));
    if (this.#file < 0) return bytes.subarray(0, this.head.copy(bytes, 0, position));
    const read = this.#native.read(this.#file, bytes, position);
    if (read < 0) throw systemError(-read, 'read');
    return bytes.subarray(0, read);
  }

  hasRead(position: number, length: number): boolean {
    return position + length <= this.head.length;
  }

  readInto(bytes: Uint8Array, position: number): number | undefined {
    if (this.#file < 0) return this.head.copy(bytes, 0, position);
    this.#native.load(this.#file, position, bytes.length);
    return undefined;
  }

  [Symbol.dispose](): void {
    if (this.#file >= 0) this.#native.close(this.#file);
  }
}

/** As Node's own calls throw it. */
function systemError(errno: number, call: string): Error {
  const [code, text] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'the call has failed'];
  return Object.assign(new Error(`${code}: ${text}, ${call}`), { code });
}
