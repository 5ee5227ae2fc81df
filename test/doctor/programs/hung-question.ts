// Asks what never returns, and ends as it is told: by itself after it has given up, by process.exit(), or with its thread.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { inspect } from '#dist/doctor/native-inspect.js';

const hung = 'hypervisor';
const ending = isMainThread ? process.argv[2] : (workerData as string);

switch (ending) {
  case 'given up': {
    const giveUp = new AbortController();
    setImmediate(() => giveUp.abort());
    try {
      await inspect(hung, giveUp.signal);
    } catch (error) {
      process.exitCode = (error as Error).name === 'AbortError' ? 11 : 1;
    }
    break;
  }
  case 'exit':
    setImmediate(() => process.exit(12));
    await inspect(hung);
    break;
  case 'terminated':
  case 'answered after that': {
    const worker = new Worker(new URL(import.meta.url), { workerData: 'worker' });
    worker.once('message', () => {
      void worker.terminate().then(async () => {
        process.exitCode = 13;
        if (ending === 'terminated') return;
        await inspect('filters'); // releases the other
        for (let i = 0; i < 50; i++) await inspect('drivers');
        process.exitCode = 14;
      });
    });
    break;
  }
  default:
    setImmediate(() => parentPort?.postMessage('asked'));
    await inspect(hung);
}
