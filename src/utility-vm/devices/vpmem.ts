/**
 * Disks as persistent memory, for Linux guests.
 *
 * @module
 */
import type { ModifyRequest } from '../../../types/documents.js';
import { checkedOptions, flag, members, oneOf, text } from '../../documents/builders/option-checks.js';
import type { Device } from '../device.js';
import type { Guest } from '../guest.js';
import { checkGuest, checkMountable } from '../guest.js';
import type { Places } from '../places.js';

/** A disk as persistent memory, which is read only. */
export interface VpmemOptions {
  /** The file: absolute, on the host. */
  readonly path: string;
  /** By default `Vhdx` for a path that ends in `.vhdx`, else `Vhd1`. */
  readonly format?: 'Vhd1' | 'Vhdx';
  /** Where the guest mounts it; not at all when left out. Needs a guest that the host is connected to. */
  readonly mountAt?: string;
  /** Lets the machine open the file first, by `grantVmAccess()`; on by default. */
  readonly grantAccess?: boolean;
}

/** Where it is: `/dev/pmem<device>` in the guest. */
export interface VpmemPlace {
  readonly device: number;
}

const check = members<VpmemOptions>(
  { path: text, format: oneOf('Vhd1', 'Vhdx'), mountAt: text, grantAccess: flag },
  'path',
);

export function checkVpmem(given: VpmemOptions, guest: Guest): VpmemOptions {
  checkGuest(guest.isLinux, 'linux', 'addVpmem', 'Use addVsmb() or addScsi().');
  const options = checkedOptions(given, check);
  checkMountable(options.mountAt, guest);
  return options;
}

export function vpmemDevice(options: VpmemOptions, places: Places): Device<VpmemPlace> {
  const { path, mountAt } = options;
  const format = options.format ?? (path.toLowerCase().endsWith('.vhdx') ? 'Vhdx' : 'Vhd1');
  const operation = 'addVpmem';
  const request = ({ device }: VpmemPlace, RequestType: 'Add' | 'Remove') => {
    const Settings = { DeviceNumber: device, MountPath: mountAt ?? '' };
    return {
      ResourcePath: `VirtualMachine/Devices/VirtualPMem/Devices/${device}` as const,
      RequestType,
      ...(mountAt !== undefined && { GuestRequest: { ResourceType: 'VPMemDevice', RequestType, Settings } as const }),
    };
  };
  return {
    operation,
    key: `vpmem ${path.toLowerCase()}`,
    mode: JSON.stringify({ format, mountAt }),
    take: () => ({ device: places.take(operation) }),
    free: ({ device }) => places.free(device),
    add: (place): ModifyRequest => ({
      ...request(place, 'Add'),
      Settings: { HostPath: path, ReadOnly: true, ImageFormat: format },
    }),
    remove: (place): ModifyRequest => request(place, 'Remove'),
  };
}
