// The transport form, which ImportLayer reads: a file holds its attributes and a backup stream, a directory has them in a file
// beside it. Only Windows has four times per file, so they go into a table of their own.
import { appendFileSync, closeSync, mkdirSync, openSync, writeSync, writevSync } from 'node:fs';
import { join } from 'node:path';

import type { FileTimes } from '../../formats/file-time.js';
import { encodeTimesLine, timesTableName } from '../../formats/times-table.js';
import { sideFileSuffix } from '../../formats/entry-name.js';
import type { LayerWriter } from './layer-writer.js';

const linesAtOnce = 2000;
const noBytes = Buffer.alloc(0);

export class PortableWriter implements LayerWriter {
  readonly #root: string;
  /** Where a path is: what is of the utility VM may be elsewhere. */
  readonly #placeOf: (path: string) => string;
  #descriptor: number | undefined;
  #head: Buffer | undefined;
  #lines: string[] = [];
  readonly #links: string[] = [];

  constructor(root: string, placeOf = (path: string): string => join(root, path)) {
    this.#root = root;
    this.#placeOf = placeOf;
  }

  open(): void {
    mkdirSync(this.#root, { recursive: true });
  }

  directory(path: string, head: Buffer, times: FileTimes, isThere: boolean): void {
    if (!isThere) mkdirSync(this.#placeOf(path));
    this.#begin(path + sideFileSuffix, head);
    this.#note(path, times);
  }

  directoryLink(path: string, head: Buffer, times: FileTimes): void {
    this.#begin(path + sideFileSuffix, head);
    this.#links.push(path);
    this.#note(path, times);
  }

  file(path: string, head: Buffer, times: FileTimes): void {
    this.#begin(path, head);
    this.#note(path, times);
  }

  hardLink(path: string, times: FileTimes): void {
    this.#note(path, times);
  }

  write(bytes: Buffer): void {
    const descriptor = this.#descriptor!;
    const head = this.#head;
    this.#head = undefined;
    const size = (head?.length ?? 0) + bytes.length;
    // A regular file takes all of it, or there is no room: then the rest fails, and says so.
    let written = head === undefined ? writeSync(descriptor, bytes) : writevSync(descriptor, [head, bytes]);
    if (written === size) return;
    const rest = head === undefined ? bytes : Buffer.concat([head, bytes]);
    while (written < size) written += writeSync(descriptor, rest, written);
  }

  finish(): void {
    this.#end();
    for (const path of this.#links) mkdirSync(this.#placeOf(path));
    this.#flushLines();
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #begin(path: string, head: Buffer): void {
    this.#end();
    this.#descriptor = openSync(this.#placeOf(path), 'wx');
    this.#head = head;
  }

  /** Completes the last file. */
  #end(): void {
    if (this.#head !== undefined && this.#head.length > 0) this.write(noBytes);
    this.close();
  }

  #note(path: string, times: FileTimes): void {
    this.#lines.push(encodeTimesLine(path, times));
    if (this.#lines.length >= linesAtOnce) this.#flushLines();
  }

  #flushLines(): void {
    appendFileSync(join(this.#root, timesTableName), this.#lines.join(''));
    this.#lines = [];
  }
}
