/**
 * A blob as a stream that goes on where it has broken off, and at another place where one cannot go on.
 *
 * @module
 */
import type { BlobPart, BlobPlace } from './blob-place.js';
import { endedEarly } from './blob-place.js';
import { contentError, Interruption } from './failures.js';
import { Retries } from './retries.js';

export interface Blob {
  /** Names it in errors. */
  readonly what: string;
  readonly size: number;
  readonly offset: number;
  /** In the order in which they are tried. */
  readonly places: readonly BlobPlace[];
  /** Which of the errors of all places is told. */
  readonly told: (errors: readonly unknown[]) => unknown;
  readonly retryMs: number;
  readonly signal: AbortSignal;
}

export async function* blobStream(blob: Blob): AsyncGenerator<Buffer, void, undefined> {
  const { what, size, offset, places, told, retryMs, signal } = blob;
  let at = offset;
  const errors: unknown[] = [];
  for (const place of places) {
    const retries = new Retries(retryMs);
    while (at < size) {
      try {
        const part = await place.from(at, size, what, signal);
        for await (const piece of bytesOf(part, at, blob)) {
          at += piece.length;
          retries.received(piece.length);
          yield piece;
        }
        if (at < size) throw endedEarly(part.answer.url.host, what, at, size);
      } catch (error) {
        try {
          await retries.after(error, signal);
        } catch (last) {
          signal.throwIfAborted();
          errors.push(last);
          break;
        }
      }
    }
    if (at >= size) return;
  }
  throw told(errors);
}

async function* bytesOf({ answer, skip, ends }: BlobPart, at: number, { what, size }: Blob): AsyncGenerator<Buffer> {
  let toSkip = skip;
  let left = size - at;
  try {
    for await (const piece of answer.body.pieces()) {
      const skipped = Math.min(toSkip, piece.length);
      toSkip -= skipped;
      const wanted = skipped === 0 ? piece : piece.subarray(skipped);
      if (wanted.length > left) throw contentError(`${answer.url.host} sends more than ${size} bytes for ${what}`);
      left -= wanted.length;
      if (wanted.length > 0) yield wanted;
      if (left === 0 && !ends) return;
    }
  } catch (error) {
    // All of it has come, but not the end of the answer.
    if (left > 0 || !(error instanceof Interruption)) throw error;
  }
}
