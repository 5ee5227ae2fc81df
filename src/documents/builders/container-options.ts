/**
 * What can be asked of a Windows container, whatever isolates it.
 *
 * @module
 */
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import type { Check, Members } from './option-checks.js';
import { exactlyOne, flag, list, members, oneOf, onlyTrue, plain, text, whole } from './option-checks.js';
import { guid, hostname, pipeName, pipePath, systemId, uint32, uint64 } from './names-and-paths.js';
import type { RegistryOptions } from './registry.js';
import { registryCheck } from './registry.js';

/** A read-only layer. */
export interface LayerOptions {
  /** The GUID that HCS makes from the name of the layer's folder. */
  readonly id: string;
  /** The folder, or the disk file of a Linux layer of schema 1. */
  readonly path: string;
}

/** A folder that the container sees. */
export interface MountOptions {
  /** Absolute, and without a symbolic link on the way. */
  readonly hostPath: string;
  readonly containerPath: string;
  readonly readOnly?: boolean;
  /** Serves placeholders of cloud storage as if they were there; schema 2.3. */
  readonly supportCloudFiles?: boolean;
  /** Operations per second; schema 1. */
  readonly iopsMaximum?: number;
  /** Bytes per second; schema 1. */
  readonly bandwidthMaximum?: number;
}

/** A named pipe that the container sees; from build 16299. */
export interface PipeOptions {
  /** The whole path on the host, such as `\\.\pipe\docker_engine`. */
  readonly hostPath: string;
  /** The name inside; that of the host's pipe when left out. */
  readonly containerPipeName?: string;
}

/** How much of the processors a container may use: one of the three, except for Hyper-V isolation in schema 1. */
export interface ContainerCpu {
  /** The time of so many processors. */
  readonly count?: number;
  /** Hundredths of a percent of all processors that the container sees, from 1 to 10000. */
  readonly limit?: number;
  /** Share beside other containers, from 1 to 10000; the host's default is 100. */
  readonly weight?: number;
}

/** Limits of the storage. */
export interface StorageQoSOptions {
  /** Operations per second. */
  readonly iopsMaximum?: number | bigint;
  /** Bytes per second. */
  readonly bandwidthMaximum?: number | bigint;
}

/** The network of a container. */
export interface NetworkOptions {
  /** Schema 2: the id of the network namespace that has the endpoints. */
  readonly namespace?: string;
  /** Schema 1: ids of the endpoints, which the host attaches itself. */
  readonly endpoints?: readonly string[];
  /** The id of the container whose network this one shares instead. */
  readonly sharedContainer?: string;
  readonly dnsSearchList?: readonly string[];
  readonly allowUnqualifiedDnsQuery?: boolean;
}

/** A device of the host: a class of them, a single one, or the host's graphics. Schema 1 has classes only. */
export type DeviceOptions =
  | { readonly interfaceClass: string }
  /** Such as `PCIROOT(0)#PCI(0300)`. */
  | { readonly locationPath: string }
  | { readonly gpuMirror: true };

/** Dumps of processes that crash, written inside the container. */
export interface DumpOptions {
  readonly folder: string;
  /** `full` when left out. */
  readonly type?: 'mini' | 'full';
  /** How many are kept; 10 when left out. */
  readonly count?: number;
}

/** Options of every Windows container. */
export interface ContainerOptions {
  /** The id that the container is to be created with. */
  readonly id: string;
  readonly hostname?: string;
  /** A limit in MiB; nothing is reserved. */
  readonly memoryMiB?: number | bigint;
  readonly cpu?: ContainerCpu;
  readonly mounts?: readonly MountOptions[];
  readonly pipes?: readonly PipeOptions[];
  readonly network?: NetworkOptions;
  readonly storageQoS?: StorageQoSOptions;
  readonly devices?: readonly DeviceOptions[];
  /**
   * What lets the container act as a group managed service account: in schema 1 the credential specification, in schema 2
   * the `CredentialGuard` that the service made of it.
   */
  readonly credentials?: string | Schema2.ContainerCredentialGuardState;
  /** Changes to its registry; schema 2. */
  readonly registry?: RegistryOptions;
  /** Keeps Windows from ending a graceful stop after five seconds; schema 2. */
  readonly gracefulStop?: boolean;
  /** Schema 2. */
  readonly dumps?: DumpOptions;
  /** Device extensions in the spelling of HCS; schema 2.3 and build 20348. */
  readonly deviceExtensions?: readonly Schema2.DeviceExtension[];
}

export const layerCheck = members<LayerOptions>({ id: guid, path: text }, 'id', 'path');

/** At least one read-only layer. */
export function layersCheck(layer: Check): Check {
  return (value, field) => {
    list(layer)(value, field);
    if ((value as unknown[]).length > 0) return;
    throw new HcsArgumentError(field, 'must be a non-empty array of read-only layers, the topmost first', value);
  };
}

export const mountChecks: Members<MountOptions> = {
  hostPath: text,
  containerPath: text,
  readOnly: flag,
  supportCloudFiles: flag,
  iopsMaximum: uint64,
  bandwidthMaximum: uint64,
};

const cpuMembers = members<ContainerCpu>({
  count: whole(1, 2 ** 31 - 1),
  limit: whole(1, 10000),
  weight: whole(1, 10000),
});

/** At most one limit. */
export const cpuCheck: Check = (value, field) => {
  cpuMembers(value, field);
  const [first, second] = Object.entries(value as object).flatMap(([name, limit]) =>
    limit === undefined ? [] : [name],
  );
  if (second === undefined) return;
  throw new HcsArgumentError(field, `must not have both ${first} and ${second}`, value);
};

/** Limits that may be combined. */
export const machineLikeCpuCheck: Check = cpuMembers;

export const storageCheck = members<StorageQoSOptions>({ iopsMaximum: uint64, bandwidthMaximum: uint64 });

const networkCheck = members<NetworkOptions>({
  namespace: guid,
  endpoints: list(guid),
  sharedContainer: text,
  dnsSearchList: list(text),
  allowUnqualifiedDnsQuery: flag,
});

const deviceMembers = members<{ interfaceClass?: string; locationPath?: string; gpuMirror?: true }>({
  interfaceClass: guid,
  locationPath: text,
  gpuMirror: onlyTrue,
});

const deviceCheck: Check = (value, field) => {
  deviceMembers(value, field);
  exactlyOne(value, field, 'interfaceClass', 'locationPath', 'gpuMirror');
};

const credentialState = members<Schema2.ContainerCredentialGuardState>(
  { Cookie: text, RpcEndpoint: text, Transport: oneOf('LRPC', 'HvSocket'), CredentialSpec: text },
  ...(['Cookie', 'RpcEndpoint'] as const),
);

const credentialsCheck: Check = (value, field) => (typeof value === 'string' ? text : credentialState)(value, field);

export const containerChecks: Members<ContainerOptions> = {
  id: systemId,
  hostname,
  memoryMiB: whole(1, 2n ** 63n - 1n),
  cpu: cpuCheck,
  mounts: list(members<MountOptions>(mountChecks, 'hostPath', 'containerPath')),
  pipes: list(members<PipeOptions>({ hostPath: pipePath, containerPipeName: pipeName }, 'hostPath')),
  network: networkCheck,
  storageQoS: storageCheck,
  devices: list(deviceCheck),
  credentials: credentialsCheck,
  registry: registryCheck,
  gracefulStop: flag,
  dumps: members<DumpOptions>({ folder: text, type: oneOf('mini', 'full'), count: uint32 }, 'folder'),
  deviceExtensions: list(plain),
};
