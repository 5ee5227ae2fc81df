/**
 * The ends of pipes as streams of Node, on the engine of the addon.
 *
 * @module
 */
import { Readable, Writable } from 'node:stream';
import { getSystemErrorName } from 'node:util';

import type { PipeEnd, StreamEngine } from '../backend/stream-engine.js';

/** So many pieces are read before others have their turn. */
const piecesPerTurn = 16;

const tryAgain = 'EAGAIN';

function systemError(syscall: string, errno: number): NodeJS.ErrnoException {
  const code = getSystemErrorName(errno);
  return Object.assign(new Error(`${syscall} ${code}`), { errno, code, syscall });
}

const isTryAgain = (status: number): boolean => getSystemErrorName(status) === tryAgain;

/** Waits for one end, and keeps the event loop alive meanwhile unless it is unref()ed. */
class Waiting {
  readonly #engine: StreamEngine;
  readonly #end: PipeEnd;
  #waits = false;
  #held = false;
  #refed = true;

  constructor(engine: StreamEngine, end: PipeEnd) {
    this.#engine = engine;
    this.#end = end;
  }

  get waits(): boolean {
    return this.#waits;
  }

  /** An error number when it cannot be waited for. */
  begin(writable: boolean): number {
    const status = this.#engine.await(this.#end, writable);
    this.#waits = status === 0;
    this.#hold();
    return status;
  }

  /** It is over, or was never begun. */
  over(): void {
    this.#waits = false;
    this.#hold();
  }

  ref(refed: boolean): void {
    this.#refed = refed;
    this.#hold();
  }

  #hold(): void {
    const held = this.#waits && this.#refed;
    if (held === this.#held) return;
    this.#held = held;
    if (held) this.#engine.hold();
    else this.#engine.unhold();
  }
}

/** What a process writes. Nothing is read before somebody reads. */
export class PipeReader extends Readable implements PipeEnd {
  readonly descriptor: number;
  readonly #engine: StreamEngine;
  readonly #waiting: Waiting;
  #pieces = piecesPerTurn;

  /** The descriptor has been added to the engine. */
  constructor(engine: StreamEngine, descriptor: number) {
    super();
    this.descriptor = descriptor;
    this.#engine = engine;
    this.#waiting = new Waiting(engine, this);
  }

  override _read(): void {
    if (!this.#waiting.waits) this.#next();
  }

  ready(): void {
    this.#waiting.over();
    this.#pieces = piecesPerTurn;
    this.#next();
  }

  // One piece for each _read(), as with any stream; and the event loop between many.
  #next(): void {
    if (this.#pieces-- === 0) return this.#wait();
    const read = this.#engine.read(this.descriptor);
    if (typeof read !== 'number') this.push(read);
    else if (isTryAgain(read)) this.#wait();
    else this.destroy(systemError('read', read));
  }

  #wait(): void {
    this.#pieces = piecesPerTurn;
    const status = this.#waiting.begin(false);
    if (status !== 0) this.destroy(systemError('read', status));
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#waiting.over();
    this.#engine.close(this);
    callback(error);
  }

  ref(): this {
    this.#waiting.ref(true);
    return this;
  }

  unref(): this {
    this.#waiting.ref(false);
    return this;
  }
}

/** What a process reads. */
export class PipeWriter extends Writable implements PipeEnd {
  readonly descriptor: number;
  readonly #engine: StreamEngine;
  readonly #waiting: Waiting;
  #bytes: Uint8Array = new Uint8Array();
  #written = 0;
  #callback: ((error?: Error | null) => void) | undefined;

  /** The descriptor has been added to the engine. */
  constructor(engine: StreamEngine, descriptor: number) {
    super();
    this.descriptor = descriptor;
    this.#engine = engine;
    this.#waiting = new Waiting(engine, this);
  }

  override _write(bytes: Buffer, _encoding: unknown, callback: (error?: Error | null) => void): void {
    this.#bytes = bytes;
    this.#written = 0;
    this.#callback = callback;
    this.#next();
  }

  ready(): void {
    this.#waiting.over();
    this.#next();
  }

  #next(): void {
    while (this.#written < this.#bytes.length) {
      const status = this.#engine.write(this.descriptor, this.#bytes, this.#written);
      if (status < 0) return this.#refused(status);
      this.#written += status;
    }
    this.#over();
  }

  #refused(status: number): void {
    const waiting = isTryAgain(status) ? this.#waiting.begin(true) : status;
    if (waiting !== 0) this.#over(systemError('write', waiting));
  }

  #over(error?: Error): void {
    const callback = this.#callback;
    this.#callback = undefined;
    this.#bytes = new Uint8Array();
    callback?.(error);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#waiting.over();
    this.#engine.close(this);
    this.#over(); // a write that is under way ends, as on a socket
    callback(error);
  }

  ref(): this {
    this.#waiting.ref(true);
    return this;
  }

  unref(): this {
    this.#waiting.ref(false);
    return this;
  }
}
