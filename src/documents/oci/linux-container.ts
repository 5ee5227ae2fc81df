/**
 * A Linux container from an OCI configuration: the configuration itself, as its VM is to have it.
 *
 * @module
 */
import type { HostedDocument } from '../../../types/documents.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { given } from '../builders/envelope.js';
import { guestFolder, linuxContainer as buildContainer } from '../builders/linux-container.js';
import { names } from './annotations.js';
import type { Config } from './config.js';
import { built } from './convert.js';
import type { OciMount } from './mounts.js';
import type { OciOptions } from './oci-options.js';
import { hostingSystemOf } from './windows-container.js';

type Json = Record<string, unknown>;

const removed = 'has no effect in the VM of a Linux container, and is left out';

/** Members that the guest does not honour. */
const unsupported = ['devices', 'pids', 'blockIO', 'hugepageLimits', 'network'];

export function linuxContainer(config: Config, options: OciOptions): HostedDocument {
  if (options.schema === 1) {
    const remedy =
      'Use schema 2, or documents.linuxContainer({ schema: 1, ... }) and an OCI specification in its process.';
    throw new HcsArgumentError('options.schema', 'must be 2 for an OCI configuration', options.schema, remedy);
  }
  const hostingSystemId = hostingSystemOf(config, options);
  const spec = {
    ...config.root,
    linux: linuxOf(config),
    mounts: config.items('mounts').map((_, index) => mountOf(config, index, options)),
    windows: windowsOf(config),
    hooks: undefined,
  };
  if (config.has('hooks')) config.note('is run by the runtime, on the host', 'hooks');
  const own = Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
  return built({}, () =>
    buildContainer({
      id: options.id,
      hostingSystemId,
      spec: own,
      ...given('owner', options.owner),
      ...given('scratchPath', options.scratchPath),
    }),
  );
}

function without(config: Config, object: Json, unwanted: readonly string[], ...steps: readonly string[]): Json {
  const left = Object.entries(object).filter(([name]) => !unwanted.includes(name));
  for (const name of unwanted) if (config.has(...steps, name)) config.note(removed, ...steps, name);
  return Object.fromEntries(left);
}

function linuxOf(config: Config): Json {
  const linux = without(config, config.value('linux') as Json, ['cgroupsPath'], 'linux');
  const resources = config.value('linux', 'resources') as Json | undefined;
  const privileged = config.annotatedFlag(names.privileged) === true;
  const own = privileged ? without(config, linux, ['seccomp'], 'linux') : linux;
  if (resources === undefined) return own;
  const kept = without(config, resources, unsupported, 'linux', 'resources');
  return { ...own, resources: { ...kept, ...given('cpu', timeOf(kept.cpu as Json | undefined)) } };
}

// A zero stands for the default of Linux.
function timeOf(cpu: Json | undefined): Json | undefined {
  if (cpu === undefined) return undefined;
  return {
    ...cpu,
    ...given('period', cpu.period === 0 ? 100_000 : undefined),
    ...given('quota', cpu.quota === 0 ? -1 : undefined),
  };
}

function windowsOf(config: Config): Json | undefined {
  const namespace = config.text('windows', 'network', 'networkNamespace');
  const devices = config.value('windows', 'devices');
  if (namespace === undefined && devices === undefined) return undefined;
  return {
    ...given('network', namespace === undefined ? undefined : { networkNamespace: namespace }),
    ...given('devices', devices),
  };
}

const inVm = /^(?:sandbox|sandbox-tmp|uvm|hugepages):\/\//;
const disks = ['virtual-disk', 'physical-disk', 'extensible-virtual-disk'];

// Folders and disks of the host are where the VM has them; what the guest mounts itself is passed on.
function mountOf(config: Config, index: number, { id, resolvePath }: OciOptions): Json {
  const mount = config.value('mounts', index) as Json;
  const type = config.text('mounts', index, 'type');
  const disk = type !== undefined && disks.includes(type);
  if (type !== 'bind' && !disk) return mount;
  const destination = config.required('mounts', index, 'destination');
  const source = config.required('mounts', index, 'source');
  if (inVm.test(source)) return checkedPages(config, index, source, mount);
  const readOnly = config.texts('mounts', index, 'options').some((option) => option.toLowerCase() === 'ro');
  const known: OciMount = { source, destination, type, readOnly };
  if (!disk) return { ...mount, source: resolvePath?.(known) ?? `${guestFolder(id)}/mounts/m${index}` };
  if (resolvePath) {
    return { ...mount, type: destination.startsWith('blockdev://') ? 'bind' : 'none', source: resolvePath(known) };
  }
  const remedy = 'Attach it to the VM, and return its path in the VM from resolvePath.';
  throw config.error(['mounts', index, 'source'], 'must not be a disk of the host', source, remedy);
}

function checkedPages(config: Config, index: number, source: string, mount: Json): Json {
  if (!source.startsWith('hugepages://') || /^hugepages:\/\/2M\/./.test(source)) return mount;
  throw config.error(['mounts', index, 'source'], 'must be hugepages://2M/NAME', source);
}
