// How what is read goes from the thread that reads to the one that writes.
import type { MessagePort } from 'node:worker_threads';

import type { Batch } from './batch.js';
import { largestPiece } from './batch.js';
import { Refusal } from '../refusal.js';
import type { TarEntry } from './tar-reader.js';

/** What joins the two threads: each has an end of it. */
export interface ReaderLink {
  readonly port: MessagePort;
  /** Where the bytes of batches go: `slots` places for the largest piece. */
  readonly memory: SharedArrayBuffer;
}

/** How many batches may be under way. */
export const slots = 8;
/** How large they may be together, but for one more. */
export const mostAhead = 4 * 2 ** 20;

/** A batch. Content is given by where it begins and ends in the bytes. */
export interface BatchMessage extends Pick<Batch, 'read' | 'compression' | 'digest'> {
  readonly kind: 'batch';
  /** The slot that its bytes are in, and how many there are. */
  readonly slot: number;
  readonly length: number;
  readonly items: readonly (TarEntry | readonly [number, number] | Uint8Array)[];
  readonly weight: number;
}

export type FromReader =
  | BatchMessage
  | { readonly kind: 'failed'; readonly refusal: Pick<Refusal, 'message' | 'remedy' | 'entry'> }
  /** The code of an error of the system does not cross by itself. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly code: string | undefined };

/** A batch has been dealt with, and its slot can be used again. */
export type ToReader = Pick<BatchMessage, 'slot' | 'weight'>;

/** Copies the bytes into a slot: others may still look at them here. */
export function encodeBatch({ bytes, items, ...rest }: Batch, memory: SharedArrayBuffer, slot: number): BatchMessage {
  new Uint8Array(memory, slot * largestPiece).set(bytes);
  let weight = bytes.length;
  const encoded = items.map((item) => {
    if (!Buffer.isBuffer(item)) {
      weight += weightOf(item);
      return item;
    }
    const start = item.byteOffset - bytes.byteOffset;
    const isInside = item.buffer === bytes.buffer && start >= 0 && start + item.length <= bytes.length;
    return isInside ? ([start, start + item.length] as const) : new Uint8Array(item);
  });
  return { kind: 'batch', slot, length: bytes.length, items: encoded, weight, ...rest };
}

export function decodeBatch(message: BatchMessage, memory: SharedArrayBuffer): Batch {
  const { slot, length, items, read, compression, digest } = message;
  const first = slot * largestPiece;
  return {
    bytes: Buffer.from(memory, first, length),
    items: items.map((item) => {
      if ('name' in item) return item;
      if (item instanceof Uint8Array) return Buffer.from(item.buffer, item.byteOffset, item.length);
      return Buffer.from(memory, first + item[0], item[1] - item[0]);
    }),
    read,
    compression,
    ...(digest !== undefined && { digest }),
  };
}

/** The records of an entry may be much larger than its share of the archive: some come from a header for all entries. */
function weightOf({ records }: TarEntry): number {
  let weight = 0;
  for (const key in records) weight += records[key]!.length;
  return weight;
}

export function encodeFailure(error: unknown): FromReader {
  if (!(error instanceof Refusal)) return { kind: 'failed', error, code: (error as NodeJS.ErrnoException).code };
  const { message, remedy, entry } = error;
  return { kind: 'failed', refusal: { message, remedy, entry } };
}

export function decodeFailure(message: FromReader & { readonly kind: 'failed' }): unknown {
  if ('error' in message) return Object.assign(message.error as Error, { code: message.code });
  const { refusal } = message;
  return new Refusal(refusal.message, refusal.remedy, refusal.entry);
}
