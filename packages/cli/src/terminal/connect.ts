/**
 * Connects this program's streams with those of a guest, until the guest has ended.
 *
 * @module
 */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

import { drained, onBrokenPipe } from '../output/broken-pipe.js';
import type { Output } from '../output/output.js';
import { watchConsoleSize } from './console-size.js';
import type { GuestExit, GuestStreams } from './guest-streams.js';
import { enterRawMode } from './raw-mode.js';

export interface ConnectOptions {
  /** Whether the guest has a console: then a terminal here becomes its own. */
  readonly tty: boolean;
  /** With JSON output is a line of it each time. */
  readonly output: Output;
  /** Sees what is typed, and says what of it goes to the guest. */
  readonly filterInput?: (typed: Buffer) => Buffer;
}

/** Fulfils with the exit when all output has been passed on. */
export async function connect(guest: GuestStreams, options: ConnectOptions): Promise<GuestExit> {
  const undo = [connectInput(guest, options), onBrokenPipe(() => drop(guest))];
  if (options.tty && process.stdout.isTTY) {
    undo.push(watchConsoleSize(process.stdout, ({ columns, rows }) => guest.resize(columns, rows)));
  }
  const printed = connectOutput(guest, options);
  try {
    const exit = await guest.ended;
    await printed;
    return exit;
  } finally {
    for (const step of undo.reverse()) step();
  }
}

function connectInput({ stdin }: GuestStreams, { tty, filterInput }: ConnectOptions): () => void {
  if (stdin === null) return () => undefined;
  const input = process.stdin;
  const leaveRawMode = tty && input.isTTY ? enterRawMode(input) : undefined;
  const stop = (): void => {
    input.off('data', pass).off('end', end).off('error', end).pause();
  };
  const pass = (typed: Buffer): void => {
    const passed = filterInput === undefined ? typed : filterInput(typed);
    if (passed.length === 0 || stdin.write(passed)) return;
    input.pause();
    stdin.once('drain', () => input.resume());
  };
  // The guest reads to the end of it, and may go on writing.
  const end = (): void => void stdin.end();
  input.on('data', pass).once('end', end).once('error', end);
  // The guest need not read all of it.
  stdin.on('error', stop).once('close', stop);
  return () => {
    stop();
    leaveRawMode?.();
    // A pipe or a terminal that is read keeps the program running.
    input.destroy();
  };
}

// What nobody reads any more would hold back the guest, and its end.
function drop({ stdout, stderr }: GuestStreams): void {
  stdout?.unpipe().resume();
  stderr?.resume();
}

function connectOutput({ stdout, stderr }: GuestStreams, { output }: ConnectOptions): Promise<unknown> {
  const streams = [
    [stdout, 'stdout', process.stdout],
    [stderr, 'stderr', process.stderr],
  ] as const;
  return Promise.all(
    streams.map(async ([stream, name, target]) => {
      if (stream === null) return;
      // That it breaks is told of by the exit.
      stream.on('error', () => undefined);
      if (output.isJson) await printLines(stream, name, output);
      else stream.pipe(target, { end: false });
    }),
  );
}

async function printLines(stream: Readable, name: 'stdout' | 'stderr', output: Output): Promise<void> {
  const decoder = new StringDecoder('utf8');
  const print = (text: string): void => {
    if (text !== '') output.json({ kind: 'output', stream: name, time: new Date().toISOString(), text });
  };
  try {
    for await (const chunk of stream) {
      print(decoder.write(chunk as Buffer));
      await drained();
    }
  } catch {
    // It has broken.
  }
  print(decoder.end());
}
