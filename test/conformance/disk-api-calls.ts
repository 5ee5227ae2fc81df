import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { HostFunction, OperationOptions } from 'hostcompute';
import type { DiskAttachment } from 'hostcompute/storage';
import { VirtualDisk } from 'hostcompute/storage';

import type { Bench } from '../support/host.js';

/** Disks in a folder of their own. */
export interface DiskScene {
  readonly bench: Bench;
  readonly place: (name: string) => string;
  /** Open, and not attached. */
  readonly disk: VirtualDisk;
  /** Of another disk. */
  readonly attachment: DiskAttachment;
  readonly attached: VirtualDisk;
}

const size = { sizeBytes: 8 * 2 ** 20 };

/** They are closed, and their folder is deleted, at the end of the test. */
export async function setDisks(bench: Bench): Promise<DiskScene> {
  const folder = await mkdtemp(join(tmpdir(), 'hostcompute-disks-'));
  const place = (name: string): string => join(folder, name);
  const make = (name: string): Promise<VirtualDisk> =>
    VirtualDisk.create(place(name), { ...size, host: bench.simulator.host });
  await (await make('parent.vhdx')).close();
  const disk = await make('disk.vhdx');
  const attached = await make('attached.vhdx');
  const attachment = await attached.attach();
  bench.keep({
    async [Symbol.asyncDispose]() {
      await Promise.all([disk.close(), attached.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  });
  return { bench, place, disk, attachment, attached };
}

/** A call of the API about disks. */
export interface DiskCall {
  /** The functions of the host that it is made of. */
  readonly functions: readonly HostFunction[];
  readonly make: (scene: DiskScene, options: OperationOptions) => Promise<unknown>;
}

// The options that are given are those that are passed: a test looks at how they are read.
function opened(
  open: (scene: DiskScene, options: never) => Promise<VirtualDisk>,
  needs: (scene: DiskScene) => object = () => ({}),
): DiskCall['make'] {
  return async (scene, options) => {
    const { bench } = scene;
    const given = Object.assign(options, needs(scene), { host: bench.simulator.host });
    return bench.keep(await open(scene, given as never));
  };
}

export const diskCalls: Readonly<Record<string, DiskCall>> = {
  'VirtualDisk.create': {
    functions: ['virtdisk.CreateVirtualDisk'],
    make: opened(
      ({ place }, options) => VirtualDisk.create(place('new.vhdx'), options),
      () => size,
    ),
  },
  'VirtualDisk.createDifferencing': {
    functions: ['virtdisk.CreateVirtualDisk'],
    make: opened(
      ({ place }, options) => VirtualDisk.createDifferencing(place('new.vhdx'), options),
      ({ place }) => ({ parent: place('parent.vhdx') }),
    ),
  },
  'VirtualDisk.open': {
    functions: ['virtdisk.OpenVirtualDisk'],
    make: opened(({ place }, options) => VirtualDisk.open(place('parent.vhdx'), options)),
  },
  'VirtualDisk#info': {
    functions: ['virtdisk.GetVirtualDiskInformation'],
    make: ({ disk }, options) => disk.info(options),
  },
  'VirtualDisk#setId': {
    functions: ['virtdisk.SetVirtualDiskInformation'],
    make: ({ disk }, options) => disk.setId('5b2e6c1a-9f0d-4b0a-8a5e-3a1b7c9d2e01', options),
  },
  'VirtualDisk#attach': {
    functions: ['virtdisk.AttachVirtualDisk'],
    make: ({ disk }, options) => disk.attach(options),
  },
  'VirtualDisk#detach': {
    functions: ['virtdisk.DetachVirtualDisk'],
    make: ({ attached }, options) => attached.detach(options),
  },
  'VirtualDisk#physicalPath': {
    functions: ['virtdisk.GetVirtualDiskPhysicalPath'],
    make: ({ attached }, options) => attached.physicalPath(options),
  },
  'VirtualDisk#close': {
    functions: ['virtdisk.CloseVirtualDisk'],
    make: ({ disk }, options) => disk.close(options),
  },
  'DiskAttachment#physicalPath': {
    functions: ['virtdisk.GetVirtualDiskPhysicalPath'],
    make: ({ attachment }, options) => attachment.physicalPath(options),
  },
  'DiskAttachment#detach': {
    functions: ['virtdisk.DetachVirtualDisk'],
    make: ({ attachment }, options) => attachment.detach(options),
  },
};
