// The thread that reads layers, one after the other, and computes their digests. It may wait for files.
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parentPort } from 'node:worker_threads';

import { LayerError } from '../layer-error.js';
import { compressor } from './compression.js';
import type { LayerExportResult, ReaderMessage, ReaderTask, ToReader } from './export-messages.js';
import { mostAhead } from './export-messages.js';
import { LayerTar } from './layer-tar.js';

const port = parentPort!;

/** Counts what passes, and computes its digest. */
class Meter {
  size = 0;
  readonly #hash: Hash = createHash('sha256');

  add(bytes: Uint8Array): void {
    this.size += bytes.length;
    this.#hash.update(bytes);
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

let ahead = 0;
let goOn: () => void = () => undefined;

port.on('message', (message: ToReader) => {
  if (message === 'taken') {
    ahead -= 1;
    goOn();
  } else void read(message);
});

async function send(bytes: Uint8Array): Promise<void> {
  while (ahead >= mostAhead) await new Promise<void>((resolve) => (goOn = resolve));
  ahead += 1;
  port.postMessage({ kind: 'chunk', bytes } satisfies ReaderMessage, [bytes.buffer as ArrayBuffer]);
}

async function readLayer({ source, format }: ReaderTask): Promise<LayerExportResult> {
  const tar = new LayerTar(source);
  const plain = new Meter();
  function* chunks(): Generator<Uint8Array> {
    for (const chunk of tar.chunks()) {
      plain.add(chunk);
      yield chunk;
    }
  }
  const compress = compressor(format);
  const packed = compress === undefined ? plain : new Meter();
  if (compress === undefined) {
    for (const chunk of chunks()) await send(chunk);
  } else {
    await pipeline(Readable.from(chunks(), { objectMode: false }), compress, async (output) => {
      for await (const chunk of output as AsyncIterable<Uint8Array>) {
        packed.add(chunk);
        // What the compressor gives is part of memory of its own.
        await send(new Uint8Array(chunk));
      }
    });
  }
  const diffId = plain.digest();
  return {
    diffId,
    digest: packed === plain ? diffId : packed.digest(),
    size: packed.size,
    tarSize: plain.size,
    entries: tar.entries,
    notExported: tar.losses.first,
    notExportedCount: tar.losses.count,
  };
}

function answer(message: ReaderMessage): void {
  port.postMessage(message);
}

async function read(task: ReaderTask): Promise<void> {
  ahead = 0;
  try {
    answer({ kind: 'end', result: await readLayer(task) });
  } catch (error) {
    if (error instanceof LayerError) {
      const { entry, reason, remedy } = error;
      return answer({ kind: 'error', details: { entry, reason, remedy } });
    }
    const reason = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    answer({ kind: 'error', details: { reason, remedy: 'See that nothing else writes into its folder.' } });
  }
}
