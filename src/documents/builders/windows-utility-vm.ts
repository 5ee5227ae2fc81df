/**
 * The utility VM of Windows containers.
 *
 * @module
 */
import type { VirtualMachineDocument } from '../../../types/documents.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import type { Members } from './option-checks.js';
import { checkedOptions, flag, members, text } from './option-checks.js';
import { envelope, given } from './envelope.js';
import { joined } from './names-and-paths.js';
import type { MachineOptions } from './machine.js';
import {
  commonDevices,
  commonMembers,
  graphicDevices,
  guestSockets,
  machineChecks,
  scsiControllers,
  topologyOf,
} from './machine.js';
import type { RegistryOptions, RegistryValue } from './registry.js';
import { registryChanges, registryCheck } from './registry.js';

/** Options of {@link windowsUtilityVm}. */
export interface WindowsUtilityVmOptions extends MachineOptions {
  /** The folder `UtilityVM` of the topmost layer that has one. */
  readonly image: string;
  /** The disk of the VM itself, a copy of `UtilityVM\SystemTemplate.vhdx`. The VM needs access to it: grant it first. */
  readonly scratchDisk: string;
  readonly registry?: RegistryOptions;
  /** Gives each network namespace a compartment of its own; on by default. */
  readonly compartmentNamespace?: boolean;
  /** Files are not mapped into the guest directly. */
  readonly noDirectMap?: boolean;
  /** A screen and a keyboard. */
  readonly graphics?: boolean;
}

export const utilityVmChecks: Members<WindowsUtilityVmOptions> = {
  ...machineChecks,
  image: text,
  scratchDisk: text,
  registry: registryCheck,
  compartmentNamespace: flag,
  noDirectMap: flag,
  graphics: flag,
};

const check = members<WindowsUtilityVmOptions>(utilityVmChecks, 'image', 'scratchDisk');

const compartments: RegistryValue = {
  hive: 'System',
  key: 'CurrentControlSet\\Services\\gns',
  name: 'EnableCompartmentNamespace',
  value: 1,
};

/** What hcsshim sets on a share of layers. */
export function layerShareOptions(noDirectMap = false): Schema2.VirtualSmbShareOptions {
  return { ...mountShareOptions(true, noDirectMap), TakeBackupPrivilege: true };
}

/** What hcsshim sets on a share of a mount. */
export function mountShareOptions(readOnly: boolean, noDirectMap = false): Schema2.VirtualSmbShareOptions {
  return {
    ...(readOnly ? { ReadOnly: true, ShareRead: true, CacheIo: true, PseudoOplocks: true } : {}),
    ...given('NoDirectmap', noDirectMap || undefined),
  };
}

/**
 * The document of a utility VM in which Windows containers are hosted. By default it has 1024 MiB, two
 * processors, and a guest service that the host talks to.
 *
 * @example
 * const document = documents.windowsUtilityVm({
 *   image: 'D:\\layers\\base\\UtilityVM',
 *   scratchDisk: 'D:\\scratch\\vm\\sandbox.vhdx',
 *   memoryMiB: 2048,
 * });
 * await using vm = await ComputeSystem.create('pod1@vm', document);
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function windowsUtilityVm(options: WindowsUtilityVmOptions): VirtualMachineDocument {
  options = checkedOptions(options, check);
  const { image, scratchDisk, allowOvercommit = true } = options;
  const hints = allowOvercommit ? { EnableHotHint: true } : {};
  const disk = { Type: 'VirtualDisk', Path: scratchDisk } as const;
  const share = { Name: 'os', Path: joined(image, 'Files'), Options: layerShareOptions(options.noDirectMap) };
  return {
    ...envelope(options),
    VirtualMachine: {
      StopOnReset: true,
      Chipset: { Uefi: { BootThis: { DeviceType: 'VmbFs', DevicePath: '\\EFI\\Microsoft\\Boot\\bootmgfw.efi' } } },
      ComputeTopology: topologyOf(options, { memoryMiB: 1024, processors: 2 }, hints),
      Devices: {
        Scsi: { [scsiControllers[0]]: { Attachments: { '0': disk } } },
        ...guestSockets(options),
        VirtualSmb: { DirectFileMappingInMB: 1024, Shares: [share] },
        ...commonDevices(options),
        ...(options.graphics === true ? graphicDevices : {}),
      },
      ...registryChanges(options.registry, options.compartmentNamespace === false ? [] : [compartments]),
      ...commonMembers(options, {}),
    },
  };
}
