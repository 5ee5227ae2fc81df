/**
 * Reaches the process that runs a detached container.
 *
 * @module
 */
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { PassThrough, Writable } from 'node:stream';

import { claimAddress } from '../containers/claim.js';
import type { ContainerRecord } from '../containers/record.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { GuestExit, GuestStreams } from '../terminal/guest-streams.js';
import { encodeFrame, FrameDecoder, frameTypes } from './frames.js';
import type { Frame } from './frames.js';
import type { Want } from './server.js';

export interface MonitorClient {
  readonly socket: Socket;
  /** Undefined where the connection ends without it. */
  readonly ended: Promise<GuestExit | undefined>;
}

/** Fulfils with undefined where no process has the container. `onFrame` gets all but the exit. */
export async function connectMonitor(
  root: string,
  { id, token }: ContainerRecord,
  want: Want,
  onFrame: (frame: Frame) => void,
): Promise<MonitorClient | undefined> {
  const socket = connect(await claimAddress(root, id));
  const isThere = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!isThere) return undefined;
  socket.on('error', () => socket.destroy());
  let exit: GuestExit | undefined;
  const decoder = new FrameDecoder();
  socket.on('data', (chunk: Buffer) => {
    for (const frame of decoder.push(chunk)) {
      if (frame.type === frameTypes.exit) exit = JSON.parse(frame.bytes.toString()) as GuestExit;
      else onFrame(frame);
    }
  });
  const ended = new Promise<GuestExit | undefined>((resolve) => socket.once('close', () => resolve(exit)));
  socket.write(encodeFrame(frameTypes.hello, JSON.stringify({ token, want })));
  return { socket, ended };
}

/** Waits until the process that has a container is done with it; at once where none has. */
export async function waitForMonitor(
  root: string,
  record: ContainerRecord,
  signal: AbortSignal,
): Promise<GuestExit | undefined> {
  signal.throwIfAborted();
  const client = await connectMonitor(root, record, 'wait', () => undefined);
  if (client === undefined) return undefined;
  const abort = (): void => void client.socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  const exit = await client.ended;
  signal.removeEventListener('abort', abort);
  signal.throwIfAborted();
  return exit;
}

/** The streams of a container's first process, as if they were here. */
export async function attachStreams(root: string, record: ContainerRecord): Promise<GuestStreams & { detach(): void }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const client = await connectMonitor(root, record, 'attach', ({ type, bytes }) => {
    const target = type === frameTypes.stdout ? stdout : type === frameTypes.stderr ? stderr : undefined;
    if (target?.write(bytes) !== false) return;
    socket.pause();
    target.once('drain', () => socket.resume());
  });
  if (client === undefined) throw notAttachable(record.id);
  const { socket } = client;
  const send = (type: number, payload: Buffer | string = '', done?: () => void): void => {
    if (socket.writable) socket.write(encodeFrame(type, payload), done);
    else done?.();
  };
  const stdin = new Writable({
    write: (chunk: Buffer, _encoding, done) => send(frameTypes.stdin, chunk, () => done()),
    final: (done) => send(frameTypes.stdinEnd, '', () => done()),
  });
  return {
    stdin,
    stdout,
    stderr,
    resize: (columns, rows) => send(frameTypes.resize, JSON.stringify({ columns, rows })),
    signal: (name) => send(frameTypes.signal, String(name)),
    ended: client.ended.then((exit) => {
      stdin.destroy();
      stdout.end();
      stderr.end();
      return exit ?? { exitCode: null, error: 'The process that ran the container has gone' };
    }),
    detach: () => void socket.destroy(),
  };
}

export function notAttachable(id: string): Failure {
  return new Failure(`No process serves the streams of "${id}"`, {
    code: 'ERR_HC_NOT_ATTACHABLE',
    exitCode: exitCodes.host,
    remedy: 'Those of containers that "hostcompute run -d" has started are, as long as they run.',
  });
}
