/**
 * What a utility VM is made from, and what its document has room for.
 *
 * @module
 */
import type { VirtualMachineDocument } from '../../types/documents.js';
import type { LinuxUtilityVmOptions } from '../documents/builders/linux-utility-vm.js';
import { linuxUtilityVm } from '../documents/builders/linux-utility-vm.js';
import { scsiControllers } from '../documents/builders/machine.js';
import { without } from '../documents/builders/option-checks.js';
import type { WindowsUtilityVmOptions } from '../documents/builders/windows-utility-vm.js';
import { windowsUtilityVm } from '../documents/builders/windows-utility-vm.js';
import { HcsArgumentError } from '../errors/errors.js';
import { isPlainObject } from '../known-options.js';
import { luns } from './devices/scsi.js';
import type { Guest } from './guest.js';

/** What a utility VM is made from: the options of `documents.windowsUtilityVm` or `documents.linuxUtilityVm`. */
export type UtilityVmOptions =
  ({ readonly os: 'windows' } & WindowsUtilityVmOptions) | ({ readonly os: 'linux' } & LinuxUtilityVmOptions);

/** A document, and the guest that it boots. */
export interface UtilityVmPlan {
  readonly document: VirtualMachineDocument;
  readonly guest: Guest;
  /** How many places there are, and which of them the document has taken. */
  readonly scsi: { readonly count: number; readonly taken: readonly number[] };
  readonly vpmem: { readonly count: number; readonly taken: readonly number[] };
}

export function planOf(options: UtilityVmOptions): UtilityVmPlan {
  if (!isPlainObject(options)) throw new HcsArgumentError('options', 'must be a plain object', options);
  const os: unknown = options.os;
  if (os !== 'windows' && os !== 'linux') {
    throw new HcsArgumentError('options.os', 'must be "windows" or "linux"', os);
  }
  const document =
    options.os === 'windows' ? windowsUtilityVm(without(options, 'os')) : linuxUtilityVm(without(options, 'os'));
  const { Devices = {}, GuestConnection } = document.VirtualMachine;
  const { Scsi = {}, VirtualPMem } = Devices;
  const controllers = scsiControllers.filter((name) => Object.hasOwn(Scsi, name));
  const disks = controllers.flatMap((name, controller) =>
    Object.keys(Scsi[name]?.Attachments ?? {}).map((lun) => controller * luns + Number(lun)),
  );
  return {
    document,
    guest: { isLinux: os === 'linux', isConnected: GuestConnection !== undefined },
    scsi: { count: controllers.length * luns, taken: disks },
    vpmem: {
      count: VirtualPMem?.MaximumCount ?? 0,
      taken: Object.keys(VirtualPMem?.Devices ?? {}).map(Number),
    },
  };
}
