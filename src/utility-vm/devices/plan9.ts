/**
 * Folders of the host as shares of a Linux guest.
 *
 * @module
 */
import type { ModifyRequest } from '../../../types/documents.js';
import { checkedOptions, flag, list, members, text } from '../../documents/builders/option-checks.js';
import type { Device } from '../device.js';
import type { Guest } from '../guest.js';
import { checkGuest, checkMountable } from '../guest.js';
import type { Places } from '../places.js';

/** A folder of the host for a Linux guest. */
export interface Plan9Options {
  /** The folder: absolute, on the host. */
  readonly path: string;
  readonly readOnly?: boolean;
  /** Owners, modes and links as Linux has them; on by default. */
  readonly linuxMetadata?: boolean;
  readonly caseSensitive?: boolean;
  /** The only files in it that the guest sees, from build 18362. */
  readonly allowedFiles?: readonly string[];
  /** Where the guest mounts it; not at all when left out. Needs a guest that the host is connected to. */
  readonly mountAt?: string;
}

/** Where a share is. */
export interface Plan9Place {
  readonly name: string;
  /** The vsock port of the server of the host. */
  readonly port: number;
}

const check = members<Plan9Options>(
  { path: text, readOnly: flag, linuxMetadata: flag, caseSensitive: flag, allowedFiles: list(text), mountAt: text },
  'path',
);

/** As hcsshim has it. */
const port = 564;
const flags = { readOnly: 1, linuxMetadata: 4, caseSensitive: 8, restrictFiles: 128 };

export function checkPlan9(given: Plan9Options, guest: Guest): Plan9Options {
  checkGuest(guest.isLinux, 'linux', 'addPlan9', 'Use addVsmb().');
  const options = checkedOptions(given, check);
  checkMountable(options.mountAt, guest);
  return options;
}

export function plan9Device(options: Plan9Options, places: Places): Device<Plan9Place> {
  const { path, readOnly = false, linuxMetadata = true, caseSensitive = false, allowedFiles, mountAt } = options;
  const operation = 'addPlan9';
  const ResourcePath = 'VirtualMachine/Devices/Plan9/Shares';
  const Flags =
    (readOnly ? flags.readOnly : 0) +
    (linuxMetadata ? flags.linuxMetadata : 0) +
    (caseSensitive ? flags.caseSensitive : 0) +
    (allowedFiles === undefined ? 0 : flags.restrictFiles);
  const inGuest = ({ name }: Plan9Place, RequestType: 'Add' | 'Remove') => {
    if (mountAt === undefined) return {};
    const Settings = { MountPath: mountAt, ShareName: name, Port: port, ReadOnly: readOnly };
    return { GuestRequest: { ResourceType: 'MappedDirectory', RequestType, Settings } as const };
  };
  return {
    operation,
    take: () => ({ name: String(places.take(operation)), port }),
    free: ({ name }) => places.free(Number(name)),
    add: (place): ModifyRequest<typeof ResourcePath> => ({
      ResourcePath,
      RequestType: 'Add',
      Settings: {
        Name: place.name,
        AccessName: place.name,
        Path: path,
        Port: port,
        Flags,
        ...(allowedFiles !== undefined && { AllowedFiles: allowedFiles }),
      },
      ...inGuest(place, 'Add'),
    }),
    remove: (place): ModifyRequest<typeof ResourcePath> => ({
      ResourcePath,
      RequestType: 'Remove',
      Settings: { Name: place.name, Port: port },
      ...inGuest(place, 'Remove'),
    }),
  };
}
