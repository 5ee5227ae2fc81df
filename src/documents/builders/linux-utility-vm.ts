/**
 * The utility VM of Linux containers.
 *
 * @module
 */
import type { VirtualMachineDocument } from '../../../types/documents.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { checkedOptions, flag, members, text, whole } from './option-checks.js';
import type { SchemaChoice } from './envelope.js';
import { buildOf, choiceChecks, envelope, given, needBuild } from './envelope.js';
import { joined } from './names-and-paths.js';
import { kernelLine } from './kernel-line.js';
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

/** Persistent memory, on which layers are mounted. */
export interface PersistentMemoryOptions {
  /** At most 128; 64 when left out; 0 for none, as on arm64, and then layers go onto SCSI. */
  readonly maximumCount?: number;
  /** The largest device, a multiple of 4096 bytes; 4 GiB when left out. */
  readonly maximumSizeBytes?: number | bigint;
}

/** Options of {@link linuxUtilityVm}. */
export interface LinuxUtilityVmOptions extends MachineOptions, Pick<SchemaChoice, 'osBuild'> {
  /** The folder of kernel and root file system. */
  readonly bootFolder: string;
  /** A file in it; `vmlinux` when left out, or `kernel` for a start without `kernelDirect`. */
  readonly kernelFile?: string;
  /** A file in it that is the root file system; `initrd.img` when there is no `rootDiskFile` either. */
  readonly initrdFile?: string;
  /** A disk file in it that is the root file system, on persistent memory where there is any, else on SCSI. */
  readonly rootDiskFile?: string;
  /** Starts the kernel without firmware: by default from build 18286. */
  readonly kernelDirect?: boolean;
  /** More for the kernel to read. */
  readonly kernelOptions?: string;
  readonly pci?: boolean;
  readonly persistentMemory?: PersistentMemoryOptions;
  /** 1 to 4; by default 1, and 4 without persistent memory. */
  readonly scsiControllers?: number;
  /** Lets the guest give back pages that it has not zeroed; from build 18967. */
  readonly enableColdDiscardHint?: boolean;
  /** The guest service with its arguments; hcsshim's when left out. */
  readonly guestCommand?: string;
  /** Makes `/var` and `/etc` of a root disk writable. */
  readonly writableOverlay?: boolean;
  /** A screen and a keyboard. */
  readonly graphics?: boolean;
}

const maximumSize = whole(4096, 2n ** 64n - 1n);

const memoryCheck = members<PersistentMemoryOptions>({
  maximumCount: whole(0, 128),
  maximumSizeBytes: (value, field) => {
    maximumSize(value, field);
    if (BigInt(value as number) % 4096n === 0n) return;
    throw new HcsArgumentError(field, 'must be a multiple of 4096', value);
  },
});

const check = members<LinuxUtilityVmOptions>(
  {
    ...machineChecks,
    osBuild: choiceChecks.osBuild,
    bootFolder: text,
    kernelFile: text,
    initrdFile: text,
    rootDiskFile: text,
    kernelDirect: flag,
    kernelOptions: text,
    pci: flag,
    persistentMemory: memoryCheck,
    scsiControllers: whole(1, 4),
    enableColdDiscardHint: flag,
    guestCommand: text,
    writableOverlay: flag,
    graphics: flag,
  },
  'bootFolder',
);

const directBuild = (): number => buildOf(2, 'Chipset', 'LinuxKernelDirect');
const discardBuild = (): number => buildOf(2, 'VirtualMachine_Memory', 'EnableColdDiscardHint');
const gibibyte = 2 ** 30;

/** hcsshim's guest service. */
export const defaultGuestCommand = '/bin/gcs -v4 -log-format json -loglevel info';

