// The thread that extends the volume of a scratch layer: it attaches the disk, receives the path of the volume, and extends it.
import { parentPort, workerData } from 'node:worker_threads';

import { FileError } from './windows/file-error.js';
import { WindowsFiles } from './windows/windows-files.js';

/** The outcome of each of the two steps. */
export interface VolumeAnswer {
  readonly failure?: { readonly reason: string; readonly remedy: string };
}

const port = parentPort!;
const files = new WindowsFiles();

/** Takes a step. Everything is closed before the outcome of the last one, or of one that failed, is sent. */
function step(isLast: boolean, work: () => unknown): void {
  let answer: VolumeAnswer = {};
  try {
    work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    answer = { failure: { reason, remedy: error instanceof FileError ? error.remedy : 'See the cause.' } };
  }
  const isEnd = isLast || answer.failure !== undefined;
  if (isEnd) files[Symbol.dispose]();
  port.postMessage(answer);
  if (isEnd) port.close();
}

port.once('message', (volume: string) => step(true, () => files.extendVolume(volume)));
step(false, () => files.attachDisk(workerData as string));
