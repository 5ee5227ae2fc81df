/**
 * Keeps the audit in a file, and the files before it beside it.
 *
 * @module
 */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

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
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
    this.#size += bytes.length;
  }

  /** What is written afterwards fails: the number of the descriptor may be another file's by then. */
  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  #rotate(): void {
    for (let at = this.#files; at > 0; at--) {
      try {
        renameSync(at === 1 ? this.#path : `${this.#path}.${at - 1}`, `${this.#path}.${at}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    const full = this.#descriptor;
    this.#descriptor = openSync(this.#path, 'a', 0o600);
    this.#size = 0;
    closeSync(full);
  }
}
