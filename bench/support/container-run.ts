// The life of a container, each phase timed: a scratch layer, the system on it, a command in it, and the end of all.
import { basename, isAbsolute } from 'node:path';

import type { Host, LayerStore, Process, SystemDocument } from 'hostcompute';
import { ComputeSystem, isTimeout, nameToGuid } from 'hostcompute';
import { documents } from 'hostcompute/documents';
import { createScratch, destroyLayer } from 'hostcompute/storage';

// From the end of one to the end of the next; the whole has the closing of handles besides.
const ofLayers = ['create scratch', 'mount', 'unmount', 'destroy'] as const;
const ofSystem = ['create', 'start', 'process start', 'first byte', 'exit', 'terminate'] as const;
export const phases = [...ofLayers.slice(0, 2), ...ofSystem, ...ofLayers.slice(2), 'whole'] as const;
export type Phase = (typeof phases)[number];
export type Isolation = 'process' | 'hyperv';

/** The library that does each phase where computecore.dll drives the systems; a host mounts a layer by vmcompute.dll alone. */
export function libraryOf(phase: Phase): string {
  if (phase === 'create scratch') return 'virtdisk';
  if (phase === 'destroy') return 'computestorage';
  if (phase === 'mount' || phase === 'unmount') return 'vmcompute';
  return phase === 'whole' ? 'all' : 'computecore';
}

/** What the phases took, in milliseconds, and how many of them were given up. */
export class Stopwatch {
  samples = emptySamples();
  readonly stuck = Object.fromEntries(phases.map((phase) => [phase, 0])) as Record<Phase, number>;

  async time<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      const result = await work();
      this.samples[phase].push(performance.now() - begun);
      return result;
    } catch (error) {
      if (isTimeout(error)) this.stuck[phase]++;
      throw error;
    }
  }

  /** What there was so far; from here on anew. */
  take(): Record<Phase, number[]> {
    const { samples } = this;
    this.samples = emptySamples();
    return samples;
  }
}

const emptySamples = (): Record<Phase, number[]> =>
  Object.fromEntries(phases.map((phase) => [phase, []])) as unknown as Record<Phase, number[]>;

/** Layers that containers are put upon: ids in the store or absolute paths, the nearest first. */
export interface ContainerLayers {
  readonly store: LayerStore;
  readonly parents: readonly string[];
}

export interface ContainerRun {
  readonly host: Host;
  /** Whether scratch layers come and go by virtdisk.dll and computestorage.dll: the base layer has its disks. */
  readonly byStorage?: boolean;
  readonly watch: Stopwatch;
  readonly command: string;
}

/** A container upon layers, from its scratch layer to the end of that. */
export async function runOnLayers(run: ContainerRun, id: string, layers: ContainerLayers, isolation: Isolation) {
  const { store, parents } = layers;
  const { watch } = run;
  const { create, destroy } = run.byStorage ? scratchByStorage(run.host, id, layers) : scratchByStore(id, layers);
  await watch.time('create scratch', create);
  try {
    if (isolation === 'hyperv') {
      await runSystem(run, id, await hyperVDocument(run.host, id, layers));
      return;
    }
    const mounted = await watch.time('mount', () => store.mount(id, parents));
    try {
      const above = mounted.storage.Layers.map(({ Id, Path }) => ({ id: Id, path: Path }));
      await runSystem(run, id, documents.processIsolated({ id, layers: above, scratchVolume: mounted.storage.Path }));
    } finally {
      await watch.time('unmount', () => mounted.close());
    }
  } finally {
    await watch.time('destroy', destroy);
  }
}

interface Scratch {
  readonly create: () => Promise<unknown>;
  readonly destroy: () => Promise<void>;
}

const scratchByStore = (id: string, { store, parents }: ContainerLayers): Scratch => ({
  create: () => store.createScratch(id, parents),
  destroy: () => store.destroy(id),
});

function scratchByStorage(host: Host, id: string, { store, parents }: ContainerLayers): Scratch {
  const path = store.pathOf(id);
  return {
    create: () => createScratch(path, { parent: store.pathOf(parents.at(-1)!), host }),
    destroy: () => destroyLayer(path, { host }),
  };
}

// In schema 1 one document is the container and its VM, which mounts the scratch layer itself.
async function hyperVDocument(host: Host, id: string, { store, parents }: ContainerLayers): Promise<SystemDocument> {
  const paths = parents.map((parent) => (isAbsolute(parent) ? parent : store.pathOf(parent)));
  const layers = await Promise.all(
    paths.map(async (path) => ({ id: await nameToGuid(basename(path), { host }), path })),
  );
  const image = `${paths.at(-1)}\\UtilityVM`;
  return documents.hyperVIsolated({ schema: 1, id, layers, image, scratchFolder: store.pathOf(id) });
}

/** A system from its document, whose layers are there. */
export async function runSystem({ host, watch, command }: ContainerRun, id: string, document: SystemDocument | string) {
  const system = await watch.time('create', () => ComputeSystem.create(id, document, { host }));
  let ended = false;
  try {
    await watch.time('start', () => system.start());
    await runCommand(watch, system, command);
    await watch.time('terminate', () => system.terminate());
    ended = true;
  } finally {
    // What was stuck is not left behind, as far as the host lets it go.
    if (!ended) await system.terminate({ timeoutMs: 30_000 }).catch(() => undefined);
    await system.close();
  }
}

async function runCommand(watch: Stopwatch, system: ComputeSystem, command: string): Promise<void> {
  const child = await watch.time('process start', () =>
    system.createProcess({ command, stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  try {
    await watch.time('first byte', () => firstByte(child, command));
    const { exitCode, error } = await watch.time('exit', () => child.exited);
    if (exitCode !== 0) throw new Error(`"${command}" ended with ${exitCode ?? error?.message}`);
  } finally {
    await child.close();
  }
}

// Reads on, so that the command can end.
function firstByte({ stdout }: Process, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stdout!.once('data', () => resolve());
    stdout!.once('end', () => reject(new Error(`"${command}" printed nothing`)));
    stdout!.once('error', reject);
    stdout!.resume();
  });
}
