/**
 * A Windows container with a kernel of its own: in schema 1 one document, in schema 2 a utility VM and a container in it.
 *
 * @module
 */
import type { HostedDocument, ModifyRequest, VirtualMachineDocument } from '../../../types/documents.js';
import type * as Schema1 from '../../../types/schema1/index.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { checkedOptions, flag, members, refuse, text, without } from './option-checks.js';
import { configOf } from './container-of-schema1.js';
import type { ContainerOptions, LayerOptions, NetworkOptions } from './container-options.js';
import { containerChecks, layerCheck, layersCheck, machineLikeCpuCheck, cpuCheck } from './container-options.js';
import type { SchemaChoice, SystemOptions } from './envelope.js';
import { choiceChecks, given, schemaOf, systemChecks } from './envelope.js';
import { sharePath, systemId } from './names-and-paths.js';
import type { HostedContainerOptions } from './hosted-container.js';
import { hostedContainer } from './hosted-container.js';
import { scsiControllers } from './machine.js';
import type { VmNetworkOptions } from './vm-network.js';
import { vmNetwork, vmNetworkChecks } from './vm-network.js';
import type { WindowsUtilityVmOptions } from './windows-utility-vm.js';
import { layerShareOptions, mountShareOptions, utilityVmChecks, windowsUtilityVm } from './windows-utility-vm.js';

/** The utility VM of {@link hyperVIsolated} in schema 2. Owner and schema version are those of the container. */
export interface VmOptions extends Omit<WindowsUtilityVmOptions, 'image' | 'scratchDisk' | keyof SystemOptions> {
  /** The id that the VM is to be created with; that of the container and `@vm` when left out. */
  readonly id?: string;
  /** The disk of the VM itself, a copy of `UtilityVM\SystemTemplate.vhdx`. */
  readonly scratchDisk: string;
}

/** Options of {@link hyperVIsolated}. Paths are those of the host. */
export interface HyperVIsolatedOptions extends ContainerOptions, SystemOptions, SchemaChoice {
  /** Read-only layers, the topmost first. */
  readonly layers: readonly LayerOptions[];
  /** The folder `UtilityVM` of the topmost layer that has one. */
  readonly image: string;
  /** Schema 1: the folder of the writable layer. */
  readonly scratchFolder?: string;
  /** Schema 1: a faster first start. */
  readonly ignoreFlushesDuringBoot?: boolean;
  /** Schema 2: the disk of the writable layer. The VM needs access to it: grant it first. */
  readonly scratchDisk?: string;
  /** Schema 2: the namespace and its endpoints, whose adapters the VM gets; the container is in the namespace. */
  readonly vmNetwork?: Omit<VmNetworkOptions, 'guestOs'>;
  /** Schema 2: the utility VM. In schema 1, `memoryMiB` and `cpu` of the container size it. */
  readonly vm?: VmOptions;
}

/** What a Hyper-V isolated container of schema 2 takes, in the order in which it is sent. */
export interface HyperVIsolatedDocuments {
  /** The id to create the VM with. */
  readonly vmId: string;
  readonly vm: VirtualMachineDocument;
  /** Changes to the VM, once it runs: its layers, its scratch, its mounts and pipes, its network adapters. */
  readonly attach: readonly ModifyRequest[];
  readonly container: HostedDocument;
}

const vmChecks = without(utilityVmChecks, 'image', 'owner', 'schemaVersion', 'terminateOnLastHandleClosed');

const checks = {
  ...containerChecks,
  ...systemChecks,
  ...choiceChecks,
  layers: layersCheck(layerCheck),
  image: text,
  scratchFolder: text,
  ignoreFlushesDuringBoot: flag,
  scratchDisk: text,
  cpu: machineLikeCpuCheck,
  vmNetwork: members<Omit<VmNetworkOptions, 'guestOs'>>(vmNetworkChecks, 'namespace', 'endpoints'),
  vm: members<VmOptions>({ ...vmChecks, id: systemId }, 'scratchDisk'),
};

const check = members<HyperVIsolatedOptions>(checks, 'id', 'layers', 'image');

/**
 * What a Hyper-V isolated Windows container is made from: in schema 1 one document, in schema 2 those of a utility VM and of
 * the container, and the changes to the VM that come between.
 *
 * @example
 * const { vmId, vm, attach, container } = documents.hyperVIsolated({
 *   id: 'web',
 *   layers: [{ id: '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', path: 'D:\\layers\\base' }],
 *   image: 'D:\\layers\\base\\UtilityVM',
 *   scratchDisk: 'D:\\scratch\\web\\sandbox.vhdx',
 *   vm: { scratchDisk: 'D:\\scratch\\vm\\sandbox.vhdx', memoryMiB: 2048 },
 * });
 *
 * @throws HcsArgumentError for an option that is unknown, missing, of the wrong form, or of the other schema
 */
export function hyperVIsolated(options: HyperVIsolatedOptions & { readonly schema: 1 }): Schema1.ContainerConfig;
export function hyperVIsolated(
  options: HyperVIsolatedOptions & { readonly schema?: 2; readonly osBuild?: never },
): HyperVIsolatedDocuments;
export function hyperVIsolated(options: HyperVIsolatedOptions): HyperVIsolatedDocuments | Schema1.ContainerConfig;
export function hyperVIsolated(options: HyperVIsolatedOptions): HyperVIsolatedDocuments | Schema1.ContainerConfig {
  options = checkedOptions(options, check);
  return schemaOf(options) === 1 ? oneDocument(options) : twoDocuments(options);
}

