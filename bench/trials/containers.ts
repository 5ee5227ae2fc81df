// containers SETTINGS: JSON, { cold, warm, stuck }: milliseconds of the phases of the first container of this process, of the
// others, and how many were given up. Settings are JSON as well.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Host, isTimeout, LayerStore } from 'hostcompute';

import type { ContainerLayers, Isolation, Phase } from '../support/container-run.js';
import { phases, runOnLayers, Stopwatch } from '../support/container-run.js';
import { importLayers } from '../support/start-layers.js';

export interface ContainerSettings {
  readonly host: 'simulated' | 'windows';
  readonly isolation: Isolation;
  /** Folders of the layers of an image, the nearest first; none: small ones that are made, for a simulated host. */
  readonly layers: readonly string[];
  readonly command: string;
  readonly count: number;
}

export interface ContainerTrial {
  readonly cold: Readonly<Record<Phase, readonly number[]>>;
  readonly warm: Readonly<Record<Phase, readonly number[]>>;
  readonly stuck: number;
}

const settings = JSON.parse(process.argv[2] ?? '') as ContainerSettings;
const host = await Host.open(settings.host);
const watch = new Stopwatch();

async function measure(layers: ContainerLayers): Promise<ContainerTrial> {
  const once = async (number: number): Promise<void> => {
    const id = `bench-${process.pid}-${number}`;
    try {
      await watch.time('whole', () =>
        runOnLayers({ host, watch, command: settings.command }, id, layers, settings.isolation),
      );
    } catch (error) {
      if (!isTimeout(error)) throw error;
    }
  };
  await once(0);
  const cold = watch.take();
  for (let number = 1; number <= settings.count; number++) await once(number);
  return {
    cold,
    warm: watch.take(),
    stuck: phases.reduce((sum, phase) => sum + watch.stuck[phase], 0) - watch.stuck.whole,
  };
}

async function onGivenLayers(): Promise<ContainerTrial> {
  const place = mkdtempSync(join(tmpdir(), 'hostcompute-bench-'));
  try {
    return await measure({ store: await LayerStore.open(place, { host }), parents: settings.layers });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function onMadeLayers(): Promise<ContainerTrial> {
  using layers = await importLayers(host, false);
  return await measure(layers);
}

console.log(JSON.stringify(settings.layers.length > 0 ? await onGivenLayers() : await onMadeLayers()));
await host.close();
