/**
 * Keeps the audit in a file, and the files before it beside it.
 *
 * @module
 */
import { closeSync, fstatSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';

import type { AuditLog } from './audit-line.js';

/** How much is kept. */
export interface AuditFileOptions {
  /** The most bytes of one file; default 16 MiB. */
  readonly bytes?: number;
  /** How many files before it are kept; default 8. */
  readonly files?: number;
}

/** An audit in a file, each line written before the call is made. The folder has to be one that only the broker can write. */
export class AuditFile implements AuditLog {
  readonly #path: string;
  readonly #bytes: number;
  readonly #files: number;
  #descriptor: number;
  #size: number;

  constructor(path: string, { bytes = 16 << 20, files = 8 }: AuditFileOptions = {}) {
    this.#path = path;
    this.#bytes = bytes;
    this.#files = files;
    this.#descriptor = openSync(path, 'a', 0o600);
    this.#size = fstatSync(this.#descriptor).size;
  }

  write(line: string): void {
    if (this.#descriptor < 0) throw new Error('The audit is closed.');
    const bytes = Buffer.from(`${line}\n`);
    if (this.#size > 0 && this.#size + bytes.length > this.#bytes) this.#rotate();
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
    } catch (error) {
      // What has got onto a disk that is full would spoil the next line.
      try {
        ftruncateSync(this.#descriptor, this.#size);
      } catch {
        // The first error says why.
      }
      throw error;
    }
    this.#size += bytes.length;
  }

  /** What is written afterwards fails: the number of the descriptor may be another file's by then. */
  close(): void {
    if (this.#descriptor < 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  // The new file is there before one is renamed: without a descriptor, or a disk, nothing is lost.
  #rotate(): void {
    const next = `${this.#path}.new`;
    const opened = openSync(next, 'a', 0o600);
    try {
      this.#rename();
      renameSync(next, this.#path);
    } catch (error) {
      closeSync(opened);
      throw error;
    }
    closeSync(this.#descriptor);
    this.#descriptor = opened;
    this.#size = 0;
  }

  #rename(): void {
    for (let at = this.#files; at > 0; at--) {
      try {
        renameSync(at === 1 ? this.#path : `${this.#path}.${at - 1}`, `${this.#path}.${at}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }
}
