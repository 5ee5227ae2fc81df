// The thread that reads, as the one that writes sees it: a source of batches.
import type { MessagePort } from 'node:worker_threads';

import type { Batch } from './batch.js';
import type { BatchMessage, FromReader, ReaderLink, ToReader } from './reader-messages.js';
import { decodeBatch, decodeFailure } from './reader-messages.js';

export class ReaderPort {
  readonly #port: MessagePort;
  readonly #memory: SharedArrayBuffer;
  readonly #batches: BatchMessage[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor({ port, memory }: ReaderLink) {
    this.#port = port;
    this.#memory = memory;
    port.on('message', (message: FromReader) => {
      if (message.kind === 'batch') this.#batches.push(message);
      else this.#failure ??= { error: decodeFailure(message) };
      this.#wake();
    });
  }

  /** What it reads. A batch is valid up to the next one. */
  async *batches(): AsyncGenerator<Batch> {
    for (;;) {
      const next = this.#batches.shift();
      if (next !== undefined) {
        yield decodeBatch(next, this.#memory);
        if (next.digest !== undefined) return;
        const { slot, weight } = next;
        this.#port.postMessage({ slot, weight } satisfies ToReader);
      } else if (this.#failure !== undefined) throw this.#failure.error;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
