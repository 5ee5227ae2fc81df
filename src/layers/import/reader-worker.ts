// The thread that reads an archive, ahead of the one that writes.
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import { largestPiece } from './archive/batch.js';
import { readArchive } from './archive/read-archive.js';
import type { FromReader, ToReader } from './archive/reader-messages.js';
import { encodeBatch, encodeFailure, mostAhead, slots } from './archive/reader-messages.js';
import type { ReaderTask, SourcePiece, SourceTaken } from './import-task.js';

const { path, limits, memory, port } = workerData as ReaderTask;
const owner = parentPort!;
const post = (message: FromReader): void => port.postMessage(message);

// eslint-disable-next-line @typescript-eslint/require-await -- what reads is synchronous, which is fastest here
async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const buffer = Buffer.allocUnsafeSlow(largestPiece);
      const length = readSync(descriptor, buffer, 0, largestPiece, null);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

const received: (Uint8Array | undefined)[] = [];
const free = Array.from({ length: slots }, (_, slot) => slot);
let ahead = 0;
let wake: () => void = () => undefined;
const message = (): Promise<void> => new Promise((resolve) => (wake = resolve));

port.on('message', ({ slot, weight }: ToReader) => {
  ahead -= weight;
  free.push(slot);
  wake();
});
owner.on('message', ({ bytes }: SourcePiece) => {
  received.push(bytes);
  wake();
});

async function* receivedChunks(): AsyncGenerator<Buffer> {
  for (;;) {
    while (received.length === 0) await message();
    const bytes = received.shift();
    if (bytes === undefined) return;
    owner.postMessage({ taken: bytes.length } satisfies SourceTaken);
    yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

// Not awaited at the top: a bundle in the format of CommonJS has no such thing.
async function read(): Promise<void> {
  for await (const batch of readArchive(path === undefined ? receivedChunks() : chunksOf(path), limits)) {
    while (free.length === 0 || ahead > mostAhead) await message();
    const encoded = encodeBatch(batch, memory, free.pop()!);
    ahead += encoded.weight;
    post(encoded);
  }
}

read().catch((error: unknown) => post(encodeFailure(error)));
