/**
 * A process of a guest as a terminal sees it: one that was made here, or one whose streams another process serves.
 *
 * @module
 */
import type { Readable, Writable } from 'node:stream';

import type { Process, ProcessExit, ProcessSignal } from 'hostcompute';

export interface GuestExit {
  /** Null when it cannot be known. */
  readonly exitCode: number | null;
  readonly error?: string;
  readonly inferred?: boolean;
}

export interface GuestStreams {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  resize(columns: number, rows: number): void;
  /** Passes a signal on; nothing if it is gone. */
  signal(name: ProcessSignal): void;
  /** Its exit, when all that it has said has been read. */
  readonly ended: Promise<GuestExit>;
}

export function streamsOf(child: Process): GuestStreams {
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    resize(columns, rows) {
      // A size that is not set is no reason to end.
      child.resizeConsole(columns, rows).catch(() => undefined);
    },
    signal(name) {
      child.kill(name, { timeoutMs: 30_000 }).catch(() => undefined);
    },
    ended: child.exited.then(async (exit) => {
      await Promise.all([child.stdout, child.stderr].map(async (stream) => stream && readOut(stream)));
      return guestExitOf(exit);
    }),
  };
}

/** A program that the first one has left behind may hold its output open for ever. */
const silenceMs = 2000;

/** Fulfils when a stream has closed, or says nothing any more; its process has ended. */
async function readOut(stream: Readable): Promise<void> {
  if (stream.closed) return;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      // It may be us who is not read.
      if (stream.isPaused() || stream.readableLength > 0) timer.refresh();
      else resolve();
    };
    const timer = setTimeout(look, silenceMs);
    stream.on('data', () => timer.refresh());
    stream.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export function guestExitOf({ exitCode, error, inferred }: ProcessExit): GuestExit {
  return {
    exitCode,
    ...(error !== undefined && { error: error.message }),
    ...(inferred === true && { inferred }),
  };
}
