/**
 * A lock that the system releases when the program that has it ends: a name of Linux that one program at a time can listen at. Whoever
 * waits connects to it, and waits for the end of the connection.
 *
 * @module
 */
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SystemLock {
  release(): Promise<void>;
}

/** Where the name of a lock is listened at: an abstract socket, which has no file. */
export function addressOf(name: string): string {
  return `\0hostcompute-images-${name}`;
}

/** The lock, or undefined while another has it. */
export async function tryListen(address: string): Promise<SystemLock | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.unref();
    // What a waiter sends means nothing.
    socket.on('error', () => undefined).once('close', () => waiting.delete(socket));
    socket.resume();
  });
  if (!(await listen(server, address))) return undefined;
  // What is done under the lock keeps the program running, not the lock.
  server.unref();
  return {
    async release() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of waiting) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(address, () => resolve(true));
  });
}

/** Waits until whoever has the lock releases it or ends. */
export async function untilReleased(address: string, signal: AbortSignal): Promise<void> {
  // What has fired already does not fire again.
  signal.throwIfAborted();
  const isConnected = await new Promise<boolean>((resolve, reject) => {
    let connected = false;
    const socket = connect(address, () => (connected = true));
    const stop = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    socket.resume();
    socket
      .on('error', () => undefined)
      .once('close', () => {
        signal.removeEventListener('abort', stop);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve(connected);
      });
  });
  // Between the two steps of listening, or when too many wait: there is nothing whose end could be waited for.
  if (!isConnected) await sleep(20, undefined, { signal });
}
