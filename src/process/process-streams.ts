/**
 * The streams of a process: pipes of the host as streams of Node.
 *
 * Where the addon has an engine for them, that reads and writes. Elsewhere, on Windows and with koffi, Node's own sockets do:
 * overlapped I/O on Windows, non-blocking I/O elsewhere. Neither has a thread per stream.
 *
 * @module
 */
import { close } from 'node:fs';
import type { SocketConstructorOpts } from 'node:net';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

import type { ProcessInformation } from '../backend/backend.js';
import { emptyStream } from '../backend/backend.js';
import type { StreamEngine } from '../backend/stream-engine.js';
import { streamEngine } from '../backend/stream-engine.js';
import type { Subject } from '../errors/errors.js';
import { HcsError, HcsStreamError } from '../errors/errors.js';
import { PipeReader, PipeWriter } from './pipe-streams.js';

interface Pipe {
  ref(): this;
  unref(): this;
}

/** The stdin of a process. Its end is sent to the host after everything that was written. */
export interface ProcessInput extends Writable, Pipe {
  /** `closeInGuest` makes the guest see the end of the file. */
  begin(closeInGuest: () => Promise<void>): this;
  /** The error as one that names the process. */
  named(error: Error): HcsError;
}

/** The stdout or stderr of a process, until the guest closes its end of the pipe. */
export interface ProcessOutput extends Readable, Pipe {
  /** Whether somebody reads it. */
  readonly consumed: boolean;
}

/** Which stream of which process. */
class StreamName {
  readonly #subject: Subject;
  readonly #stream: string;

  constructor(subject: Subject, stream: string) {
    this.#subject = subject;
    this.#stream = stream;
  }

  /** The error as one that names the process. */
  ofError(error: Error): HcsError {
    if (error instanceof HcsError) return error;
    return new HcsStreamError({ ...this.#subject, stream: this.#stream, cause: error });
  }

  /** The same for one of the system; any other is passed on. */
  ofSystemError(error: Error | undefined): Error | undefined {
    const failed = (error as NodeJS.ErrnoException | null | undefined)?.errno !== undefined;
    return failed ? this.ofError(error!) : error;
  }
}

const isConsumed = (stream: Readable): boolean =>
  stream.readableFlowing !== null || stream.readableDidRead || stream.listenerCount('readable') > 0;

type Closing = () => Promise<void>;
const closesNothing: Closing = () => Promise.resolve();

/** While it is open, the process is not garbage collected. */
class PipeInput extends PipeWriter implements ProcessInput {
  readonly #name: StreamName;
  #closeInGuest = closesNothing;

  constructor(engine: StreamEngine, descriptor: number, name: StreamName) {
    super(engine, descriptor);
    this.#name = name;
  }

  begin(closeInGuest: Closing): this {
    this.#closeInGuest = closeInGuest;
    return this;
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#closeInGuest().then(() => callback(), callback);
  }

  override destroy(error?: Error): this {
    return super.destroy(this.#name.ofSystemError(error));
  }

  named(error: Error): HcsError {
    return this.#name.ofError(error);
  }
}

class PipeOutput extends PipeReader implements ProcessOutput {
  readonly #name: StreamName;

  constructor(engine: StreamEngine, descriptor: number, name: StreamName) {
    super(engine, descriptor);
    this.#name = name;
  }

  get consumed(): boolean {
    return isConsumed(this);
  }

  override destroy(error?: Error): this {
    return super.destroy(this.#name.ofSystemError(error));
  }
}

class SocketStream extends Socket {
  readonly #name: StreamName;

  constructor(descriptor: number, name: StreamName, writable: boolean) {
    const source = descriptor !== emptyStream && { fd: descriptor };
    // Nothing is read before somebody reads: an error is then emitted where somebody listens.
    super({ ...source, readable: !writable, writable, manualStart: true } as SocketConstructorOpts);
    this.#name = name;
    if (descriptor !== emptyStream) return;
    if (writable) this._write = discard;
    else this.push(null);
  }

  override destroy(error?: Error): this {
    return super.destroy(this.#name.ofSystemError(error));
  }

  named(error: Error): HcsError {
    return this.#name.ofError(error);
  }
}

function discard(_chunk: unknown, _encoding: unknown, callback: () => void): void {
  callback();
}

class SocketInput extends SocketStream implements ProcessInput {
  #closeInGuest = closesNothing;

  begin(closeInGuest: Closing): this {
    this.#closeInGuest = closeInGuest;
    return this;
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#closeInGuest().then(() => callback(), callback);
  }
}

class SocketOutput extends SocketStream implements ProcessOutput {
  get consumed(): boolean {
    return isConsumed(this);
  }
}

function inputOf(descriptor: number, name: StreamName): ProcessInput {
  const engine = streamEngine();
  if (engine?.add(descriptor) === true) return new PipeInput(engine, descriptor, name);
  return new SocketInput(descriptor, name, true);
}

function outputOf(descriptor: number, name: StreamName): ProcessOutput {
  const engine = streamEngine();
  if (engine?.add(descriptor) === true) return new PipeOutput(engine, descriptor, name);
  return new SocketOutput(descriptor, name, false);
}

export interface ProcessStreams {
  readonly stdin: ProcessInput | null;
  readonly stdout: ProcessOutput | null;
  readonly stderr: ProcessOutput | null;
}

/** Makes streams of all descriptors, or closes them all and throws. */
export function makeStreams(information: ProcessInformation, subject: Subject): ProcessStreams {
  const [, ...descriptors] = information;
  const made: (ProcessInput | ProcessOutput)[] = [];
  const next = <T extends ProcessInput | ProcessOutput>(
    make: (descriptor: number, name: StreamName) => T,
    name: string,
  ): T | null => {
    const descriptor = descriptors[0] ?? null;
    if (descriptor === -1) throw new Error('its handle could not be opened');
    const stream = descriptor === null ? null : make(descriptor, new StreamName(subject, name));
    descriptors.shift();
    if (stream !== null) made.push(stream);
    return stream;
  };
  try {
    return {
      stdin: next(inputOf, 'stdin'),
      stdout: next(outputOf, 'stdout'),
      stderr: next(outputOf, 'stderr'),
    };
  } catch (cause) {
    for (const stream of made) stream.destroy();
    closeAll(descriptors);
    const stream = ['stdin', 'stdout', 'stderr'][3 - descriptors.length]!;
    throw new HcsStreamError({ ...subject, stream, cause: cause as Error });
  }
}

/** Closes the streams of a process that is discarded. */
export function closeStreams(information: ProcessInformation | null): void {
  if (information !== null) closeAll(information.slice(1));
}

function closeAll(descriptors: readonly (number | null)[]): void {
  for (const descriptor of descriptors) {
    if (descriptor !== null && descriptor >= 0) close(descriptor, () => undefined);
  }
}
