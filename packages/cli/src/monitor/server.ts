/**
 * Serves a container that runs detached: its streams to those who attach, its end to those who wait for it.
 *
 * @module
 */
import { timingSafeEqual } from 'node:crypto';
import type { Server, Socket } from 'node:net';

import type { ProcessSignal } from 'hostcompute';

import type { ConsoleSize } from '../terminal/console-size.js';
import type { GuestExit, GuestStreams } from '../terminal/guest-streams.js';
import type { Frame } from './frames.js';
import { encodeFrame, FrameDecoder, frameTypes } from './frames.js';

/** What a client may want. `wait`: only the end. */
export type Want = 'attach' | 'follow' | 'wait';

export interface Hello {
  readonly token: string;
  readonly want: Want;
}

/** One who does not say what he wants in this time wants nothing. */
const helloMs = 10_000;
/** One who is so far behind would hold up the container, or its memory. */
const mostBehind = 16 << 20;

export class MonitorServer {
  readonly #token: string;
  readonly #guest: GuestStreams;
  readonly #clients = new Map<Socket, Want>();

  constructor(server: Server, token: string, guest: GuestStreams) {
    this.#token = token;
    this.#guest = guest;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** Passes output on to those who are attached. */
  output(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    this.#send('attach', encodeFrame(frameTypes[stream], chunk));
  }

  /** The log has more. */
  logged(): void {
    this.#send('follow', encodeFrame(frameTypes.more));
  }

  /** Sends the exit to all, who are let go when the container is released. */
  exited(exit: GuestExit): void {
    const frame = encodeFrame(frameTypes.exit, JSON.stringify(exit));
    for (const socket of this.#clients.keys()) socket.write(frame);
  }

  #send(want: Want, frame: Buffer): void {
    for (const [socket, wants] of this.#clients) {
      if (wants !== want) continue;
      if (socket.writableLength > mostBehind) socket.destroy();
      else socket.write(frame);
    }
  }

  #accept(socket: Socket): void {
    const decoder = new FrameDecoder();
    const timer = setTimeout(() => socket.destroy(), helloMs).unref();
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of decoder.push(chunk)) this.#take(socket, frame);
      } catch {
        socket.destroy();
      }
      if (this.#clients.has(socket)) clearTimeout(timer);
    });
    socket.on('end', () => socket.end());
    socket.once('close', () => {
      clearTimeout(timer);
      this.#clients.delete(socket);
    });
  }

  #take(socket: Socket, { type, bytes }: Frame): void {
    const want = this.#clients.get(socket);
    if (want === undefined) this.#greet(socket, type, bytes);
    else if (want === 'attach') this.#obey(socket, type, bytes);
  }

  #greet(socket: Socket, type: number, bytes: Buffer): void {
    const { token, want } = (type === frameTypes.hello ? JSON.parse(bytes.toString()) : {}) as Partial<Hello>;
    const isWant = want === 'attach' || want === 'follow' || want === 'wait';
    if (!isWant || !isSame(token ?? '', this.#token)) {
      socket.destroy();
      return;
    }
    this.#clients.set(socket, want);
    socket.write(encodeFrame(frameTypes.welcome));
  }

  #obey(socket: Socket, type: number, bytes: Buffer): void {
    const { stdin } = this.#guest;
    if (type === frameTypes.stdin && stdin?.writable === true) {
      if (!stdin.write(bytes)) {
        socket.pause();
        const goOn = (): void => {
          stdin.off('drain', goOn).off('close', goOn);
          socket.resume();
        };
        stdin.on('drain', goOn).on('close', goOn);
      }
    } else if (type === frameTypes.stdinEnd) stdin?.end();
    else if (type === frameTypes.resize) {
      const { columns, rows } = JSON.parse(bytes.toString()) as ConsoleSize;
      if (isSide(columns) && isSide(rows)) this.#guest.resize(columns, rows);
    } else if (type === frameTypes.signal) this.#guest.signal(bytes.toString() as ProcessSignal);
  }
}

function isSide(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= 0x7fff;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
