/**
 * Locks by key, between the callers of one program and between programs. The system releases those of a program that ends.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { unlessAborted } from '../limits.js';
import { tryFile, untilFileMayBeFree } from './file-lock.js';
import type { SystemLock } from './system-lock.js';
import { addressOf, tryListen, untilReleased } from './system-lock.js';

export interface Lock {
  release(): Promise<void>;
}

export class Locks {
  readonly #folder: string;
  /** By key: resolves when all who hold or wait for it in this program have released it. */
  readonly #tails = new Map<string, Promise<void>>();

  /** @param folder - the real path of the folder for locks that are files; it names the others for all programs */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Waits for the lock. */
  async take(key: string, signal: AbortSignal): Promise<Lock> {
    signal.throwIfAborted();
    const { before, leave } = this.#queue(key);
    try {
      await unlessAborted(before, signal);
      const name = this.#nameOf(key);
      for (;;) {
        const lock = await this.#trySystem(name);
        if (lock !== undefined) return released(lock, leave);
        await untilSystem(name, signal);
      }
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** The lock, unless somebody has it. */
  async tryTake(key: string): Promise<Lock | undefined> {
    if (this.#tails.has(key)) return undefined;
    const { leave } = this.#queue(key);
    try {
      const lock = await this.#trySystem(this.#nameOf(key));
      if (lock !== undefined) return released(lock, leave);
    } catch (error) {
      leave();
      throw error;
    }
    leave();
    return undefined;
  }

  /** Runs `work` under the lock. */
  async with<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const lock = await this.take(key, signal);
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }

  #trySystem(name: string): Promise<SystemLock | undefined> {
    return hasNames ? tryListen(addressOf(name)) : tryFile(join(this.#folder, name));
  }

  #nameOf(key: string): string {
    return createHash('sha256').update(`${this.#folder}\0${key}`).digest('hex').slice(0, 40);
  }

  #queue(key: string): { readonly before: Promise<void>; readonly leave: () => void } {
    const before = this.#tails.get(key) ?? Promise.resolve();
    let leave!: () => void;
    const over = new Promise<void>((resolve) => (leave = resolve));
    const tail = before.then(() => over);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return { before, leave };
  }
}

function released(lock: SystemLock, leave: () => void): Lock {
  return {
    async release() {
      await lock.release();
      leave();
    },
  };
}

const hasNames = process.platform === 'linux';

function untilSystem(name: string, signal: AbortSignal): Promise<void> {
  return hasNames ? untilReleased(addressOf(name), signal) : untilFileMayBeFree(signal);
}
