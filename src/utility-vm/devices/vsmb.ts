/**
 * Folders of the host as shares of a Windows guest.
 *
 * @module
 */
import type { ModifyRequest } from '../../../types/documents.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import { checkedOptions, flag, members, plain, text } from '../../documents/builders/option-checks.js';
import { sharePath } from '../../documents/builders/names-and-paths.js';
import { mountShareOptions } from '../../documents/builders/windows-utility-vm.js';
import type { Device } from '../device.js';
import type { Guest } from '../guest.js';
import { checkGuest } from '../guest.js';
import type { Places } from '../places.js';

/** A folder of the host for a Windows guest. */
export interface VsmbOptions {
  /** The folder: absolute, on the host. */
  readonly path: string;
  readonly readOnly?: boolean;
  /** Files are not mapped into the guest directly: the share can be removed while the guest has files open. */
  readonly noDirectMap?: boolean;
  /** Instead of those that follow from the options above, in the spelling of HCS. */
  readonly shareOptions?: Schema2.VirtualSmbShareOptions;
}

/** Where a share is. */
export interface VsmbPlace {
  readonly name: string;
  /** The folder in the guest, as documents of containers in it name it. */
  readonly guestPath: string;
}

const check = members<VsmbOptions>({ path: text, readOnly: flag, noDirectMap: flag, shareOptions: plain }, 'path');

export function checkVsmb(given: VsmbOptions, guest: Guest): VsmbOptions {
  checkGuest(guest.isLinux, 'windows', 'addVsmb', 'Use addPlan9().');
  return checkedOptions(given, check);
}

export function vsmbDevice(options: VsmbOptions, places: Places): Device<VsmbPlace> {
  const { path, readOnly = false, noDirectMap, shareOptions } = options;
  const operation = 'addVsmb';
  const Options = shareOptions ?? mountShareOptions(readOnly, noDirectMap);
  const ResourcePath = 'VirtualMachine/Devices/VirtualSmb/Shares';
  return {
    operation,
    // hcsshim shares the folder of a share with others that see it alike; those that differ are shares of their own.
    key: `vsmb ${path.toLowerCase()} ${JSON.stringify(Options)}`,
    take: () => {
      const name = `s${places.take(operation) + 1}`;
      return { name, guestPath: sharePath(name) };
    },
    free: ({ name }) => places.free(Number(name.slice(1)) - 1),
    add: ({ name }): ModifyRequest<typeof ResourcePath> => ({
      ResourcePath,
      RequestType: 'Add',
      Settings: { Name: name, Path: path, Options },
    }),
    remove: ({ name }): ModifyRequest<typeof ResourcePath> => ({
      ResourcePath,
      RequestType: 'Remove',
      Settings: { Name: name },
    }),
  };
}
