// The thread that imports: it checks and writes what another reads, so that nothing of it delays the caller.
import { parentPort, workerData } from 'node:worker_threads';

import { asFailure } from './failure.js';
import { PortableForm } from './portable-form.js';
import { ReaderThread } from './reader-thread.js';
import type { FromWorker, ImportTask, ToWorker } from './task.js';
import { WindowsForm } from './windows-form.js';
import { writeLayer } from './write-layer.js';

const task = workerData as ImportTask;
const form = task.isWindows ? new WindowsForm(task) : new PortableForm(task);
const port = parentPort!;
const tell = (message: FromWorker): void => port.postMessage(message);
const reader = new ReaderThread({ path: task.path, limits: task.limits }, (bytes) => tell({ kind: 'taken', bytes }));

port.on('message', (message: ToWorker) => {
  if (message.kind === 'apply') {
    apply(message);
    return;
  }
  reader.send(message);
});

function apply({ root, pending }: ToWorker & { kind: 'apply' }): void {
  try {
    form.apply(pending, root);
    tell({ kind: 'applied' });
  } catch (error) {
    tell({ kind: 'failed', failure: asFailure(error, undefined) });
  }
}

tell(await writeLayer(task, form, reader.batches(), (progress) => tell({ kind: 'progress', progress })));
