// The sections in the order in which they are run and shown. A new one is a file here, and a line in this list.
import type { Section } from '../support/bench.js';
import { apis } from './apis.js';
import { backends } from './backends.js';
import { broker } from './broker.js';
import { commandLine } from './command-line.js';
import { containers } from './containers.js';
import { imagePull } from './image-pull.js';
import { latency } from './latency.js';
import { layerExport } from './layer-export.js';
import { layerImport } from './layer-import.js';
import { loopDelay } from './loop-delay.js';
import { manyProcesses } from './many-processes.js';
import { memory } from './memory.js';
import { networks } from './networks.js';
import { notifications } from './notifications.js';
import { processGrowth } from './process-growth.js';
import { processLatency } from './process-latency.js';
import { rate } from './rate.js';
import { scale } from './scale.js';
import { throughput } from './throughput.js';
import { validation } from './validation.js';

export const sections: readonly Section[] = [
  latency,
  rate,
  notifications,
  loopDelay,
  processLatency,
  throughput,
  manyProcesses,
  processGrowth,
  validation,
  layerImport,
  layerExport,
  backends,
  containers,
  memory,
  broker,
  networks,
  apis,
  scale,
  imagePull,
  commandLine,
];
