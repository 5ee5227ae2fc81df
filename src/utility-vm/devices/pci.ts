/**
 * Devices of the host that a guest gets for itself.
 *
 * @module
 */
import type { ModifyRequest } from '../../../types/documents.js';
import { checkedOptions, members, text, whole } from '../../documents/builders/option-checks.js';
import type { Device } from '../device.js';
import type { Guest } from '../guest.js';

/** A device of the host, which the host itself does not use meanwhile. */
export interface AssignedDeviceOptions {
  /** Of its function, such as `PCIP\\VEN_10DE&DEV_1EB8&...`: the device is dismounted from the host. */
  readonly instancePath: string;
  /** Of a device that is shared by SR-IOV: the number of the function. */
  readonly virtualFunction?: number;
}

/** Where a device is. */
export interface AssignedDevicePlace {
  /** The GUID of its VMBus channel, by which a Linux guest waits for it. */
  readonly vmbusGuid: string;
}

const check = members<AssignedDeviceOptions>({ instancePath: text, virtualFunction: whole(0, 65535) }, 'instancePath');

export const checkAssigned = (options: AssignedDeviceOptions): AssignedDeviceOptions => checkedOptions(options, check);

export function assignedDevice(
  { instancePath, virtualFunction = 0 }: AssignedDeviceOptions,
  vmbusGuid: string,
  guest: Guest,
): Device<AssignedDevicePlace> {
  const pathOf = (place: AssignedDevicePlace) => `VirtualMachine/Devices/VirtualPci/${place.vmbusGuid}` as const;
  const isAsked = guest.isLinux && guest.isConnected;
  return {
    operation: 'assignDevice',
    key: `pci ${instancePath.toLowerCase()} ${virtualFunction}`,
    take: () => ({ vmbusGuid }),
    free: () => undefined,
    add: (place): ModifyRequest => ({
      ResourcePath: pathOf(place),
      RequestType: 'Add',
      Settings: { Functions: [{ DeviceInstancePath: instancePath, VirtualFunction: virtualFunction }] },
      ...(isAsked && {
        GuestRequest: { ResourceType: 'VPCIDevice', RequestType: 'Add', Settings: { VMBusGUID: place.vmbusGuid } },
      }),
    }),
    remove: (place): ModifyRequest => ({ ResourcePath: pathOf(place), RequestType: 'Remove' }),
  };
}
