/**
 * A virtual machine of one's own, without containers.
 *
 * @module
 */
import type { VirtualMachineDocument } from '../../../types/documents.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import type { Check } from './option-checks.js';
import { checkedOptions, exactlyOne, flag, list, members, oneOf, onlyTrue, text, whole } from './option-checks.js';
import { envelope, given } from './envelope.js';
import { guid } from './names-and-paths.js';
import type { MachineOptions } from './machine.js';
import { commonDevices, commonMembers, guestSockets, machineChecks, topologyOf } from './machine.js';

/** A disk or an image, as the next LUN of the controller `disks`. The machine needs access to it: grant it first. */
export interface DiskOptions {
  readonly path: string;
  /** By default `Iso` for a path that ends in `.iso`, else `VirtualDisk`. */
  readonly type?: 'VirtualDisk' | 'Iso' | 'PassThru';
  /** By default on for an image, and off else. */
  readonly readOnly?: boolean;
}

/** What the firmware boots: a LUN of `disks`, or the network. */
export type BootOptions = { readonly disk: number } | { readonly network: true };

/** A screen. */
export interface ScreenOptions {
  readonly width: number;
  readonly height: number;
}

/** Options of {@link virtualMachine}. */
export interface VirtualMachineOptions extends MachineOptions {
  readonly memoryMiB: number | bigint;
  /** At most 64. */
  readonly disks?: readonly DiskOptions[];
  /** By default the first disk, if there is one, else what the firmware finds. */
  readonly boot?: BootOptions;
  /** Switches secure boot on, with the keys of this template. */
  readonly secureBootTemplateId?: string;
  /**
   * The integration service by which stop() shuts the guest down. On by default without `guestConnection`; `false` for hosts
   * older than Windows 10 2004, which do not have it.
   */
  readonly shutdownService?: boolean;
  /** Ends the system when the guest restarts. */
  readonly stopOnReset?: boolean;
  /** A screen with a keyboard and a mouse. */
  readonly screen?: ScreenOptions;
  /** Lets the machine run virtual machines of its own. */
  readonly exposeVirtualizationExtensions?: boolean;
  /** A file that exists: what the firmware remembers. */
  readonly guestStateFile?: string;
  /** A file that exists: the state of the machine that runs. */
  readonly runtimeStateFile?: string;
  /** Starts from a saved state instead of booting. */
  readonly restoreFrom?: string;
  /** Starts as a clone of the system of this id, which was saved as a template. */
  readonly cloneOf?: string;
}

const bootMembers = members<{ disk?: number; network?: true }>({ disk: whole(0, 63), network: onlyTrue });

const bootCheck: Check = (value, field) => {
  bootMembers(value, field);
  exactlyOne(value, field, 'disk', 'network');
};

const check = members<VirtualMachineOptions>(
  {
    ...machineChecks,
    disks: list(
      members<DiskOptions>({ path: text, type: oneOf('VirtualDisk', 'Iso', 'PassThru'), readOnly: flag }, 'path'),
    ),
    boot: bootCheck,
    secureBootTemplateId: guid,
    shutdownService: flag,
    stopOnReset: flag,
    screen: members<ScreenOptions>({ width: whole(1, 65535), height: whole(1, 65535) }, 'width', 'height'),
    exposeVirtualizationExtensions: flag,
    guestStateFile: text,
    runtimeStateFile: text,
    restoreFrom: text,
    cloneOf: text,
  },
  'memoryMiB',
);

const controller = 'disks';

