// What the addon is to do, step by step, in the layout of native/archive/unpack/plan.h. Every entry of the archive gets exactly one
// of skip, file, stream and placedFile, in the order of the archive.
import { toNamespacedPath } from 'node:path';
import { getSystemErrorMap } from 'node:util';

import type { NativeUnpackPlanner } from '../../backend/native-unpack.js';
import { turn } from '../../backend/native-unpack.js';
import type { FileTimes } from '../formats/file-time.js';
import { FileError } from '../windows/file-error.js';
import type { Opening } from '../windows/openings.js';
import { Refusal } from './refusal.js';

const kind = {
  skip: 1,
  makeFolder: 2,
  openFolder: 3,
  openRoot: 4,
  file: 5,
  stream: 6,
  copy: 7,
  notes: 8,
  note: 9,
  placedFolder: 10,
  placedFile: 11,
} as const;

const fixedSize = 24;
const timesSize = 32;
const placementSize = 56;
/** Bits of how a file with a placement is written. */
const use = { backup: 1, setInfo: 2 } as const;
const capacity = 128 * 1024;
const noBytes = Buffer.alloc(0);
const noTimes: FileTimes = { creation: 0n, access: 0n, write: 0n, change: 0n };

/** How Windows is to open a file or folder, and what it gets in the end. */
export interface Placement {
  readonly opening: Opening;
  /** Whether what is written is a backup stream. */
  readonly isBackup: boolean;
  /** None: they are left alone. */
  readonly times?: FileTimes;
  /** 0 where they are left alone. */
  readonly attributes: number;
}

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
  /** Whether a step has taken the content of the entry at hand. */
  #isTaken = false;

  constructor(native: NativeUnpackPlanner) {
    this.#native = native;
  }

  /** Ends the steps of an entry. Its content is passed over where none of them has taken it. */
  endEntry(): void {
    if (!this.#isTaken) this.#step(kind.skip, 0, 0, '');
    this.#isTaken = false;
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
    this.#isTaken = true;
    this.#step(kind.file, parent, 0, name, head);
  }

  /** A folder of Windows. The backup is applied to it before anything is in it. */
  placedFolder(parent: number, folder: number, name: string, placement: Placement, backup: Uint8Array): void {
    this.#step(kind.placedFolder, parent, folder, name, backup, undefined, placement);
  }

  /** The same as file(), on Windows. */
  placedFile(parent: number, name: string, placement: Placement, head: Uint8Array): void {
    this.#isTaken = true;
    this.#step(kind.placedFile, parent, 0, name, head, undefined, placement);
  }

  /** More bytes for the last file, and then the content of the next entry. */
  stream(head: Uint8Array): void {
    this.#isTaken = true;
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
    placement?: Placement,
  ): void {
    const most = fixedSize + placementSize + 3 * name.length + body.length + 8;
    if (this.#used + most > this.#bytes.length) this.#makeRoom(most);
    const start = this.#used;
    let at = start + fixedSize;
    if (placement !== undefined) at = this.#putPlacement(at, placement);
    else if (times !== undefined) at = this.#putTimes(at, times);
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

  #putTimes(at: number, { creation, access, write, change }: FileTimes): number {
    this.#view.setBigInt64(at, creation, true);
    this.#view.setBigInt64(at + 8, access, true);
    this.#view.setBigInt64(at + 16, write, true);
    this.#view.setBigInt64(at + 24, change, true);
    return at + timesSize;
  }

  #putPlacement(at: number, { opening, isBackup, times = noTimes, attributes }: Placement): number {
    const { access, share, disposition, options } = opening;
    const uses = (isBackup ? use.backup : 0) | (times === noTimes ? 0 : use.setInfo);
    for (const [index, word] of [access, share, disposition, options, uses, attributes].entries()) {
      this.#view.setUint32(at + 4 * index, word, true);
    }
    return this.#putTimes(at + 24, times);
  }

  #makeRoom(size: number): void {
    this.flush();
    if (size <= this.#bytes.length) return;
    this.#bytes = Buffer.allocUnsafeSlow(size);
    this.#view = new DataView(this.#bytes.buffer);
  }
}

/** What was to be done, by the names of calls elsewhere. */
const doing: Readonly<Record<string, string>> = { write: 'writing', close: 'setting the times of' };

function stepError([name, outcome, what]: readonly [Buffer, number, string]): StepError {
  const entry = name.toString();
  if (outcome < 0) return new StepError(entry, new FileError(doing[what] ?? 'opening', entry, outcome));
  const [code, meaning] = getSystemErrorMap().get(-outcome) ?? [`errno ${outcome}`, 'it failed'];
  return new StepError(entry, Object.assign(new Error(`${code}: ${meaning}, ${what}`), { code, syscall: what }));
}
