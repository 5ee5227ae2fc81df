/**
 * The entries of a tar that comes in a stream.
 *
 * @module
 */
import type { Readable } from 'node:stream';

import type { Extract, Header } from 'tar-stream';
import { extract } from 'tar-stream';

import { Failure } from '../failure.js';
import type { Sparse } from './sparse.js';
import { sparseOf } from './sparse.js';

/** A stream of a guest that has ended before all was through: its process says why. */
export class BrokenStream extends Error {}

export interface TarItem {
  /** Its own, where the header has another one for tools that know less. */
  readonly name: string;
  readonly header: Header;
  readonly sparse: Sparse | undefined;
  /** Whoever does not read it passes over it. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Reads the source to its end; whoever leaves earlier destroys it. */
export async function* tarEntries(source: Readable): AsyncGenerator<TarItem> {
  const tar = extract();
  let wrong: unknown;
  tar.on('error', (error) => (wrong = error));
  const closed = new Promise<void>((resolve) => tar.once('close', resolve));
  /** A stream that is destroyed does not say why: the tar does. */
  const contentOf = async function* (entry: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
    try {
      yield* entry as AsyncIterable<Uint8Array>;
    } catch (error) {
      await closed;
      throw reasonOf(wrong ?? error);
    }
  };
  const pumped = pump(source, tar);
  try {
    for await (const entry of tar) {
      const { header } = entry;
      const sparse = sparseOf(header);
      yield { name: sparse?.name ?? header.name, header, sparse, content: contentOf(entry) };
      entry.resume();
    }
    await pumped;
  } catch (error) {
    throw reasonOf(error);
  } finally {
    tar.destroy();
    await pumped.catch(() => undefined);
  }
}

async function pump(source: Readable, tar: Extract): Promise<void> {
  try {
    for await (const chunk of source) {
      if (!tar.write(chunk as Buffer)) await writable(tar);
      if (tar.destroyed) return;
    }
    tar.end(undefined);
  } catch (error) {
    tar.destroy(new BrokenStream((error as Error).message));
  }
}

function writable(tar: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      tar.off('drain', done).off('close', done);
      resolve();
    };
    tar.on('drain', done).on('close', done);
    if (tar.destroyed) done();
  });
}

/** What tar-stream says of a tar, in sentences. What comes from elsewhere stays. */
function reasonOf(error: unknown): unknown {
  const { message = '' } = error as { readonly message?: string };
  if (message === 'Unexpected end of data') return new BrokenStream('The tar of the container was cut off');
  if (!/^Invalid (tar )?header|^Header exceeds/.test(message)) return error;
  return new Failure('What the container sent is no tar, or damaged', {
    code: 'ERR_HC_TAR',
    remedy: 'See what its program tar is: "hostcompute exec CONTAINER tar --version".',
    cause: error,
  });
}
