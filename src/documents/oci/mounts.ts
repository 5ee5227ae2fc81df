/**
 * Mounts of Windows containers: folders, pipes and disks.
 *
 * @module
 */
import type { MountOptions } from '../builders/container-options.js';
import { quoted } from '../../shortened.js';
import { given } from '../builders/envelope.js';
import { isPipe } from '../builders/names-and-paths.js';
import type { HostedPipeOptions } from '../builders/hosted-container.js';
import { withoutTrailing } from '../../trailing.js';
import type { Config } from './config.js';
import type { Origins } from './convert.js';

/** A mount of the configuration, for whoever knows where it is. */
export interface OciMount {
  readonly source: string;
  readonly destination: string;
  readonly type?: string;
  readonly readOnly: boolean;
}

/** Where a mount is, as seen by what runs the container: the host, or the utility VM. */
export type ResolvePath = (mount: OciMount) => string;

/** Mounts and pipes, and where each comes from. */
export interface Mounts {
  readonly mounts: readonly MountOptions[];
  readonly pipes: readonly HostedPipeOptions[];
  readonly origins: Origins;
}

const inVm = 'uvm://';
const inSandbox = 'sandbox://';
const disks = ['virtual-disk', 'physical-disk', 'extensible-virtual-disk'];

/** `vmId` is that of the VM, for a container in one. */
export function mountsOf(config: Config, vmId: string | undefined, resolve: ResolvePath | undefined): Mounts {
  const mounts: MountOptions[] = [];
  const pipes: HostedPipeOptions[] = [];
  const origins: Record<string, string> = {};
  for (const index of config.items('mounts').keys()) {
    const mount = readMount(config, index);
    if (isPipe(mount.source.replace(inVm, '')) || isPipe(mount.destination)) {
      origins[`options.pipes[${pipes.length}]`] = `mounts[${index}]`;
      pipes.push(pipeOf(config, index, mount, vmId));
    } else {
      origins[`options.mounts[${mounts.length}]`] = `mounts[${index}]`;
      mounts.push({
        hostPath: vmId === undefined ? onHost(config, index, mount, resolve) : inGuest(config, index, mount, resolve),
        containerPath: targetOf(config, index, mount.destination),
        ...given('readOnly', mount.readOnly || undefined),
      });
    }
  }
  return { mounts, pipes, origins };
}

// In the one form that hosts take: backslashes, a folder of drive C or a whole drive. What cannot be written so is refused.
function targetOf(config: Config, index: number, destination: string): string {
  const path = withoutTrailing(
    destination
      .replaceAll('/', '\\')
      .replace(/^\\(?!\\)/, 'C:\\')
      .replace(/^([A-Za-z]:)\\?\.$/, '$1'),
    '\\',
  );
  if (/^[ABD-Zabd-z]:\\/.test(path)) {
    const remedy = `Mount ${path.slice(0, 2)} as a whole, or a folder of C:.`;
    throw config.error(
      ['mounts', index, 'destination'],
      'must be a folder of C:, or a whole drive',
      destination,
      remedy,
    );
  }
  if (path !== destination) config.note(`is written as ${quoted(path)}`, 'mounts', index, 'destination');
  return path;
}

/** One mount. Options that have no place in a document are noted. */
export function readMount(config: Config, index: number): OciMount {
  const options = config.texts('mounts', index, 'options').map((option) => option.toLowerCase());
  options.forEach((option, at) => {
    if (!['ro', 'rw', 'bind', 'rbind'].includes(option))
      config.note('has no place in a mapped directory', 'mounts', index, 'options', at);
  });
  return {
    source: config.required('mounts', index, 'source'),
    destination: config.required('mounts', index, 'destination'),
    ...given('type', config.text('mounts', index, 'type')),
    readOnly: options.includes('ro'),
  };
}

function pipeOf(config: Config, index: number, mount: OciMount, vmId: string | undefined): HostedPipeOptions {
  const { source, destination } = mount;
  if (!isPipe(destination))
    throw config.error(
      ['mounts', index, 'destination'],
      'must be a pipe, \\\\.\\pipe\\NAME, as the source is',
      destination,
    );
  if (isPipe(source)) return { hostPath: source, containerPipeName: destination };
  if (!source.startsWith(inVm))
    throw config.error(['mounts', index, 'source'], 'must be a pipe, \\\\.\\pipe\\NAME, as the destination is', source);
  if (vmId === undefined) throw noVm(config, index, source);
  // The guest keeps the pipes of a pod in a folder of the pod's own.
  const name = source.slice(`${inVm}\\\\.\\pipe\\`.length);
  return { hostPath: `\\\\.\\pipe\\${vmId.replace(/@vm$/, '')}\\${name}`, containerPipeName: destination, inVm: true };
}

function noVm(config: Config, index: number, source: string) {
  return config.error(['mounts', index, 'source'], 'must be a path of the host for a container outside a VM', source);
}

function onHost(config: Config, index: number, mount: OciMount, resolve: ResolvePath | undefined): string {
  const { source, type = 'bind' } = mount;
  if (type !== 'bind') {
    const remedy = 'Such a container supports folders and pipes only.';
    throw config.error(['mounts', index, 'type'], 'must be "bind" for a process-isolated container', type, remedy);
  }
  if (source.startsWith(inVm) || source.startsWith(inSandbox)) throw noVm(config, index, source);
  return resolve ? resolve(mount) : source;
}

function inGuest(config: Config, index: number, mount: OciMount, resolve: ResolvePath | undefined): string {
  const { source, type = 'bind' } = mount;
  if (type !== 'bind' && !disks.includes(type)) {
    throw config.error(['mounts', index, 'type'], 'must be "bind", or the type of a disk', type);
  }
  if (source.startsWith(inSandbox)) {
    const below = source
      .slice(inSandbox.length)
      .replace(/^[\\/]+/, '')
      .replaceAll('/', '\\');
    return `C:\\SandboxMounts\\${below}`;
  }
  if (source.startsWith(inVm))
    throw config.error(['mounts', index, 'source'], 'must be sandbox:// for a folder of the VM', source);
  if (resolve) return resolve(mount);
  const remedy = 'Share it with the VM, and return its path in the VM from resolvePath.';
  throw config.error(
    ['mounts', index, 'source'],
    'must not be a path of the host for a container in a VM',
    source,
    remedy,
  );
}
