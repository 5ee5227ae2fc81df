/**
 * A Windows container from an OCI configuration.
 *
 * @module
 */
import { notShown } from '../../errors/errors.js';
import type { SystemDocument } from '../../../types/documents.js';
import { given } from '../builders/envelope.js';
import { hostedContainer } from '../builders/hosted-container.js';
import { hyperVIsolated } from '../builders/hyperv-isolated.js';
import { processIsolated } from '../builders/process-isolated.js';
import type { ContainerOptions, DeviceOptions, NetworkOptions } from '../builders/container-options.js';
import { dumpsOf, isDisabled, limitsOf, loweredCount, names, numberOf, sandboxOf } from './annotations.js';
import type { Config } from './config.js';
import type { Origins } from './convert.js';
import { built } from './convert.js';
import { mountsOf } from './mounts.js';
import type { OciOptions } from './oci-options.js';
import { registryAnnotation } from './registry-annotation.js';

const origins: Origins = {
  'options.scratchVolume': 'root.path',
  'options.scratchPath': 'root.path',
  'options.hostname': 'hostname',
  'options.memoryMiB': 'windows.resources.memory.limit',
  'options.cpu': 'windows.resources.cpu',
  'options.storageQoS': 'windows.resources.storage',
  'options.network.namespace': 'windows.network.networkNamespace',
  'options.network.endpoints': 'windows.network.endpointList',
  'options.network.sharedContainer': 'windows.network.networkSharedContainerName',
  'options.network.dnsSearchList': 'windows.network.DNSSearchList',
  'options.devices': 'windows.devices',
  'options.credentials': 'windows.credentialSpec',
  'options.image': 'windows.hyperv.utilityVMPath',
  'options.scratchFolder': 'windows.layerFolders',
  'options.dumps': `annotations["${names.dumpFolder}"]`,
};

export function windowsContainer(config: Config, options: OciOptions): SystemDocument {
  if (!config.has('windows')) throw config.error(['windows'], 'must be set, or linux for a Linux container', undefined);
  if (config.flag('root', 'readonly')) {
    throw config.error(['root', 'readonly'], 'must not be true for a Windows container', true, 'Leave it out.');
  }
  const folders = config.texts('windows', 'layerFolders');
  const isolated = config.has('windows', 'hyperv');
  const hostProcess = hostProcessOf(config, isolated);
  if (isolated && options.schema === 1) return oneDocument(config, options, folders.at(-1));
  return isolated ? hosted(config, options, hostProcess) : onHost(config, options);
}

function onHost(config: Config, options: OciOptions): SystemDocument {
  const { mounts, pipes, origins: ofMounts } = mountsOf(config, undefined, options.resolvePath);
  const scratchVolume = rootOf(config, options);
  const common = { ...containerOf(config, options), schema: options.schema, mounts, pipes, layers: layersOf(options) };
  const ignore = given('ignoreFlushesDuringBoot', options.schema === 1 ? ignoresFlushes(config) : undefined);
  return built({ ...origins, ...ofMounts }, () => processIsolated({ ...common, ...ignore, scratchVolume }));
}

function oneDocument(config: Config, options: OciOptions, scratchFolder: string | undefined): SystemDocument {
  const { mounts, pipes, origins: ofMounts } = mountsOf(config, undefined, options.resolvePath);
  const image = config.required('windows', 'hyperv', 'utilityVMPath');
  const common = { ...containerOf(config, options), mounts, pipes, layers: layersOf(options), image };
  const ignore = given('ignoreFlushesDuringBoot', ignoresFlushes(config));
  return built({ ...origins, ...ofMounts }, () =>
    hyperVIsolated({ ...common, ...ignore, ...given('scratchFolder', scratchFolder), schema: 1 }),
  );
}

function hosted(config: Config, options: OciOptions, hostProcess: boolean | string): SystemDocument {
  const hostingSystemId = hostingSystemOf(config, options);
  const { mounts, pipes, origins: ofMounts } = mountsOf(config, hostingSystemId, options.resolvePath);
  config.value('windows', 'hyperv'); // of the VM
  const scratchPath = rootOf(config, options);
  const common = { ...containerOf(config, options), mounts, pipes, layers: layersOf(options) };
  return built({ ...origins, ...ofMounts }, () =>
    hostedContainer({ ...common, hostingSystemId, scratchPath, hostProcess }),
  );
}

// Runtimes that mount the writable layer themselves have no path for it.
function rootOf(config: Config, { scratchPath }: OciOptions): string {
  const given = config.text('root', 'path') ?? scratchPath;
  if (given !== undefined) return given;
  const remedy = 'Set it, or pass the path of the mounted writable layer as scratchPath.';
  throw config.error(['root', 'path'], 'must be a non-empty string', undefined, remedy);
}

/** The VM of the pod, or the one that hcsshim would make for the container. */
export function hostingSystemOf(config: Config, options: OciOptions): string {
  return options.hostingSystemId ?? `${sandboxOf(config) ?? options.id}@vm`;
}

