// Starts the threads of layers. Their files lie beside the module that starts them, in the package and in a bundle.
import { dirname, join } from 'node:path';
import type { WorkerOptions } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';

import { codeFile } from '../backend/code-file.js';
import { isThere } from '../backend/permissions.js';
import { LayerError } from './layer-error.js';

/**
 * Starts a thread. Its URL is not `new URL(name, import.meta.url)`: bundlers would copy that file without what it imports.
 *
 * @param name - of its file, without the ending, which a bundler may have changed
 * @param url - the `import.meta.url` of the module that starts it
 */
export function startThread(name: string, url: string | undefined, options: WorkerOptions): Worker {
  const here = dirname(codeFile(url));
  // Vite puts what is imported later into a folder of its own.
  const files = [here, dirname(here)].flatMap((folder) =>
    ['js', 'cjs', 'mjs'].map((end) => join(folder, `${name}.${end}`)),
  );
  const file = files.find(isThere);
  if (file === undefined) {
    throw new LayerError({
      reason: `cannot be imported, exported or grown: the file of a thread, ${files[0]}, is not there`,
      remedy: 'Leave hostcompute out of the bundle, or make its threads part of it: see docs/packaging.md.',
    });
  }
  try {
    return new Worker(file, options);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_ACCESS_DENIED') throw cause;
    throw new LayerError({
      reason: 'cannot be imported, exported or grown: the Permission Model of Node forbids threads',
      remedy: 'Start Node with --allow-worker.',
      cause,
    });
  }
}
