/**
 * The streams of a process: pipes of the host as streams of Node.
 *
 * Node's own pipe machinery does the work: overlapped I/O on Windows, non-blocking elsewhere, no thread per stream.
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

/** A stream whose errors name the process. It keeps that from being collected while it is open. */
class ProcessStream extends Socket {
  readonly #name: string;
  readonly #subject: Subject;

  constructor(descriptor: number, name: string, subject: Subject) {
    const writable = name === 'stdin';
    const source = descriptor !== emptyStream && { fd: descriptor };
    // Nothing is read before somebody does: what goes wrong then goes wrong where somebody listens.
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

/** What a process reads. To end it is to tell the host so, when all that was written is on its way. */
export class ProcessInput extends ProcessStream {
  #tellHost: () => Promise<void> = () => Promise.resolve();

  /** `tellHost` makes the guest see the end of the file. */
  begin(tellHost: () => Promise<void>): this {
    this.#tellHost = tellHost;
    return this;
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#tellHost().then(() => callback(), callback);
  }
}

/** What a process writes, until its end of the pipe is closed. */
export class ProcessOutput extends ProcessStream {
  /** Whether somebody has begun to read, or is about to. */
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

/** Closes the streams of a process that nobody gets. */
export function closeStreams(information: ProcessInformation | null): void {
  if (information !== null) closeAll(information.slice(1));
}

function closeAll(descriptors: readonly (number | null)[]): void {
  for (const descriptor of descriptors) {
    if (descriptor !== null && descriptor >= 0) close(descriptor, () => undefined);
  }
}
