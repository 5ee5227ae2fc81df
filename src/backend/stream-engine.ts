/**
 * The streams of processes as the addon reads and writes them: on the event loop of Node, all behind one handle of it, and with
 * one call into JavaScript for all that have become ready. A stream that has something is read at once, without the loop.
 *
 * @module
 */
import { NumberMap } from '../number-map.js';
import { reportUncaught } from '../uncaught.js';

/** What is negative is an error number of the system. */
export interface NativeStreams {
  /** Takes ownership of a descriptor. */
  add(descriptor: number): number;
  /** How many bytes it has put there; 0 at the end. */
  read(descriptor: number, into: Uint8Array): number;
  write(descriptor: number, bytes: Uint8Array, from: number): number;
  /** It is delivered once, when it can be read or written. */
  await(descriptor: number, writable: boolean): number;
  close(descriptor: number): void;
  /** Whether the event loop is kept alive. */
  hold(held: boolean): void;
}

/** Delivers how many descriptors are in `ready`. */
export type MakeNativeStreams = new (deliver: (count: number) => void, ready: Int32Array) => NativeStreams;

/** One end of a pipe, as its stream has it. */
export interface PipeEnd {
  readonly descriptor: number;
  /** It can be read, or written. */
  ready(): void;
}

/** More than a pipe holds is not read at once. */
const chunk = 65_536;

/** All ends of one environment. */
export class StreamEngine {
  readonly #native: NativeStreams;
  readonly #ready = new Int32Array(64);
  readonly #waiting = new NumberMap<PipeEnd>();
  #holds = 0;
  #room: Buffer | undefined;

  constructor(Streams: MakeNativeStreams) {
    this.#native = new Streams((count) => this.#deliver(count), this.#ready);
  }

  /** Takes ownership of a descriptor. False: it stays the caller's, as it is of no kind that can be waited for. */
  add(descriptor: number): boolean {
    return this.#native.add(descriptor) === 0;
  }

  /** What has arrived; null at the end, or an error number. A small piece is copied, a large one has the memory to itself. */
  read(descriptor: number): Buffer | null | number {
    const room = (this.#room ??= Buffer.allocUnsafeSlow(chunk));
    const count = this.#native.read(descriptor, room);
    if (count <= 0) return count === 0 ? null : count;
    if (count <= chunk / 4) return Buffer.from(room.subarray(0, count));
    this.#room = undefined;
    return room.subarray(0, count);
  }

  /** How many bytes have been written, or an error number. */
  write(descriptor: number, bytes: Uint8Array, from: number): number {
    return this.#native.write(descriptor, bytes, from);
  }

  /** Calls `ready()` once. An error number when that cannot be. */
  await(end: PipeEnd, writable: boolean): number {
    const status = this.#native.await(end.descriptor, writable);
    if (status === 0) this.#waiting.set(end.descriptor, end);
    return status;
  }

  close(end: PipeEnd): void {
    this.#waiting.delete(end.descriptor);
    this.#native.close(end.descriptor);
  }

  /** Keeps the event loop alive until unhold() was called as often. */
  hold(): void {
    if (this.#holds++ === 0) this.#native.hold(true);
  }

  unhold(): void {
    if (--this.#holds === 0) this.#native.hold(false);
  }

  #deliver(count: number): void {
    // An end that is made by the code of another one may have the number of one that was closed: it has to look first.
    for (const descriptor of this.#ready.slice(0, count)) {
      try {
        this.#waiting.delete(descriptor)?.ready();
      } catch (error) {
        reportUncaught(error);
      }
    }
  }
}

let engine: StreamEngine | undefined;

/** The engine of this environment; undefined where streams are Node's own sockets. */
export function streamEngine(): StreamEngine | undefined {
  return engine;
}

/** Called with the class of the addon, where that has one. */
export function useStreams(Streams: MakeNativeStreams | undefined): void {
  if (Streams !== undefined) engine ??= new StreamEngine(Streams);
}
