/**
 * The streams of a process: pipes of the host as streams of Node.
 *
 * Node's own pipes do the work: overlapped I/O on Windows, non-blocking I/O elsewhere, no thread per stream.
 *
 * @module
 */
import { close } from 'node:fs';
import type { SocketConstructorOpts } from 'node:net';
import { Socket } from 'node:net';

import type { ProcessInformation } from '../backend/backend.js';
import { emptyStream } from '../backend/backend.js';
import type { Subject } from '../errors/errors.js';
import { HcsError, HcsStreamError } from '../errors/errors.js';

/** A stream whose errors name the process. While it is open, the process is not garbage collected. */
class ProcessStream extends Socket {
  readonly #name: string;
  readonly #subject: Subject;

  constructor(descriptor: number, name: string, subject: Subject) {
    const writable = name === 'stdin';
    const source = descriptor !== emptyStream && { fd: descriptor };
    // Nothing is read before somebody reads: an error is then emitted where somebody listens.
    super({ ...source, readable: !writable, writable, manualStart: true } as SocketConstructorOpts);
    this.#name = name;
    this.#subject = subject;
    if (descriptor !== emptyStream) return;
    if (writable) this._write = discard;
    else this.push(null);
  }

  override destroy(error?: Error): this {
    const failed = (error as NodeJS.ErrnoException | null | undefined)?.errno !== undefined;
    return super.destroy(failed ? this.named(error!) : error);
  }

  /** The error as one that names the process. */
  named(error: Error): HcsError {
    return error instanceof HcsError
      ? error
      : new HcsStreamError({ ...this.#subject, stream: this.#name, cause: error });
  }
}

function discard(_chunk: unknown, _encoding: unknown, callback: () => void): void {
  callback();
}

/** The stdin of a process. Its end is sent to the host after everything that was written. */
export class ProcessInput extends ProcessStream {
  #closeInGuest: () => Promise<void> = () => Promise.resolve();

  /** `closeInGuest` makes the guest see the end of the file. */
  begin(closeInGuest: () => Promise<void>): this {
    this.#closeInGuest = closeInGuest;
    return this;
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#closeInGuest().then(() => callback(), callback);
  }
}

/** The stdout or stderr of a process, until the guest closes its end of the pipe. */
export class ProcessOutput extends ProcessStream {
  /** Whether somebody reads it. */
  get consumed(): boolean {
    return this.readableFlowing !== null || this.readableDidRead || this.listenerCount('readable') > 0;
  }
}

export interface ProcessStreams {
  readonly stdin: ProcessInput | null;
  readonly stdout: ProcessOutput | null;
  readonly stderr: ProcessOutput | null;
}

/** Makes streams of all descriptors, or closes them all and throws. */
export function makeStreams(information: ProcessInformation, subject: Subject): ProcessStreams {
  const [, ...descriptors] = information;
  const made: ProcessStream[] = [];
  const next = <T extends ProcessStream>(
    make: new (descriptor: number, name: string, subject: Subject) => T,
    name: string,
  ): T | null => {
    const descriptor = descriptors[0] ?? null;
    if (descriptor === -1) throw new Error('its handle could not be opened');
    const stream = descriptor === null ? null : new make(descriptor, name, subject);
    descriptors.shift();
    if (stream !== null) made.push(stream);
    return stream;
  };
  try {
    return {
      stdin: next(ProcessInput, 'stdin'),
      stdout: next(ProcessOutput, 'stdout'),
      stderr: next(ProcessOutput, 'stderr'),
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
