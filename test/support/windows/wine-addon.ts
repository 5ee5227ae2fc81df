// Loaded in place of the addon by the threads of an import or export under Wine, which has all of the files of Windows but their
// backups: of a backup stream that is written the content is, and one that is read has the content alone.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { NativeAddon } from '#dist/backend/addon.js';

import { StandInPlanner } from './stand-in-planner.js';
import { splitStream, streamsOf } from './windows-records.js';

const native = createRequire(import.meta.url)(process.env.HOSTCOMPUTE_TEST_NATIVE!) as NativeAddon;
const Real = native.Files!;
export const { Unpack } = native;

interface Backup {
  readonly place: string;
  written: Buffer[];
  read: Buffer | undefined;
  position: number;
}

export class Files extends Real {
  readonly #backups = new Map<number, Backup>();

  override openRoot(path: string): number {
    return this.#remember(super.openRoot(path), path);
  }

  override open(root: number, path: string, ...how: [number, number, number, number]): number {
    return this.#remember(super.open(root, path, ...how), join(this.#backups.get(root)!.place, path));
  }

  override backupWrite(file: number, bytes: Uint8Array): number {
    this.#backups.get(file)!.written.push(Buffer.from(bytes));
    return bytes.length;
  }

  override backupRead(file: number, bytes: Uint8Array): number {
    const backup = this.#backups.get(file)!;
    const content = statSync(backup.place).isDirectory() ? Buffer.alloc(0) : readFileSync(backup.place);
    backup.read ??= streamsOf({ before: Buffer.alloc(0), after: Buffer.alloc(0) }, content, false);
    const length = backup.read.copy(bytes, 0, backup.position);
    backup.position += length;
    return length;
  }

  override backupSkip(file: number, count: number): number {
    const backup = this.#backups.get(file)!;
    const length = Math.min(count, backup.read!.length - backup.position);
    backup.position += length;
    return length;
  }

  override backupEnd(file: number): void {
    const backup = this.#backups.get(file)!;
    const { data } = splitStream(Buffer.concat(backup.written));
    if (data !== undefined) this.write(file, data);
    Object.assign(backup, { written: [], read: undefined, position: 0 });
  }

  #remember(file: number, place: string): number {
    if (file > 0) this.#backups.set(file, { place, written: [], read: undefined, position: 0 });
    return file;
  }
}

export class UnpackPlanner extends StandInPlanner {
  constructor(id: number) {
    super(new native.UnpackPlanner(id), () => new Files());
  }
}

let left = Number(process.env.HOSTCOMPUTE_TEST_FAIL_AT ?? 0);
const counted = ['acquire', 'openRoot', 'open', 'backupWrite', 'backupRead', 'setInfo', 'info', 'link', 'remove'];
for (const name of [...counted, 'write', 'list', 'fileSystem']) {
  const methods = Files.prototype as unknown as Record<string, (...parameters: unknown[]) => unknown>;
  const method = methods[name]!;
  const value = function (this: unknown, ...parameters: unknown[]): unknown {
    left -= 1;
    return left === 0 ? 0x80070070 | 0 : method.apply(this, parameters);
  };
  Object.defineProperty(methods, name, { value });
}
