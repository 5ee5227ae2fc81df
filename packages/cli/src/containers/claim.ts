/**
 * Who has a container: the process that runs it listens at an address that follows from the folder and the name. The system takes
 * that away when the process dies, however it does, so that a claim cannot be left behind.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Claim {
  /** Gets a connection for each who wants something of the container. */
  readonly server: Server;
  /** Lets all connections go: those that have something to read when they have read it, or soon. */
  release(): Promise<void>;
}

/** One who does not read is not waited for. */
const lastMs = 2000;

/** @param root - the folder of images and containers, which is there */
export async function claimAddress(root: string, id: string): Promise<string> {
  const key = `${await realpath(root)}\0${process.platform === 'win32' ? id.toLowerCase() : id}`;
  const name = `hostcompute-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  // An abstract socket is gone with its process. Others have none.
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

/** Takes a container; undefined when another process, or this one, has it. */
export async function takeClaim(root: string, id: string): Promise<Claim | undefined> {
  const address = await claimAddress(root, id);
  const isFile = process.platform !== 'win32' && process.platform !== 'linux';
  if (isFile && !(await isListening(address))) await rm(address, { force: true });
  const server = createServer({ allowHalfOpen: true });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, resolve);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
  // What is asked of it keeps nobody running.
  server.unref();
  return {
    server,
    async release() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroySoon();
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, lastMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Whether a process has the container. */
export async function isClaimed(root: string, id: string): Promise<boolean> {
  return isListening(await claimAddress(root, id));
}

function isListening(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}