/**
 * The document of a virtual machine that boots a disk. Without `guestConnection` it has no guest service: its start is
 * complete when it has power, and it is shut down by the integration service of Hyper-V, where the guest runs one.
 *
 * @example
 * const document = documents.virtualMachine({
 *   memoryMiB: 2048,
 *   cpu: { count: 2 },
 *   disks: [{ path: 'D:\\vm\\os.vhdx' }],
 *   consolePipe: '\\\\.\\pipe\\vm-com1',
 * });
 * await using vm = await ComputeSystem.create('build-7', document);
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function virtualMachine(options: VirtualMachineOptions): VirtualMachineDocument {
  options = checkedOptions(options, check);
  const { disks = [], screen, stopOnReset, restoreFrom, cloneOf, hvSocketServices } = options;
  if (disks.length > 64) {
    throw new HcsArgumentError('options.disks', 'must have at most 64 disks, as a controller has', disks);
  }
  if (restoreFrom !== undefined && cloneOf !== undefined) {
    throw new HcsArgumentError('options.cloneOf', 'must not be combined with restoreFrom', cloneOf);
  }
  const topology = topologyOf(options, { memoryMiB: 0, processors: 1 });
  const nested = given('ExposeVirtualizationExtensions', options.exposeVirtualizationExtensions);
  return {
    ...envelope(options),
    VirtualMachine: {
      ...given('StopOnReset', stopOnReset === true ? true : undefined),
      Chipset: { Uefi: firmwareOf(options) },
      ComputeTopology: { ...topology, Processor: { ...topology.Processor, ...nested } },
      Devices: {
        ...given('Scsi', disks.length > 0 ? { [controller]: { Attachments: attachmentsOf(disks) } } : undefined),
        ...commonDevices(options),
        ...(hvSocketServices ? guestSockets(options) : {}),
        ...(screen ? screenOf(screen) : {}),
      },
      ...stateOf(options),
      ...servicesOf(options),
      ...commonMembers(options, undefined),
    },
  };
}

function servicesOf({ guestConnection = false, shutdownService }: VirtualMachineOptions): Schema2.VirtualMachine {
  const wanted = shutdownService ?? guestConnection === false;
  return given('Services', wanted ? { Shutdown: {} } : undefined);
}

function firmwareOf({ boot, disks = [], secureBootTemplateId }: VirtualMachineOptions): Schema2.Uefi {
  const secure = given('SecureBootTemplateId', secureBootTemplateId);
  if (boot !== undefined && 'network' in boot) return { ...secure, BootThis: { DeviceType: 'Network' } };
  const disk = boot?.disk ?? 0;
  if (boot === undefined && disks.length === 0) return secure;
  if (disk < disks.length) {
    return { ...secure, BootThis: { DeviceType: 'ScsiDrive', DevicePath: controller, DiskNumber: disk } };
  }
  throw new HcsArgumentError('options.boot.disk', `must be the index of one of the ${disks.length} disks`, disk);
}

function attachmentsOf(disks: readonly DiskOptions[]): Record<string, Schema2.Attachment> {
  const entries = disks.map(({ path, type, readOnly }, lun) => {
    const Type = type ?? (path.toLowerCase().endsWith('.iso') ? 'Iso' : 'VirtualDisk');
    const only = readOnly ?? Type === 'Iso';
    return [String(lun), { Type, Path: path, ...given('ReadOnly', only || undefined) }] as const;
  });
  return Object.fromEntries(entries);
}

function screenOf({ width, height }: ScreenOptions): Schema2.Devices {
  const VideoMonitor = { HorizontalResolution: width, VerticalResolution: height };
  return { Keyboard: {}, Mouse: {}, VideoMonitor, EnhancedModeVideo: {} };
}

function stateOf(options: VirtualMachineOptions): Schema2.VirtualMachine {
  const { guestStateFile, runtimeStateFile, restoreFrom, cloneOf } = options;
  const state = {
    ...given('GuestStateFilePath', guestStateFile),
    ...given('RuntimeStateFilePath', runtimeStateFile),
  };
  const restore = { ...given('SaveStateFilePath', restoreFrom), ...given('TemplateSystemId', cloneOf) };
  return {
    ...given('GuestState', Object.keys(state).length > 0 ? state : undefined),
    ...given('RestoreState', Object.keys(restore).length > 0 ? restore : undefined),
  };
}
