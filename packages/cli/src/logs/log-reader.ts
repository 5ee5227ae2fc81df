/**
 * Reads the log of a container, also while it grows and its oldest files go.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

import type { LogLine } from './log-files.js';
import { logFile, logNumbers } from './log-files.js';

export class LogReader implements AsyncDisposable {
  readonly #folder: string;
  readonly #buffer = Buffer.alloc(64 << 10);
  #file: FileHandle | undefined;
  #number = 0;
  #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The lines that have come since the last call. */
  async *read(): AsyncGenerator<LogLine> {
    for (;;) {
      yield* this.#readFile();
      const next = (await logNumbers(this.#folder)).find((number) => number > this.#number);
      if (next === undefined) return;
      // What was written between the two looks.
      yield* this.#readFile();
      await this.#open(next);
    }
  }

  async *#readFile(): AsyncGenerator<LogLine> {
    if (this.#file === undefined) return;
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, this.#buffer.length);
      if (bytesRead === 0) return;
      const lines = `${this.#rest}${this.#decoder.write(this.#buffer.subarray(0, bytesRead))}`.split('\n');
      this.#rest = lines.pop()!;
      for (const line of lines) {
        const parsed = parseLine(line);
        if (parsed !== undefined) yield parsed;
      }
    }
  }

  async #open(number: number): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    this.#number = number;
    this.#rest = '';
    this.#decoder = new StringDecoder('utf8');
    try {
      this.#file = await open(logFile(this.#folder, number), 'r');
    } catch (error) {
      // It was the oldest.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }
}

// A line that a process was killed in the middle of is none.
function parseLine(line: string): LogLine | undefined {
  try {
    const { stream, time, text } = JSON.parse(line) as Record<keyof LogLine, unknown>;
    const isStream = stream === 'stdout' || stream === 'stderr';
    return isStream && typeof time === 'string' && typeof text === 'string' ? { stream, time, text } : undefined;
  } catch {
    return undefined;
  }
}
