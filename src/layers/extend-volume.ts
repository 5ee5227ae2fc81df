// The volume on the disk of a scratch layer, which does not grow with its disk. Windows may take seconds for each step, so a
// thread of its own takes them.
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';

import { LayerError } from './layer-error.js';
import { startThread } from './layer-thread.js';
import type { VolumeAnswer } from './volume-worker.js';

/**
 * Lets the volume of a scratch layer that is not active fill its disk.
 *
 * @param layer - its folder
 * @param mountPath - asks the host where the volume is, while the disk is attached
 * @param stop - ends the thread, and with it the attachment
 */
export async function extendVolume(layer: string, mountPath: () => Promise<string>, stop?: AbortSignal): Promise<void> {
  const worker = startThread('volume-worker', import.meta.url, {
    workerData: join(layer, 'sandbox.vhdx'),
  });
  const end = (): void => void worker.terminate();
  stop?.addEventListener('abort', end);
  try {
    await answerOf(worker);
    await answerOf(worker, await mountPath());
  } finally {
    stop?.removeEventListener('abort', end);
    // With it ends the attachment.
    await worker.terminate();
  }
}

/** Waits for the thread to complete a step: the first begins with the thread, the second with the path of the volume. */
async function answerOf(worker: Worker, volume?: string): Promise<void> {
  const answer = new Promise<VolumeAnswer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('its thread ended')));
  });
  if (volume !== undefined) worker.postMessage(volume);
  const { failure } = await answer.catch((error: unknown) => ({
    failure: { reason: error instanceof Error ? error.message : String(error), remedy: 'See the cause.' },
  }));
  if (failure === undefined) return;
  const reason = `has grown, and the volume on it has not: ${failure.reason}`;
  throw new LayerError({ entry: 'sandbox.vhdx', reason, remedy: failure.remedy });
}
