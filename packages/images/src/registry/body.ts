/**
 * Bodies of answers.
 *
 * @module
 */
import type { Readable } from 'node:stream';

import type { Answer } from './connections.js';
import { connectionFailure, contentError, IdleError } from './failures.js';

/** Is read once, or destroyed; reading destroys it at last. */
export interface Body {
  /** @throws Interruption, or the reason of the signal */
  pieces(): AsyncGenerator<Buffer, void, undefined>;
  destroy(): void;
}

export interface BodyOptions {
  readonly host: string;
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

export function bodyOf(stream: Readable, { host, idleMs, signal }: BodyOptions): Body {
  // Whoever reads it gets its error; nobody else needs to.
  stream.on('error', () => undefined);
  async function* pieces(): AsyncGenerator<Buffer, void, undefined> {
    const iterator = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    try {
      for (;;) {
        // Only while it is waited for: a reader may rest.
        const timer = setTimeout(() => stream.destroy(new IdleError()), idleMs);
        const next = await iterator.next().finally(() => clearTimeout(timer));
        if (next.done === true) return;
        yield next.value;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw connectionFailure(host, error);
    } finally {
      stream.destroy();
    }
  }
  return { pieces, destroy: () => void stream.destroy() };
}

/**
 * Reads a body whole.
 *
 * @param most - a longer one is not read
 * @param what - names it in errors
 * @throws Interruption, ImageError
 */
export async function readBody(answer: Answer, most: number, what: string): Promise<Buffer> {
  const { body, url } = answer;
  const announced = answer.header('content-length');
  const pieces: Buffer[] = [];
  let length = announced === undefined ? 0 : Number(announced);
  if (length <= most) {
    length = 0;
    for await (const piece of body.pieces()) {
      length += piece.length;
      if (length > most) break;
      pieces.push(piece);
    }
  }
  body.destroy();
  if (length > most) throw contentError(`${url.host} sends more than ${most} bytes for ${what}`);
  return Buffer.concat(pieces, length);
}
