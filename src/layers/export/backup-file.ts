// A file of Windows as its transport form would be, its attributes and then its backup stream, which comes in order only: going back
// begins anew.
import type { FileTimes } from '../formats/file-time.js';
import type { WindowsFile } from '../windows/windows-files.js';
import type { LayerFile } from './layer-file.js';

// One for all: only one file is open at a time.
const view = Buffer.alloc(64 * 1024);
const attributesSize = 4;

export class BackupFile implements LayerFile {
  /** The end of a backup shows when it is reached. */
  readonly size = Infinity;
  readonly identity: string | undefined;
  readonly times: FileTimes;
  readonly #file: WindowsFile;
  readonly #withSecurity: boolean;
  readonly #attributes = Buffer.alloc(attributesSize);
  /** Where the view begins, and how much is in it. */
  #viewAt = 0;
  #viewLength = 0;
  /** Where the backup is. */
  #at = attributesSize;

  /** @param file - is closed with it */
  constructor(file: WindowsFile, withSecurity: boolean) {
    this.#file = file;
    this.#withSecurity = withSecurity;
    try {
      const { attributes, identity, times } = file.info();
      this.identity = identity;
      this.times = times;
      this.#attributes.writeUInt32LE(attributes);
      this.#viewLength = this.#attributes.copy(view);
      this.#fill();
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  get head(): Uint8Array {
    return view.subarray(0, this.#viewAt === 0 ? this.#viewLength : 0);
  }

  read(position: number, length: number): Uint8Array {
    if (length > view.length) {
      const bytes = Buffer.alloc(length);
      let done = 0;
      for (let got = -1; got !== 0 && done < length; done += got)
        got = this.readInto(bytes.subarray(done), position + done);
      return bytes.subarray(0, done);
    }
    if (!this.hasRead(position, length)) this.#move(position);
    const from = position - this.#viewAt;
    return view.subarray(from, Math.min(from + length, this.#viewLength));
  }

  hasRead(position: number, length: number): boolean {
    return position >= this.#viewAt && position + length <= this.#viewAt + this.#viewLength;
  }

  readInto(bytes: Uint8Array, position: number): number {
    const from = position - this.#viewAt;
    if (from >= 0 && from < this.#viewLength) return view.copy(bytes, 0, from, this.#viewLength);
    if (!this.#seek(position)) return 0;
    const length = this.#file.backupRead(bytes, this.#withSecurity);
    this.#at += length;
    return length;
  }

  [Symbol.dispose](): void {
    this.#file.backupEnd();
    this.#file[Symbol.dispose]();
  }

  /** Lets the view begin at a position, with what it has of that already. */
  #move(position: number): void {
    const from = position - this.#viewAt;
    if (from >= 0 && from <= this.#viewLength && this.#at === this.#viewAt + this.#viewLength) {
      view.copy(view, 0, from, this.#viewLength);
      this.#viewLength -= from;
    } else {
      this.#viewLength = 0;
      this.#seek(position);
    }
    this.#viewAt = position;
    this.#fill();
  }

  #fill(): void {
    const length = this.#file.backupRead(view.subarray(this.#viewLength), this.#withSecurity);
    this.#at += length;
    this.#viewLength += length;
  }

  /** Brings the backup to a position; `false` where it ends before. */
  #seek(position: number): boolean {
    if (position < this.#at) {
      this.#file.backupEnd();
      this.#at = attributesSize;
      this.#viewLength = 0;
    }
    while (this.#at < position) {
      const missing = position - this.#at;
      // A backup has to be read from before anything of it can be passed over, and headers cannot be.
      const passed = this.#at === attributesSize ? 0 : this.#file.backupSkip(Math.min(missing, 2 ** 30));
      this.#at += passed;
      if (passed > 0) continue;
      this.#viewLength = 0;
      const length = this.#file.backupRead(view.subarray(0, Math.min(missing, view.length)), this.#withSecurity);
      if (length === 0) return false;
      this.#at += length;
    }
    return true;
  }
}