function needed(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new HcsArgumentError(`options.${name}`, 'must be present', undefined);
}

function oneDocument(options: HyperVIsolatedOptions): Schema1.ContainerConfig {
  refuse(options, ['vm', 'scratchDisk'], 'Pass scratchFolder; memoryMiB and cpu size the VM.');
  refuse(options, ['vmNetwork'], 'Pass the ids of the endpoints, as network.endpoints.');
  refuse(options, ['devices'], 'Use process isolation, or schema 2 and a device of the VM.');
  return {
    ...configOf(options, options.layers),
    LayerFolderPath: needed(options.scratchFolder, 'scratchFolder'),
    HvPartition: true,
    HvRuntime: { ImagePath: options.image },
  };
}

const scratchMount = 'c:\\mounts\\scsi\\m0';

function twoDocuments(options: HyperVIsolatedOptions): HyperVIsolatedDocuments {
  const { layers, image, mounts = [], pipes = [] } = options;
  if (options.cpu) cpuCheck(options.cpu, 'options.cpu');
  const { id: vmId = `${options.id}@vm`, ...machine } = options.vm ?? { scratchDisk: needed(undefined, 'vm') };
  const system = {
    ...given('owner', options.owner),
    ...given('schemaVersion', options.schemaVersion),
    ...given('terminateOnLastHandleClosed', options.terminateOnLastHandleClosed),
  };
  return {
    vmId,
    vm: windowsUtilityVm({ ...system, ...machine, image }),
    attach: [
      ...layers.map(({ path }, index) => shareRequest(index, path, layerShareOptions(machine.noDirectMap))),
      ...mounts.map(({ hostPath, readOnly = false }, index) =>
        shareRequest(layers.length + index, hostPath, mountShareOptions(readOnly, machine.noDirectMap)),
      ),
      ...pipes.map(({ hostPath }) => pipeRequest(hostPath)),
      diskRequest(needed(options.scratchDisk, 'scratchDisk')),
      layersRequest(layers),
      ...(options.vmNetwork === undefined ? [] : vmNetwork(options.vmNetwork).attach),
    ],
    container: hostedContainer(containerIn(vmId, options)),
  };
}

// The layers are the first shares of the VM, the mounts those after them.
function containerIn(vmId: string, options: HyperVIsolatedOptions): HostedContainerOptions {
  const { layers, mounts = [] } = options;
  return {
    ...without(options, ...notOfContainer),
    ...given('network', networkOf(options)),
    hostingSystemId: vmId,
    layers: layers.map(({ id }, index) => ({ id, share: shareName(index) })),
    scratchPath: scratchMount,
    mounts: mounts.map((mount, index) => ({
      ...without(mount, 'hostPath'),
      share: shareName(layers.length + index),
    })),
  };
}

const notOfContainer = [
  'schema',
  'osBuild',
  'scratchFolder',
  'ignoreFlushesDuringBoot',
  'image',
  'scratchDisk',
  'vm',
  'vmNetwork',
] as const;

function networkOf({ network, vmNetwork: ofVm }: HyperVIsolatedOptions): NetworkOptions | undefined {
  const { ID } = ofVm?.namespace ?? {};
  if (ID === undefined) return network;
  if (network?.namespace !== undefined && network.namespace.toLowerCase() !== ID.toLowerCase()) {
    const requirement = 'must be the namespace of vmNetwork, or left out';
    throw new HcsArgumentError('options.network.namespace', requirement, network.namespace);
  }
  return { ...network, namespace: ID };
}

function shareName(index: number): string {
  return `s${index + 1}`;
}

function shareRequest(index: number, path: string, options: Schema2.VirtualSmbShareOptions): ModifyRequest {
  return {
    ResourcePath: 'VirtualMachine/Devices/VirtualSmb/Shares',
    RequestType: 'Add',
    Settings: { Name: shareName(index), Path: path, Options: options },
  };
}

function pipeRequest(hostPath: string): ModifyRequest {
  return { ResourcePath: `VirtualMachine/Devices/MappedPipes/${hostPath}`, RequestType: 'Add' };
}

// The scratch of the VM itself is LUN 0.
function diskRequest(path: string): ModifyRequest {
  return {
    ResourcePath: `VirtualMachine/Devices/Scsi/${scsiControllers[0]}/Attachments/1`,
    RequestType: 'Add',
    Settings: { Type: 'VirtualDisk', Path: path },
    GuestRequest: {
      ResourceType: 'MappedVirtualDisk',
      RequestType: 'Add',
      Settings: { ContainerPath: scratchMount, Lun: 1 },
    },
  };
}

function layersRequest(layers: readonly LayerOptions[]): ModifyRequest {
  const Layers = layers.map(({ id }, index) => ({ Id: id, Path: sharePath(shareName(index)) }));
  return {
    RequestType: 'Add',
    GuestRequest: {
      ResourceType: 'CombinedLayers',
      RequestType: 'Add',
      Settings: { ContainerRootPath: scratchMount, Layers },
    },
  };
}
