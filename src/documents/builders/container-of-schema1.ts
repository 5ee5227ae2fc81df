/**
 * A Windows container in the spelling of schema 1.
 *
 * @module
 */
import type * as Schema1 from '../../../types/schema1/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { refuse } from './option-checks.js';
import type {
  ContainerOptions,
  DeviceOptions,
  LayerOptions,
  MountOptions,
  NetworkOptions,
} from './container-options.js';
import { pipeOf, searchListOf } from './container-of-schema2.js';
import type { SchemaChoice, SystemOptions } from './envelope.js';
import { buildOf, defaultOwner, given, needBuild } from './envelope.js';

type Options = ContainerOptions & SystemOptions & SchemaChoice & { readonly ignoreFlushesDuringBoot?: boolean };

/** What all Windows containers of schema 1 have in common. */
export function configOf(options: Options, layers: readonly LayerOptions[]) {
  const ofSchema2 = ['schemaVersion', 'registry', 'gracefulStop', 'dumps', 'deviceExtensions'];
  refuse(options, ofSchema2, 'Use schema 2, from build 17763, or leave it out.');
  const { cpu, network, storageQoS, mounts = [], pipes = [], devices = [] } = options;
  if (pipes.length > 0) needBuild('options.pipes', buildOf(1, 'ContainerConfig', 'MappedPipes'), options);
  if (devices.length > 0) needBuild('options.devices', buildOf(1, 'ContainerConfig', 'AssignedDevices'), options);
  return {
    SystemType: 'Container',
    Name: options.id,
    Owner: options.owner ?? defaultOwner,
    Layers: layers.map(({ id, path }) => ({ ID: id, Path: path })),
    ...given('IgnoreFlushesDuringBoot', options.ignoreFlushesDuringBoot),
    ...given('HostName', options.hostname),
    ...given('ProcessorCount', cpu?.count),
    ...given('ProcessorMaximum', cpu?.limit),
    ...given('ProcessorWeight', cpu?.weight),
    ...given('MemoryMaximumInMB', options.memoryMiB),
    ...given('StorageIOPSMaximum', storageQoS?.iopsMaximum),
    ...given('StorageBandwidthMaximum', storageQoS?.bandwidthMaximum),
    ...given('MappedDirectories', mounts.length > 0 ? mounts.map(directoryOf) : undefined),
    ...given('MappedPipes', pipes.length > 0 ? pipes.map(pipeOf) : undefined),
    ...given('AssignedDevices', devices.length > 0 ? devices.map(deviceOf) : undefined),
    ...given('Credentials', specificationOf(options.credentials)),
    ...given('TerminateOnLastHandleClosed', options.terminateOnLastHandleClosed),
    ...(network ? networkOf(network) : {}),
  } satisfies Schema1.ContainerConfig;
}

// All members are written, as both clients of Microsoft do.
function directoryOf(mount: MountOptions, index: number): Schema1.MappedDir {
  const remedy = 'Use schema 2.3, or leave it out.';
  refuse(mount, ['supportCloudFiles'], remedy, `options.mounts[${index}]`);
  return {
    HostPath: mount.hostPath,
    ContainerPath: mount.containerPath,
    ReadOnly: mount.readOnly ?? false,
    BandwidthMaximum: mount.bandwidthMaximum ?? 0,
    IOPSMaximum: mount.iopsMaximum ?? 0,
    CreateInUtilityVM: false,
  };
}

function networkOf(network: NetworkOptions): Partial<Schema1.ContainerConfig> {
  const { namespace, endpoints, sharedContainer, allowUnqualifiedDnsQuery } = network;
  if (namespace !== undefined && endpoints === undefined) {
    const remedy = 'Pass the endpoints themselves, as endpoints.';
    throw new HcsArgumentError('options.network.namespace', 'must not be used with schema 1', namespace, remedy);
  }
  return {
    ...given('NetworkSharedContainerName', sharedContainer),
    ...given('EndpointList', endpoints),
    ...given('AllowUnqualifiedDNSQuery', allowUnqualifiedDnsQuery === true ? true : undefined),
    ...given('DNSSearchList', searchListOf(network)),
  };
}

function deviceOf(device: DeviceOptions, index: number): Schema1.AssignedDevice {
  if ('interfaceClass' in device) return { InterfaceClassGuid: device.interfaceClass };
  const remedy = 'Name the class of the device, or use schema 2.2.';
  throw new HcsArgumentError(`options.devices[${index}]`, 'must be a class of devices with schema 1', device, remedy);
}

function specificationOf(credentials: ContainerOptions['credentials']): string | undefined {
  if (credentials === undefined || typeof credentials === 'string') return credentials;
  const remedy = 'Pass the credential specification itself, as text.';
  throw new HcsArgumentError('options.credentials', 'must be a string with schema 1', credentials, remedy);
}
