// The thread that imports: everything that reads, decompresses and writes is here, so that nothing of it delays the caller.
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import { asFailure } from './failure.js';
import { PortableForm } from './portable-form.js';
import type { FromWorker, ImportTask, ToWorker } from './task.js';
import { WindowsForm } from './windows-form.js';
import { writeLayer } from './write-layer.js';

const task = workerData as ImportTask;
const form = task.isWindows ? new WindowsForm(task) : new PortableForm(task);
const port = parentPort!;
const tell = (message: FromWorker): void => port.postMessage(message);
const readSize = 256 * 1024;

// eslint-disable-next-line @typescript-eslint/require-await -- what reads is synchronous, which is fastest here
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const descriptor = openSync(path, 'r');
  try {
    for (;;) {
      const buffer = Buffer.allocUnsafeSlow(readSize);
      const length = readSync(descriptor, buffer, 0, readSize, null);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

const received: (Uint8Array | undefined)[] = [];
let wake: (() => void) | undefined;

async function* receivedChunks(): AsyncGenerator<Buffer> {
  for (;;) {
    while (received.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    const bytes = received.shift();
    if (bytes === undefined) return;
    tell({ kind: 'taken', bytes: bytes.length });
    yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'apply') {
    apply(message);
    return;
  }
  received.push(message.kind === 'chunk' ? message.bytes : undefined);
  wake?.();
});

function apply({ root, pending }: ToWorker & { kind: 'apply' }): void {
  try {
    form.apply(pending, root);
    tell({ kind: 'applied' });
  } catch (error) {
    tell({ kind: 'failed', failure: asFailure(error, undefined) });
  }
}

const chunks = task.path === undefined ? receivedChunks() : chunksOf(task.path);
tell(await writeLayer(task, form, chunks, (progress) => tell({ kind: 'progress', progress })));