function layersOf({ parentLayers }: OciOptions) {
  return parentLayers.map(({ Id, Path }) => ({ id: Id, path: Path }));
}

function ignoresFlushes(config: Config): true | undefined {
  return config.flag('windows', 'ignoreFlushesDuringBoot') || undefined;
}

// What is the same wherever the container runs.
function containerOf(config: Config, options: OciOptions): ContainerOptions & { readonly owner?: string } {
  const { memoryMiB, cpu, storageQoS } = limitsOf(config);
  sandboxOf(config);
  return {
    id: options.id,
    ...given('owner', options.owner),
    ...given('hostname', config.text('hostname')),
    ...given('memoryMiB', memoryMiB),
    // Present even if it is empty, as in the documents of hcsshim.
    cpu: {
      ...given('count', loweredCount(config, cpu.count, options.processorCount)),
      ...given('limit', numberOf(cpu.limit)),
      ...given('weight', numberOf(cpu.weight)),
    },
    ...given('storageQoS', storageQoS),
    ...given('network', networkOf(config, options)),
    ...given('credentials', credentialsOf(config, options)),
    ...given('devices', devicesOf(config)),
    ...(options.schema === 2 ? ofSchema2(config, options) : {}),
  };
}

function ofSchema2(config: Config, options: OciOptions): Partial<ContainerOptions> {
  if (config.has('annotations', names.deviceExtensions) && options.deviceExtensions === undefined) {
    config.note('names files: pass what they hold as deviceExtensions', 'annotations', names.deviceExtensions);
  }
  return {
    gracefulStop: true,
    ...given('dumps', dumpsOf(config, options.id)),
    registry: { set: registryAnnotation(config, names.registry) },
    ...given('deviceExtensions', options.deviceExtensions),
  };
}

function networkOf(config: Config, { schema }: OciOptions): NetworkOptions | undefined {
  const steps = ['windows', 'network'];
  if (!config.has(...steps)) return undefined;
  const namespace = config.text(...steps, 'networkNamespace');
  const endpoints = config.texts(...steps, 'endpointList');
  if (schema === 1 && namespace !== undefined) {
    config.note('is of schema 2: schema 1 takes the endpoints', ...steps, 'networkNamespace');
  }
  if (schema === 2 && endpoints.length > 0) {
    config.note('is of schema 1: add the endpoints to the network namespace', ...steps, 'endpointList');
  }
  const dnsSearchList = config.texts(...steps, 'DNSSearchList');
  return {
    ...(schema === 1
      ? given('endpoints', endpoints.length > 0 ? endpoints : undefined)
      : given('namespace', namespace)),
    ...given('sharedContainer', config.text(...steps, 'networkSharedContainerName')),
    dnsSearchList,
    allowUnqualifiedDnsQuery: config.flag(...steps, 'allowUnqualifiedDNSQuery'),
  };
}

function credentialsOf(config: Config, options: OciOptions): ContainerOptions['credentials'] {
  const steps = ['windows', 'credentialSpec'];
  const given = config.value(...steps);
  if (given === undefined) return undefined;
  if (isDisabled(config, names.disableGmsa)) {
    throw config.error(steps, `must be absent with ${names.disableGmsa}`, notShown, 'Leave one of them out.');
  }
  if (options.schema === 1) return typeof given === 'string' ? given : JSON.stringify(given);
  if (options.credentialGuard === undefined) {
    config.note('has to become an instance of the service: pass its CredentialGuard as credentialGuard', ...steps);
  }
  return options.credentialGuard;
}

function devicesOf(config: Config): readonly DeviceOptions[] | undefined {
  const devices = config.items('windows', 'devices').map((_, index) => {
    const id = config.required('windows', 'devices', index, 'id');
    const type = config.text('windows', 'devices', index, 'idType') ?? '';
    if (type === 'vpci-location-path') return { locationPath: id };
    if (type === 'class' || type === 'vpci-class-guid') return { interfaceClass: id };
    const requirement = 'must be "class", "vpci-class-guid" or "vpci-location-path"';
    const remedy = 'Assign other devices to the VM first.';
    throw config.error(['windows', 'devices', index, 'idType'], requirement, type, remedy);
  });
  return devices.length > 0 ? devices : undefined;
}

function hostProcessOf(config: Config, isolated: boolean): boolean | string {
  if (config.annotation(names.hostProcess) !== 'true') return false;
  const steps = ['annotations', names.hostProcess];
  if (isDisabled(config, names.disableHostProcess)) {
    throw config.error(steps, `must not be true with ${names.disableHostProcess}`, true, 'Leave one of them out.');
  }
  if (isolated) return config.annotation(names.hostProcessRoot) ?? true;
  const remedy = 'Run it in a job object of your own, or with windows.hyperv.';
  const requirement = 'must not be true outside a VM: HCS has no document for such a container on the host';
  throw config.error(steps, requirement, true, remedy);
}
