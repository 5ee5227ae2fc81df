/**
 * A Linux container of schema 1, with its utility VM.
 *
 * @module
 */
import type * as Schema1 from '../../../types/schema1/index.js';
import { anyText, checkedOptions, exactlyOne, flag, list, members, oneOf, text } from './option-checks.js';
import type { LayerOptions, MountOptions } from './container-options.js';
import { layerCheck, layersCheck } from './container-options.js';
import type { SystemOptions } from './envelope.js';
import { defaultOwner, given } from './envelope.js';
import { guid, systemId, uint64 } from './names-and-paths.js';

/** Options of `linuxContainer()` in schema 1. What it runs goes with its first process. */
export interface LinuxContainerOptions1 extends Omit<SystemOptions, 'schemaVersion'> {
  readonly schema: 1;
  readonly id: string;
  /** The folder of kernel and initrd; or pass `bootDisk`. */
  readonly bootFolder?: string;
  /** A name in that folder; `kernel` when left out. */
  readonly kernelFile?: string;
  /** A name in that folder; `initrd.img` when left out. */
  readonly initrdFile?: string;
  readonly bootParameters?: string;
  /** A disk that the VM boots instead. */
  readonly bootDisk?: string;
  /** Disk files of the read-only layers, the topmost first. */
  readonly layers: readonly LayerOptions[];
  /** The folder of the writable layer. */
  readonly scratchFolder: string;
  /** Folders of the host, each at a path of the VM, from which the OCI specification mounts it. */
  readonly mounts?: readonly Omit<MountOptions, 'supportCloudFiles'>[];
  readonly endpoints?: readonly string[];
}

const check = members<LinuxContainerOptions1>(
  {
    owner: text,
    terminateOnLastHandleClosed: flag,
    schema: oneOf(1),
    id: systemId,
    bootFolder: text,
    kernelFile: text,
    initrdFile: text,
    bootParameters: anyText,
    bootDisk: text,
    layers: layersCheck(layerCheck),
    scratchFolder: text,
    mounts: list(
      members<Omit<MountOptions, 'supportCloudFiles'>>(
        { hostPath: text, containerPath: text, readOnly: flag, iopsMaximum: uint64, bandwidthMaximum: uint64 },
        'hostPath',
        'containerPath',
      ),
    ),
    endpoints: list(guid),
  },
  ...(['id', 'layers', 'scratchFolder'] as const),
);

export function configOf(options: LinuxContainerOptions1): Schema1.ContainerConfig {
  options = checkedOptions(options, check);
  exactlyOne(options, 'options', 'bootFolder', 'bootDisk');
  const { layers, mounts = [], endpoints = [] } = options;
  return {
    SystemType: 'container',
    ContainerType: 'linux',
    Name: options.id,
    Owner: options.owner ?? defaultOwner,
    HvPartition: true,
    TerminateOnLastHandleClosed: options.terminateOnLastHandleClosed ?? true,
    HvRuntime: runtimeOf(options),
    LayerFolderPath: options.scratchFolder,
    Layers: layers.map(({ id, path }) => ({ ID: id, Path: path })),
    ...given('MappedDirectories', mounts.length > 0 ? mounts.map(directoryOf) : undefined),
    EndpointList: endpoints,
  };
}

function runtimeOf(options: LinuxContainerOptions1): Schema1.HvRuntime {
  const { bootDisk, bootFolder, bootParameters } = options;
  if (bootDisk !== undefined) {
    return {
      ImagePath: bootDisk,
      BootSource: 'Vhd',
      WritableBootSource: false,
      ...given('LinuxBootParameters', bootParameters),
    };
  }
  return {
    ...given('ImagePath', bootFolder),
    LinuxKernelFile: options.kernelFile ?? 'kernel',
    LinuxInitrdFile: options.initrdFile ?? 'initrd.img',
    LinuxBootParameters: bootParameters ?? '',
  };
}

function directoryOf(mount: MountOptions): Schema1.MappedDir {
  return {
    HostPath: mount.hostPath,
    ContainerPath: mount.containerPath,
    CreateInUtilityVM: true,
    ReadOnly: mount.readOnly ?? false,
    BandwidthMaximum: mount.bandwidthMaximum ?? 0,
    IOPSMaximum: mount.iopsMaximum ?? 0,
    LinuxMetadata: true,
  };
}