/**
 * The document of a utility VM in which Linux containers are hosted. By default it has 1024 MiB, two processors,
 * 64 devices of persistent memory, and a guest service that the host talks to.
 *
 * @example
 * const document = documents.linuxUtilityVm({ bootFolder: 'C:\\LinuxBootFiles', memoryMiB: 2048, cpu: { count: 4 } });
 * await using vm = await ComputeSystem.create('pod2@vm', document);
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function linuxUtilityVm(options: LinuxUtilityVmOptions): VirtualMachineDocument {
  options = checkedOptions(options, check);
  const { initrdFile, rootDiskFile, enableColdDiscardHint, persistentMemory = {} } = options;
  if (initrdFile !== undefined && rootDiskFile !== undefined) {
    throw new HcsArgumentError('options.rootDiskFile', 'must not be combined with initrdFile', rootDiskFile);
  }
  if (options.kernelDirect === true) needBuild('options.kernelDirect', directBuild(), options);
  if (enableColdDiscardHint === true) needBuild('options.enableColdDiscardHint', discardBuild(), options);
  const count = persistentMemory.maximumCount ?? 64;
  const memory: Schema2.VirtualPMemController = {
    ...given('Devices', rootDiskFile === undefined ? undefined : { '0': memoryDevice(options, rootDiskFile) }),
    MaximumCount: count,
    MaximumSizeBytes: persistentMemory.maximumSizeBytes ?? 4 * gibibyte,
  };
  const hints = given('EnableColdDiscardHint', enableColdDiscardHint === true ? true : undefined);
  return {
    ...envelope(options),
    VirtualMachine: {
      StopOnReset: true,
      Chipset: chipsetOf(options, count > 0),
      ComputeTopology: topologyOf(options, { memoryMiB: 1024, processors: 2 }, hints),
      Devices: {
        Scsi: controllersOf(options, count > 0),
        ...given('VirtualPMem', count > 0 ? memory : undefined),
        ...guestSockets(options),
        Plan9: {},
        ...commonDevices(options),
        ...(options.graphics === true ? graphicDevices : {}),
      },
      ...commonMembers(options, { UseVsock: true, UseConnectedSuspend: true }),
    },
  };
}

function memoryDevice({ bootFolder }: LinuxUtilityVmOptions, file: string): Schema2.VirtualPMemDevice {
  const ImageFormat = file.toLowerCase().endsWith('.vhdx') ? 'Vhdx' : 'Vhd1';
  return { HostPath: joined(bootFolder, file), ReadOnly: true, ImageFormat };
}

function controllersOf(options: LinuxUtilityVmOptions, persistent: boolean): Record<string, Schema2.Scsi> {
  const { bootFolder, rootDiskFile, scsiControllers: wanted = persistent ? 1 : 4 } = options;
  const names = scsiControllers.slice(0, wanted);
  const table: Record<string, Schema2.Scsi> = Object.fromEntries(names.map((name) => [name, { Attachments: {} }]));
  if (rootDiskFile === undefined || persistent) return table;
  const disk = { Type: 'VirtualDisk', Path: joined(bootFolder, rootDiskFile), ReadOnly: true } as const;
  return { ...table, [scsiControllers[0]]: { Attachments: { '0': disk } } };
}

function rootOf(options: LinuxUtilityVmOptions, persistent: boolean, direct: boolean): string | undefined {
  if (options.rootDiskFile !== undefined) return `root=/dev/${persistent ? 'pmem0' : 'sda'} ro rootwait init=/init`;
  return direct ? undefined : `initrd=/${options.initrdFile ?? 'initrd.img'}`;
}

function chipsetOf(options: LinuxUtilityVmOptions, persistent: boolean): Schema2.Chipset {
  const { bootFolder, osBuild = Infinity, rootDiskFile, initrdFile = 'initrd.img' } = options;
  const direct = options.kernelDirect ?? osBuild >= directBuild();
  const kernelFile = options.kernelFile ?? (direct ? 'vmlinux' : 'kernel');
  const line = kernelLine({
    root: rootOf(options, persistent, direct),
    processors: options.cpu?.count ?? 2,
    serialConsole: options.consolePipe !== undefined,
    graphics: options.graphics ?? false,
    pci: options.pci ?? false,
    kernelOptions: options.kernelOptions,
    guestCommand: options.guestCommand ?? defaultGuestCommand,
    writableOverlay: options.writableOverlay === true && rootDiskFile !== undefined,
  });
  if (!direct) {
    const boot = { DeviceType: 'VmbFs', VmbFsRootPath: bootFolder, DevicePath: `\\${kernelFile}` } as const;
    return { Uefi: { BootThis: { ...boot, OptionalData: line } } };
  }
  return {
    LinuxKernelDirect: {
      KernelFilePath: joined(bootFolder, kernelFile),
      ...given('InitRdPath', rootDiskFile === undefined ? joined(bootFolder, initrdFile) : undefined),
      KernelCmdLine: line,
    },
  };
}
