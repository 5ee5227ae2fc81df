// Carries out the steps for Windows on files that stand in for those of Windows, one after the other: the content is written by the
// addon into a folder of its own, and goes to them in the end.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NativeFiles } from '#dist/backend/native-files.js';
import type { NativeUnpackPlanner } from '#dist/backend/native-unpack.js';
import { turn } from '#dist/backend/native-unpack.js';

const kind = { makeFolder: 2, openFolder: 3, openRoot: 4, file: 5, placedFolder: 10, placedFile: 11 };
const [fixedSize, placementSize] = [24, 56];
const staging = 0xffffff;
const mostAtOnce = 2 ** 20;

/** A folder or file to be made. */
interface Work {
  readonly root: string;
  /** Below it. */
  readonly path: string;
  readonly placement: Buffer;
  /** Of a file: where its bytes are. */
  readonly staged?: string;
  readonly backup?: Buffer;
}

export class StandInPlanner implements NativeUnpackPlanner {
  readonly #native: NativeUnpackPlanner;
  readonly #makeFiles: () => NativeFiles;
  #files: NativeFiles | undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), 'hostcompute-staged-'));
  readonly #folders = new Map<number, { readonly root: string; readonly path: string }>();
  readonly #works: Work[] = [];
  readonly #roots = new Map<string, number>();
  #staged = 0;
  #failure: readonly [Buffer, number, string] | undefined;
  #isSettled = false;

  constructor(native: NativeUnpackPlanner, makeFiles: () => NativeFiles) {
    this.#native = native;
    this.#makeFiles = makeFiles;
  }

  take(bytes: Uint8Array, waitMs: number): number {
    return this.#native.take(bytes, waitMs);
  }

  plan(bytes: Uint8Array, size: number): number {
    const given = Buffer.from(bytes.buffer, bytes.byteOffset, size);
    const steps: Buffer[] = [];
    for (let at = 0; at < size; at += given.readUInt32LE(at + 4)) {
      steps.push(...this.#translated(given.subarray(at, at + given.readUInt32LE(at + 4))));
    }
    const own = Buffer.concat(steps);
    return this.#native.plan(own, own.length);
  }

  finish(waitMs: number): number {
    const result = this.#native.finish(waitMs);
    if (result !== turn.end) return result;
    for (const work of this.#works.splice(0)) {
      const [status, what] = this.#perform(work);
      if (status >= 0) continue;
      this.#failure = [Buffer.from(work.path.replace(/\.\$wcidirs\$$/, '')), status, what];
      return turn.failed;
    }
    this.#end();
    return result;
  }

  settle(waitMs: number): number {
    const result = this.#native.settle(waitMs);
    if (result !== turn.end || this.#isSettled) return result;
    this.#isSettled = true;
    this.#end();
    rmSync(this.#folder, { recursive: true });
    return result;
  }

  #end(): void {
    this.#files?.end();
    this.#files = undefined;
    this.#roots.clear();
  }

  failure(): readonly [Buffer, number, string] {
    return this.#failure ?? this.#native.failure();
  }

  /** The step for the addon in the place of one for Windows. */
  #translated(step: Buffer): Buffer[] {
    const [type, , parent, folder, nameSize, bodySize] = Array.from({ length: 6 }, (_, at) =>
      step.readUInt32LE(4 * at),
    );
    const isPlaced = type === kind.placedFolder || type === kind.placedFile;
    const at = fixedSize + (isPlaced ? placementSize : 0);
    const name = step.toString('utf8', at, at + nameSize!);
    if (type === kind.openRoot) {
      this.#folders.set(folder!, { root: name, path: '' });
      return [step];
    }
    if (!isPlaced) return [step];
    const place = this.#folders.get(parent!)!;
    const path = place.path === '' ? name : `${place.path}/${name}`;
    const placement = Buffer.from(step.subarray(fixedSize, at));
    const body = Buffer.from(step.subarray(at + nameSize!, at + nameSize! + bodySize!));
    if (type === kind.placedFolder) {
      this.#folders.set(folder!, { root: place.root, path });
      this.#works.push({ root: place.root, path, placement, backup: body });
      return [];
    }
    const staged = String(this.#staged++);
    this.#works.push({ root: place.root, path, placement, staged });
    const opened = staged === '0' ? [encoded(kind.openRoot, 0, staging, this.#folder)] : [];
    return [...opened, encoded(kind.file, staging, 0, staged, body)];
  }

  /** A status, and what it is of. */
  #perform({ root, path, placement, staged, backup }: Work): [number, string] {
    const files = (this.#files ??= this.#makeFiles());
    if (this.#roots.size === 0) {
      const status = files.acquire(7);
      if (status < 0) return [status, 'open'];
    }
    const [access, share, disposition, options, uses, attributes] = Array.from({ length: 6 }, (_, at) =>
      placement.readUInt32LE(4 * at),
    );
    const opened = this.#roots.get(root) ?? files.openRoot(root);
    if (opened < 0) return [opened, 'open'];
    this.#roots.set(root, opened);
    const file = files.open(opened, path, access!, share!, disposition!, options!);
    if (file < 0) return [file, 'open'];
    const bytes = staged === undefined ? backup! : readFileSync(join(this.#folder, staged));
    const isBackup = (uses! & 1) !== 0;
    let status = 0;
    for (let at = 0; at < bytes.length && status >= 0; at += mostAtOnce) {
      const piece = bytes.subarray(at, at + mostAtOnce);
      status = isBackup ? files.backupWrite(file, piece, true) : files.write(file, piece);
    }
    if (status < 0) return [status, 'write'];
    if (isBackup) files.backupEnd(file);
    if ((uses! & 2) !== 0) {
      const info = Buffer.alloc(40);
      for (let at = 0; at < 32; at += 8) info.writeBigInt64LE(placement.readBigInt64LE(24 + at) || 1n, at);
      info.writeUInt32LE(attributes!, 32);
      status = files.setInfo(file, info);
    }
    files.close(file);
    return [status, 'close'];
  }
}

function encoded(type: number, parent: number, folder: number, name: string, body = Buffer.alloc(0)): Buffer {
  const text = Buffer.from(name);
  const step = Buffer.alloc(Math.ceil((fixedSize + text.length + body.length) / 8) * 8);
  for (const [at, word] of [type, step.length, parent, folder, text.length, body.length].entries()) {
    step.writeUInt32LE(word, 4 * at);
  }
  text.copy(step, fixedSize);
  body.copy(step, fixedSize + text.length);
  return step;
}
