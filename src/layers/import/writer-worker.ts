// The thread that writes: it checks and writes what another reads, so that nothing of it delays the caller.
import { parentPort, workerData } from 'node:worker_threads';

import { asFailure } from './import-failure.js';
import { PortableForm } from './forms/portable-form.js';
import { ReaderPort } from './archive/reader-port.js';
import type { FromWriter, ToWriter, WriterTask } from './import-task.js';
import { writeLayer } from './write-layer.js';

const task = workerData as WriterTask;
const owner = parentPort!;
const post = (message: FromWriter): void => owner.postMessage(message);

// Not awaited at the top: a bundle in the format of CommonJS has no such thing.
async function write(): Promise<void> {
  // Elsewhere the thread starts without the modules of Windows.
  const windows = task.isWindows ? await import('./forms/windows-form.js') : undefined;
  const form = windows === undefined ? new PortableForm(task) : new windows.WindowsForm(task);
  const batches = new ReaderPort(task).batches();

  owner.on('message', ({ root, pending }: ToWriter) => {
    try {
      form.apply(pending, root);
      post({ kind: 'applied' });
    } catch (error) {
      post({ kind: 'failed', failure: asFailure(error, undefined) });
    }
  });

  post(await writeLayer(task, form, batches, (progress) => post({ kind: 'progress', progress })));
}

void write();
