/**
 * The utility VM that an OCI configuration asks for, in annotations above all.
 *
 * @module
 */
import type { VirtualMachineDocument } from '../../../types/documents.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError, notShown } from '../../errors/errors.js';
import { describeValue } from '../../errors/received.js';
import type { Members } from '../builders/option-checks.js';
import { checkedOptions, members, text, whole } from '../builders/option-checks.js';
import { given } from '../builders/envelope.js';
import { joined } from '../builders/names-and-paths.js';
import { defaultGuestCommand, linuxUtilityVm } from '../builders/linux-utility-vm.js';
import type { MachineOptions } from '../builders/machine.js';
import type { RegistryValue } from '../builders/registry.js';
import { windowsUtilityVm } from '../builders/windows-utility-vm.js';
import { isDisabled, limitsOf, loweredCount, names, numberOf } from './annotations.js';
import { Config } from './config.js';
import { built } from './convert.js';
import type { OciConversion } from './oci-options.js';
import { registryAnnotation } from './registry-annotation.js';

/** What {@link utilityVmFromOciSpec} needs beside the configuration. */
export interface OciVmOptions {
  /** `hostcompute` when left out. */
  readonly owner?: string;
  /** Processors of the host: the VM gets no more. */
  readonly processorCount?: number;
  /** The build of Windows, which decides how Linux is started. */
  readonly osBuild?: number;
  /** Windows: the disk of the VM; by default `vm\sandbox.vhdx` in the last of `windows.layerFolders`. */
  readonly scratchDisk?: string;
  /** Linux: the folder of kernel and root file system, where no annotation names it. */
  readonly bootFolder?: string;
}

const checks: Members<OciVmOptions> = {
  owner: text,
  processorCount: whole(1, 2 ** 32 - 1),
  osBuild: whole(0, 2 ** 32 - 1),
  scratchDisk: text,
  bootFolder: text,
};

const check = members<OciVmOptions>(checks);

const vm = 'io.microsoft.virtualmachine.';
const topology = `${vm}computetopology.`;

const limits = {
  memory: `${topology}memory.sizeinmb`,
  processorCount: `${topology}processor.count`,
  processorLimit: `${topology}processor.limit`,
  processorWeight: `${topology}processor.weight`,
  iops: `${vm}storageqos.iopsmaximum`,
  bandwidth: `${vm}storageqos.bandwidthmaximum`,
};

const origins = {
  'options.memoryMiB': `annotations["${limits.memory}"]`,
  'options.cpu.count': `annotations["${limits.processorCount}"]`,
  'options.cpu.limit': `annotations["${limits.processorLimit}"]`,
  'options.cpu.weight': `annotations["${limits.processorWeight}"]`,
  'options.cpuGroupId': `annotations["${vm}cpugroup.id"]`,
  'options.resourcePartitionId': `annotations["${vm}resource-partition-id"]`,
  'options.consolePipe': `annotations["${vm}console.pipe"]`,
  'options.enableDeferredCommit': `annotations["${topology}memory.enabledeferredcommit"]`,
  'options.enableColdDiscardHint': `annotations["${topology}memory.enablecolddiscardhint"]`,
  'options.kernelDirect': `annotations["${vm}lcow.kerneldirectboot"]`,
  'options.persistentMemory.maximumCount': `annotations["${vm}devices.virtualpmem.maximumcount"]`,
  'options.persistentMemory.maximumSizeBytes': `annotations["${vm}devices.virtualpmem.maximumsizebytes"]`,
  'options.hvSocketServices': 'annotations',
  'options.image': 'windows.hyperv.utilityVMPath',
};

/**
 * The document of the utility VM for a configuration: with `windows.hyperv` one for Windows, with `linux` one for Linux.
 * `notExpressed` lists the annotations of virtual machines the document does not say.
 *
 * @example
 * const { document } = documents.utilityVmFromOciSpec(config, { owner: 'my-runtime', osBuild: 20348 });
 * await using vm = await ComputeSystem.create('pod1@vm', document);
 *
 * @param config - what `config.json` holds
 * @throws HcsArgumentError for a configuration that has no utility VM, or one that cannot become a document
 */
