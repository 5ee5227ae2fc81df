/**
 * A Windows container in the spelling of schema 2.
 *
 * @module
 */
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError, notShown } from '../../errors/errors.js';
import type {
  ContainerCpu,
  ContainerOptions,
  DeviceOptions,
  DumpOptions,
  LayerOptions,
  MountOptions,
  NetworkOptions,
  PipeOptions,
  StorageQoSOptions,
} from './container-options.js';
import type { SchemaChoice } from './envelope.js';
import { buildOf, given, needBuild } from './envelope.js';
import { bareName } from './names-and-paths.js';
import type { RegistryValue } from './registry.js';
import { registryChanges, waitToKillService } from './registry.js';

/** Where the storage of the container is, as seen from where it runs. */
export interface Place {
  readonly scratch: string;
  readonly layers: readonly LayerOptions[];
  readonly privilegedRoot?: string | undefined;
}

export function containerOf(options: ContainerOptions & SchemaChoice, place: Place): Schema2.Container {
  const { hostname, memoryMiB, cpu, mounts = [], pipes = [], network, devices = [], deviceExtensions = [] } = options;
  const guard = guardOf(options.credentials);
  if (deviceExtensions.length > 0) {
    needBuild('options.deviceExtensions', buildOf(2, 'Container', 'AdditionalDeviceNamespace'), options);
  }
  return {
    ...given('GuestOs', hostname === undefined ? undefined : { HostName: hostname }),
    Storage: storageOf(place, options.storageQoS),
    ...given('Processor', cpu && processorOf(cpu)),
    ...given('Memory', memoryMiB === undefined ? undefined : { SizeInMB: memoryMiB }),
    ...given('MappedDirectories', mounts.length > 0 ? mounts.map(directoryOf) : undefined),
    ...given('MappedPipes', pipes.length > 0 ? pipes.map(pipeOf) : undefined),
    ...given('Networking', network && networkingOf(network)),
    ...given('ContainerCredentialGuard', guard),
    ...given('AssignedDevices', devices.length > 0 ? devices.map(deviceOf) : undefined),
    ...given(
      'AdditionalDeviceNamespace',
      deviceExtensions.length > 0 ? { device_extension: deviceExtensions } : undefined,
    ),
    ...registryChanges(options.registry, [
      ...(options.gracefulStop === true ? [waitToKillService] : []),
      ...(options.dumps ? dumpValues(options.dumps) : []),
    ]),
  };
}

function storageOf({ scratch, layers, privilegedRoot }: Place, qos: StorageQoSOptions | undefined): Schema2.Storage {
  return {
    Path: scratch,
    Layers: layers.map(({ id, path }) => ({ Id: id, Path: path })),
    ...given('QoS', qos && storageQoS(qos)),
    ...given('PrivilegedContainerRootPath', privilegedRoot),
  };
}

export function storageQoS({ iopsMaximum, bandwidthMaximum }: StorageQoSOptions): Schema2.StorageQoS {
  return { ...given('IopsMaximum', iopsMaximum), ...given('BandwidthMaximum', bandwidthMaximum) };
}

function processorOf({ count, limit, weight }: ContainerCpu): Schema2.Container_Processor {
  return { ...given('Count', count), ...given('Maximum', limit), ...given('Weight', weight) };
}

function directoryOf(mount: MountOptions, index: number): Schema2.MappedDirectory {
  for (const name of ['iopsMaximum', 'bandwidthMaximum'] as const) {
    if (mount[name] === undefined) continue;
    const field = `options.mounts[${index}].${name}`;
    throw new HcsArgumentError(
      field,
      'must not be used with schema 2',
      mount[name],
      'Limit the whole storage: storageQoS.',
    );
  }
  return {
    HostPath: mount.hostPath,
    ContainerPath: mount.containerPath,
    ...given('ReadOnly', mount.readOnly === true ? true : undefined),
    ...given('SupportCloudFiles', mount.supportCloudFiles === true ? true : undefined),
  };
}

/** The same in either schema. */
export function pipeOf({ hostPath, containerPipeName }: PipeOptions) {
  return { HostPath: hostPath, ContainerPipeName: bareName(containerPipeName ?? hostPath) };
}

/** The list as one text, which both schemas have. */
export function searchListOf({ dnsSearchList = [] }: NetworkOptions): string | undefined {
  return dnsSearchList.length > 0 ? dnsSearchList.join(',') : undefined;
}

function networkingOf(network: NetworkOptions): Schema2.Networking {
  const { namespace, endpoints = [], sharedContainer, allowUnqualifiedDnsQuery } = network;
  if (endpoints.length > 0 && namespace === undefined) {
    const remedy = 'Put the endpoints into a network namespace, and pass its id as namespace.';
    throw new HcsArgumentError('options.network.endpoints', 'must not be used with schema 2', endpoints, remedy);
  }
  return {
    ...given('AllowUnqualifiedDnsQuery', allowUnqualifiedDnsQuery === true ? true : undefined),
    ...given('DnsSearchList', searchListOf(network)),
    ...given('NetworkSharedContainerName', sharedContainer),
    ...given('Namespace', namespace),
  };
}

function guardOf(credentials: ContainerOptions['credentials']): Schema2.ContainerCredentialGuardState | undefined {
  if (typeof credentials !== 'string') return credentials;
  const remedy =
    'Have the service make an instance of it (ContainerCredentialGuard, AddInstance), and pass its CredentialGuard.';
  const requirement = 'must not be a credential specification with schema 2';
  throw new HcsArgumentError('options.credentials', requirement, notShown, remedy);
}

// A class has no Type: hosts below 2.2 do not know the member.
function deviceOf(device: DeviceOptions): Schema2.Device {
  if ('interfaceClass' in device) return { InterfaceClassGuid: device.interfaceClass };
  if ('locationPath' in device) return { Type: 'DeviceInstance', LocationPath: device.locationPath };
  return { Type: 'GpuMirror' };
}

function dumpValues({ folder, type = 'full', count = 10 }: DumpOptions): readonly RegistryValue[] {
  const key = { hive: 'Software', key: 'Microsoft\\Windows\\Windows Error Reporting\\LocalDumps' } as const;
  return [
    { ...key, name: 'DumpFolder', value: folder },
    { ...key, name: 'DumpType', value: type === 'mini' ? 1 : 2 },
    { ...key, name: 'DumpCount', value: count },
  ];
}
