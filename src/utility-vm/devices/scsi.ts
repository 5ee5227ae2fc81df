/**
 * Disks on SCSI controllers.
 *
 * @module
 */
import type { GuestRequest, ModifyRequest } from '../../../types/documents.js';
import { scsiControllers } from '../../documents/builders/machine.js';
import { checkedOptions, flag, members, oneOf, text } from '../../documents/builders/option-checks.js';
import type { Device } from '../device.js';
import type { Guest } from '../guest.js';
import { checkMountable } from '../guest.js';
import type { Places } from '../places.js';

/** A disk on SCSI. */
export interface ScsiOptions {
  /** The file, or for `PassThru` the device: absolute, on the host. */
  readonly path: string;
  /** `VirtualDisk` when left out. */
  readonly type?: 'VirtualDisk' | 'Iso' | 'PassThru';
  readonly readOnly?: boolean;
  /** Where the guest mounts it; not at all when left out. Needs a guest that the host is connected to. */
  readonly mountAt?: string;
  /** Lets the machine open the file first, by `grantVmAccess()`; on by default but for `PassThru`. */
  readonly grantAccess?: boolean;
}

/** Where a disk is. */
export interface ScsiPlace {
  /** Its number, as a Linux guest counts. */
  readonly controller: number;
  readonly lun: number;
}

const check = members<ScsiOptions>(
  { path: text, type: oneOf('VirtualDisk', 'Iso', 'PassThru'), readOnly: flag, mountAt: text, grantAccess: flag },
  'path',
);

export const luns = 64;

export function checkScsi(given: ScsiOptions, guest: Guest): ScsiOptions {
  const options = checkedOptions(given, check);
  checkMountable(options.mountAt, guest);
  return options;
}

/** The file of a disk is what counts, whatever the case of its letters. */
export function scsiDevice(options: ScsiOptions, guest: Guest, places: Places): Device<ScsiPlace> {
  const { path, type = 'VirtualDisk', readOnly = type === 'Iso', mountAt } = options;
  const operation = 'addScsi';
  const pathOf = ({ controller, lun }: ScsiPlace) =>
    `VirtualMachine/Devices/Scsi/${scsiControllers[controller]!}/Attachments/${lun}` as const;
  const inGuest = (place: ScsiPlace, RequestType: 'Add' | 'Remove'): { GuestRequest?: GuestRequest } => {
    const { controller: Controller, lun: Lun } = place;
    if (mountAt !== undefined) {
      const Settings = guest.isLinux
        ? { MountPath: mountAt, Controller, Lun, ReadOnly: readOnly }
        : { ContainerPath: mountAt, Lun };
      return { GuestRequest: { ResourceType: 'MappedVirtualDisk', RequestType, Settings } };
    }
    // A Linux guest lets go of a disk before it is pulled.
    const isPulled = RequestType === 'Remove' && guest.isLinux && guest.isConnected;
    return isPulled ? { GuestRequest: { ResourceType: 'SCSIDevice', RequestType, Settings: { Controller, Lun } } } : {};
  };
  return {
    operation,
    key: `scsi ${path.toLowerCase()}`,
    mode: JSON.stringify({ type, readOnly, mountAt }),
    take: () => {
      const number = places.take(operation);
      return { controller: Math.floor(number / luns), lun: number % luns };
    },
    free: ({ controller, lun }) => places.free(controller * luns + lun),
    add: (place): ModifyRequest => ({
      ResourcePath: pathOf(place),
      RequestType: 'Add',
      Settings: { Type: type, Path: path, ...(readOnly && { ReadOnly: true }) },
      ...inGuest(place, 'Add'),
    }),
    remove: (place): ModifyRequest => ({
      ResourcePath: pathOf(place),
      RequestType: 'Remove',
      ...inGuest(place, 'Remove'),
    }),
  };
}
