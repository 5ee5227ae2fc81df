// layer-export ROOT: exports a base layer, whose tree is in place, and counts its bytes.
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { LayerCalls } from 'hostcompute';
import { exportLayer } from 'hostcompute';

export interface LayerExportTrial {
  readonly seconds: number;
  readonly bytes: number;
  /** The most that the process held at a time. */
  readonly residentMebibytes: number;
  /** How long the event loop was held up, milliseconds: p99, and the longest. */
  readonly delay: number;
  readonly longestDelay: number;
}

const root = process.argv[2] ?? '';

// What the host does is no part of it.
const done = (): Promise<void> => Promise.resolve();
const store: LayerCalls = {
  folder: root,
  pathOf: () => root,
  import: done,
  export: done,
  processBaseImage: done,
  processUtilityImage: done,
  activate: done,
  prepare: done,
  unprepare: done,
  deactivate: done,
  destroy: done,
};

const resolution = 1;
const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
const delays = monitorEventLoopDelay({ resolution });
const start = performance.now();
delays.enable();
const { stream, result } = exportLayer({ store, id: 'layer', parents: [] });
let bytes = 0;
for await (const chunk of stream as AsyncIterable<Buffer>) bytes += chunk.length;
delays.disable();
const seconds = (performance.now() - start) / 1000;
assert.equal((await result).size, bytes);
const figures: LayerExportTrial = {
  seconds,
  bytes,
  residentMebibytes: process.resourceUsage().maxRSS / 1024,
  delay: late(delays.percentile(99)),
  longestDelay: late(delays.max),
};
console.log(JSON.stringify(figures));