export function utilityVmFromOciSpec(
  config: object,
  options: OciVmOptions = {},
): OciConversion<VirtualMachineDocument> {
  options = checkedOptions(options, check);
  const read = new Config(config);
  for (const system of ['lcow', 'wcow']) {
    const name = `${vm}${system}.securitypolicy`;
    if (!read.has('annotations', name)) continue;
    const requirement = 'must be absent: this function does not build confidential VMs';
    throw read.error(['annotations', name], requirement, notShown, 'Write the document by hand.');
  }
  const document = read.has('linux') ? ofLinux(read, options) : ofWindows(read, options);
  const reason = 'has no place in this document';
  return { document, notExpressed: read.notExpressed([[/^annotations\["io\.microsoft\.virtualmachine\./, reason]]) };
}

function common(config: Config, options: OciVmOptions): MachineOptions {
  const { memoryMiB, cpu, storageQoS } = limitsOf(config, limits);
  const flagOf = (name: string) => config.annotatedFlag(`${topology}memory.${name}`);
  const countOf = (name: string) => numberOf(config.annotatedCount(`${topology}memory.${name}`));
  const physical = config.annotatedFlag(`${vm}fullyphysicallybacked`);
  return {
    ...given('owner', options.owner),
    ...given('memoryMiB', evenMemory(config, memoryMiB)),
    cpu: {
      count: loweredCount(config, cpu.count ?? 2, options.processorCount, limits.processorCount)!,
      ...given('limit', numberOf(cpu.limit)),
      ...given('weight', numberOf(cpu.weight)),
    },
    ...given('storageQoS', storageQoS),
    ...given('allowOvercommit', physical === true ? false : flagOf('allowovercommit')),
    ...given('enableDeferredCommit', flagOf('enabledeferredcommit')),
    ...given('lowMmioGapMiB', countOf('lowmmiogapinmb')),
    ...given('highMmioBaseMiB', countOf('highmmiobaseinmb')),
    ...given('highMmioGapMiB', countOf('highmmiogapinmb')),
    ...given('cpuGroupId', config.annotation(`${vm}cpugroup.id`)),
    ...given('resourcePartitionId', config.annotation(`${vm}resource-partition-id`)),
    ...given('consolePipe', config.annotation(`${vm}console.pipe`)),
    hvSocketServices: servicesOf(config),
  };
}

// The memory of a machine comes in pairs of MiB.
function evenMemory(config: Config, size: number | bigint | undefined): number | bigint | undefined {
  if (size === undefined || BigInt(size) % 2n === 0n) return size;
  const steps = config.has('annotations', limits.memory)
    ? ['annotations', limits.memory]
    : ['windows', 'resources', 'memory', 'limit'];
  config.note(`is raised from ${size} MiB to an even number`, ...steps);
  return typeof size === 'bigint' ? size + 1n : size + 1;
}

const services = `${vm}hv-socket.service-table.`;

function servicesOf(config: Config): Record<string, Schema2.HvSocketServiceConfig> {
  const table: Record<string, Schema2.HvSocketServiceConfig> = {};
  for (const name of config.annotations(services)) {
    const json = config.annotation(name) ?? '';
    try {
      table[name.slice(services.length).toLowerCase()] = JSON.parse(json) as Schema2.HvSocketServiceConfig;
    } catch {
      config.note('must be JSON', 'annotations', name);
    }
  }
  return table;
}

function ofWindows(config: Config, options: OciVmOptions): VirtualMachineDocument {
  if (!config.has('windows', 'hyperv')) {
    const remedy = 'Use fromOciSpec() for a process-isolated container.';
    throw config.error(['windows', 'hyperv'], 'must be set', undefined, remedy);
  }
  const machine = {
    ...common(config, options),
    image: config.required('windows', 'hyperv', 'utilityVMPath'),
    scratchDisk: options.scratchDisk ?? scratchDiskOf(config),
    compartmentNamespace: config.annotatedFlag(`${vm}disablecompartmentnamespace`) !== true,
    noDirectMap: noDirectMap(config),
    registry: { set: [...dumpValues(config), ...registryAnnotation(config, `${vm}wcow.additional-reg-keys`)] },
  };
  return built(origins, () => windowsUtilityVm(machine));
}

function scratchDiskOf(config: Config): string {
  const folder = config.texts('windows', 'layerFolders').at(-1);
  if (folder !== undefined) return joined(folder, 'vm\\sandbox.vhdx');
  throw config.error(['windows', 'layerFolders'], 'must not be empty', folder, 'Set it, or pass scratchDisk.');
}

function noDirectMap(config: Config): boolean {
  const physical = config.annotatedFlag(`${vm}fullyphysicallybacked`) ?? false;
  return isDisabled(config, `${vm}wcow.virtualSMB.nodirectmap`) || physical;
}

// So that dumps are written in the guest, and not sent elsewhere as well.
function dumpValues(config: Config): readonly RegistryValue[] {
  if (config.annotation(names.dumpFolder) === undefined) return [];
  return [
    { hive: 'System', key: 'ControlSet001\\Services\\WerSvc', name: 'Start', value: 2 },
    { hive: 'Software', key: 'Microsoft\\Windows\\Windows Error Reporting', name: 'Disabled', value: 1 },
  ];
}

function ofLinux(config: Config, options: OciVmOptions): VirtualMachineDocument {
  const bootFolder = config.annotation(`${vm}bootfilesrootpath`) ?? options.bootFolder;
  if (bootFolder === undefined) {
    throw new HcsArgumentError('options.bootFolder', `must be present, or ${vm}bootfilesrootpath`, undefined);
  }
  const physical = config.annotatedFlag(`${vm}fullyphysicallybacked`) === true;
  const pmem = `${vm}devices.virtualpmem.`;
  const machine = {
    ...common(config, options),
    ...given('osBuild', options.osBuild),
    bootFolder,
    ...rootOf(config),
    ...given('kernelDirect', config.annotatedFlag(`${vm}lcow.kerneldirectboot`)),
    ...given('kernelOptions', config.annotation(`${vm}lcow.kernelbootoptions`)),
    pci: config.annotatedFlag(`${vm}lcow.vpcienabled`) ?? false,
    persistentMemory: {
      ...given('maximumCount', physical ? 0 : zeroOrMore(config, `${pmem}maximumcount`)),
      ...given('maximumSizeBytes', config.annotatedCount(`${pmem}maximumsizebytes`)),
    },
    ...given('enableColdDiscardHint', config.annotatedFlag(`${topology}memory.enablecolddiscardhint`)),
    writableOverlay: config.annotatedFlag(`${vm}lcow.writable-overlay-directories`) ?? false,
    guestCommand: guestCommandOf(config),
  };
  return built(origins, () => linuxUtilityVm(machine));
}

// A zero means that there are to be none.
function zeroOrMore(config: Config, name: string): number | undefined {
  return config.annotation(name) === '0' ? 0 : numberOf(config.annotatedCount(name));
}

function rootOf(config: Config): { readonly rootDiskFile?: string } {
  const name = `${vm}lcow.preferredrootfstype`;
  const type = config.annotation(name) ?? 'initrd';
  if (type === 'vhd') return { rootDiskFile: 'rootfs.vhd' };
  if (type !== 'initrd') config.note(`must be "initrd" or "vhd"; received ${describeValue(type)}`, 'annotations', name);
  return {};
}

function guestCommandOf(config: Config): string {
  const more = config.annotation(`${vm}lcow.extra-exec-command-args`);
  const dumps = config.annotation(names.dumpFolder);
  return [
    defaultGuestCommand,
    more,
    config.annotatedFlag(`${vm}lcow.timesync.disable`) === true ? '-disable-time-sync' : undefined,
    dumps === undefined ? undefined : `-core-dump-location ${dumps}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}
