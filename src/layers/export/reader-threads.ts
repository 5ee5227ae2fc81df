// The threads that read layers.
import { KeptThreads } from '../kept-threads.js';
import { startThread } from '../layer-thread.js';

// What they allocate is short-lived: with the default it would take 40 MB for that.
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

export const readerThreads = new KeptThreads(
  () => startThread('export-worker', import.meta.url, { resourceLimits }),
  1,
);
