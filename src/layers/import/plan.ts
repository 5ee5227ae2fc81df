// What the addon is to do, step by step, in the layout of native/archive/unpack/plan.h. Every entry of the archive gets exactly one
// of skip, file, stream and deliver, in the order of the archive.
import { toNamespacedPath } from 'node:path';
import { getSystemErrorMap } from 'node:util';

import type { NativeUnpackPlanner } from '../../backend/native-unpack.js';
import { turn } from '../../backend/native-unpack.js';
import type { FileTimes } from '../formats/file-time.js';
import { FileError } from '../windows/file-error.js';
import { Refusal } from './refusal.js';

const kind = {
  skip: 1,
  makeFolder: 2,
  openFolder: 3,
  openRoot: 4,
  file: 5,
  stream: 6,
  copy: 7,
  deliver: 8,
  notes: 9,
  note: 10,
} as const;

const fixedSize = 24;
const timesSize = 32;
const capacity = 128 * 1024;
const noBytes = Buffer.alloc(0);

/** A step that was not carried out. */
export class StepError extends Error {
  /** The name of the entry, as it is spelt. */
  readonly entry: string;
  override readonly cause: Error;

  constructor(entry: string, cause: Error) {
    super(cause.message);
    this.entry = entry;
    this.cause = cause;
  }
}

export class Plan {
  readonly #native: NativeUnpackPlanner;
  #bytes = Buffer.allocUnsafeSlow(capacity);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  constructor(native: NativeUnpackPlanner) {
    this.#native = native;
  }

  /** The next entry has no content that is written. */
  skip(): void {
    this.#step(kind.skip, 0, 0, '');
  }

  /** The content of the next entry is read here. */
  deliver(): void {
    this.#step(kind.deliver, 0, 0, '');
  }

  /** A folder gets a number: one that is made, one that is there, one by its path. */
  makeFolder(parent: number, folder: number, name: string): void {
    this.#step(kind.makeFolder, parent, folder, name);
  }

  openFolder(parent: number, folder: number, name: string): void {
    this.#step(kind.openFolder, parent, folder, name);
  }

  openRoot(folder: number, path: string): void {
    this.#step(kind.openRoot, 0, folder, toNamespacedPath(path));
  }

  /** A new file, with some bytes and then the content of the next entry. */
  file(parent: number, name: string, head: Uint8Array): void {
    this.#step(kind.file, parent, 0, name, head);
  }

  /** More bytes for the last file, and then the content of the next entry. */
  stream(head: Uint8Array): void {
    this.#step(kind.stream, 0, 0, '', head);
  }

  /** The content of the next entry is added to that file, too. */
  copy(parent: number, name: string): void {
    this.#step(kind.copy, parent, 0, name);
  }

  /** Notes go to that file, a line for each. */
  notes(parent: number, name: string): void {
    this.#step(kind.notes, parent, 0, name);
  }

  note(times: FileTimes, text: string): void {
    this.#step(kind.note, 0, 0, text, noBytes, times);
  }

  /** Has all of it carried out. Throws a {@link StepError}, or a {@link Refusal} after an abort. */
  flush(): void {
    if (this.#used === 0) return;
    const size = this.#used;
    this.#used = 0;
    this.check(this.#native.plan(this.#bytes, size));
  }

  /** Throws what a `turn` says has gone wrong. Gives it back otherwise. */
  check(result: number): number {
    if (result === turn.aborted) throw new Refusal('was not imported: the import was aborted', '', null);
    if (result === turn.failed) throw stepError(this.#native.failure());
    if (result === turn.malformed) throw new Error('a step was not understood');
    return result;
  }

  #step(
    step: number,
    parent: number,
    folder: number,
    name: string,
    body: Uint8Array = noBytes,
    times?: FileTimes,
  ): void {
    const most = fixedSize + timesSize + 3 * name.length + body.length + 8;
    if (this.#used + most > this.#bytes.length) this.#makeRoom(most);
    const start = this.#used;
    let at = start + fixedSize;
    if (times !== undefined) {
      this.#view.setBigInt64(at, times.creation, true);
      this.#view.setBigInt64(at + 8, times.access, true);
      this.#view.setBigInt64(at + 16, times.write, true);
      this.#view.setBigInt64(at + 24, times.change, true);
      at += timesSize;
    }
    const nameSize = name === '' ? 0 : this.#bytes.write(name, at, 'utf8');
    at += nameSize;
    if (body.length > 0) this.#bytes.set(body, at);
    at = (at + body.length + 7) & ~7;
    this.#view.setUint32(start, step, true);
    this.#view.setUint32(start + 4, at - start, true);
    this.#view.setUint32(start + 8, parent, true);
    this.#view.setUint32(start + 12, folder, true);
    this.#view.setUint32(start + 16, nameSize, true);
    this.#view.setUint32(start + 20, body.length, true);
    this.#used = at;
  }

  #makeRoom(size: number): void {
    this.flush();
    if (size <= this.#bytes.length) return;
    this.#bytes = Buffer.allocUnsafeSlow(size);
    this.#view = new DataView(this.#bytes.buffer);
  }
}

function stepError([name, outcome, what]: readonly [Buffer, number, string]): StepError {
  const entry = name.toString();
  if (outcome < 0) return new StepError(entry, new FileError(what === 'write' ? 'writing' : 'opening', entry, outcome));
  const [code, meaning] = getSystemErrorMap().get(-outcome) ?? [`errno ${outcome}`, 'it failed'];
  return new StepError(entry, Object.assign(new Error(`${code}: ${meaning}, ${what}`), { code, syscall: what }));
}
